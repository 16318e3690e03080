// Children, messages between cases, the end of a case.
#include <gmock/gmock.h>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::Value;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kParent = R"(
data: {things: {type: list, of: {type: text}}, log_: {type: text, default: ''}}
states:
  waiting:
    entry: [{start: {workflow: check, as: checks, for_each: things, data: {name: item}}}]
    on:
      child.ended: {do: [{assign: {log_: "log_ + event.data.item + '=' + event.data.outcome + ';'"}}]}
      children.checks.done: done
      poke: {do: [{send: {event: hurry, to: {children: checks}}}]}
  done: {final: true, outcome: all, result: {closed: "children.checks.outcomes['closed']"}}
)";

Map Items() { return Map({{"things", Value(model::List{"a", "b"})}}); }

TEST(Children, OneEachJoinWhenAllHaveEnded) {
  World world(kParent);
  ASSERT_TRUE(world.Start("system", Items()));
  ASSERT_EQ(world.state().children.size(), 2u);
  EXPECT_EQ(world.state().children[0].id.value, 5000u);
  EXPECT_EQ(world.state().children[1].id.value, 5001u);
  EXPECT_EQ(world.state().children[1].item, "b");
  const auto* started = world.Find<model::ChildStarted>();
  EXPECT_EQ(started->workflow, "check");
  EXPECT_EQ(started->data, Map({{"name", "a"}}));
  const model::Ordinal first = world.state().children[0].ordinal;
  ASSERT_TRUE(world.Do("system", model::ReportChild{first, "closed", {}}));
  EXPECT_THAT(world.Active(), ElementsAre("waiting"));
  const auto again = world.Do("system", model::ReportChild{first, "closed", {}});
  ASSERT_TRUE(again);
  EXPECT_THAT(again->events, IsEmpty());
  ASSERT_TRUE(
      world.Do("system", model::ReportChild{world.state().children[1].ordinal, "closed", {}}));
  EXPECT_EQ(world.state().outcome, "all");
  EXPECT_EQ(world.Field("log_"), Value("a=closed;b=closed;"));
  EXPECT_EQ(world.Find<model::CaseEnded>()->result, Map({{"closed", 2}}));
  EXPECT_EQ(world.Find<model::CaseEnded>()->ordinal, 0u) << "nobody to report to";
}

TEST(Children, NoneIsAllOfThem) {
  World world(kParent);
  ASSERT_TRUE(world.Start("system", Map({{"things", Value(model::List{})}})));
  EXPECT_TRUE(world.state().children.empty());
  EXPECT_THAT(world.Active(), ElementsAre("done"));
  EXPECT_TRUE(world.Find<model::CaseEnded>()->result.empty()) << "its expression failed";
}

TEST(Children, MessagesGoToThoseThatAreOpen) {
  World world(kParent);
  ASSERT_TRUE(world.Start("system", Items()));
  ASSERT_TRUE(
      world.Do("system", model::ReportChild{world.state().children[0].ordinal, "closed", {}}));
  ASSERT_TRUE(world.Send("system", "poke"));
  ASSERT_EQ(world.Count<model::MessageSent>(), 1u);
  EXPECT_EQ(world.Find<model::MessageSent>()->to.value, 5001u);
}

TEST(Children, CountsAreThereBeforeTheFirstIsStarted) {
  World world(R"(
states:
  s:
    on: {go: {do: [{start: {workflow: w}}]}}
    always: {when: "children.w.total == 1 && children.w.open == 1 && children.w.ended == 0", to: e}
  e: {final: true}
)");
  ASSERT_TRUE(world.Start());
  EXPECT_THAT(world.Active(), ElementsAre("s"));
  EXPECT_EQ(world.Count<model::Logged>(), 0u);
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_THAT(world.Active(), ElementsAre("e"));
}

TEST(End, ReportsToTheParentAndClosesWhatIsOpen) {
  World world(R"(
states:
  s:
    task: {title: t, for: {person: a}}
    entry: [{send: {event: later, after: 1 days}}, {send: {event: up, to: parent}}]
    on: {submitted: e, stop: e}
  e: {final: true, exit: [{log: "'bye'"}]}
)");
  world.parent = {{42}, 7};
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(world.Find<model::MessageSent>()->to.value, 42u);
  ASSERT_TRUE(world.Send("system", "stop"));
  EXPECT_TRUE(world.state().ended);
  EXPECT_EQ(world.state().outcome, "e");
  EXPECT_THAT(world.state().timers, IsEmpty());
  EXPECT_THAT(world.state().rounds, IsEmpty());
  EXPECT_GT(world.Find<model::CaseEnded>()->ordinal, 0u);
  EXPECT_EQ(world.Find<model::Logged>()->text, "bye");
  EXPECT_THAT(world.Active(), ElementsAre("e"));
}

}  // namespace
}  // namespace duban::statechart
