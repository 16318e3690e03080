// What messages say and how urgent they are: never nothing, never what is confidential.
#include <gmock/gmock.h>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::Urgency;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string Telling(std::string_view notify) {
  return "data: {count: {type: int, default: 0}, place: text}\nstates:\n  a:\n    on:\n      "
         "tell:\n"
         "        to: b\n        by: {person: a}\n        do: [{notify: " +
         std::string(notify) + "}, {assign: {count: \"7\"}}]\n  b: {}\n";
}

model::Notification Tell(World& world) {
  EXPECT_TRUE(world.Start());
  EXPECT_TRUE(world.Send("a", "tell"));
  EXPECT_EQ(world.messages.size(), 1U);
  return world.messages.empty() ? model::Notification() : world.messages[0];
}

TEST(Message, WhatFailsInOneLanguageComesInTheOther) {
  World world(
      Telling(R"({to: {person: x}, subject: {zh: "第{{1 / count}}次", en: "Inspection"}})"));
  const model::Notification told = Tell(world);
  EXPECT_EQ(told.subject.In("zh"), "Inspection");
  EXPECT_EQ(world.Field("count"), model::Value(7)) << "the actions go on";
  EXPECT_EQ(world.Count<model::Logged>(), 1U) << "the history says what failed";
}

TEST(Message, WhatFailsInBothNamesTheCase) {
  World world(Telling(R"({to: {person: x}, subject: "{{1 / count}}", text: "{{1 / count}}"})"));
  const model::Notification told = Tell(world);
  const std::string id = world.state().id.ToString();
  EXPECT_EQ(told.subject, model::Text("【通知】test", "Notice: test"));
  EXPECT_THAT(told.body.zh, HasSubstr(id));
  EXPECT_THAT(told.body.en, HasSubstr(id));
}

TEST(Message, NothingToSayNamesTheCaseToo) {
  World world(Telling(R"({to: {person: x}, subject: "{{place}}"})"));
  EXPECT_THAT(Tell(world).body.zh, HasSubstr(world.state().id.ToString()));
}

TEST(Message, TheDefinitionSaysHowUrgentItIs) {
  const auto urgency = [](std::string_view key) {
    World world(Telling("{to: {person: x}, subject: s" + std::string(key) + "}"));
    return Tell(world).urgency;
  };
  EXPECT_EQ(urgency(""), Urgency::kNormal);
  EXPECT_EQ(urgency(", urgent: true"), Urgency::kUrgent);
  EXPECT_EQ(urgency(", urgent: false"), Urgency::kNormal);
  EXPECT_EQ(urgency(", urgency: digest"), Urgency::kDigest);
  EXPECT_EQ(urgency(", urgency: statutory"), Urgency::kStatutory);
}

// Task, reminder, overdue, escalation of a state with that deadline, in this order.
std::vector<Urgency> UrgenciesOf(std::string_view due) {
  World world("states:\n  doing:\n    task: {title: t, for: {person: a}}\n    due: {remind: 50%, " +
              std::string(due) +
              ", overdue: {escalate: {post: bureau-head}}}\n    on: {submitted: done}\n  done: "
              "{final: true}\n");
  EXPECT_TRUE(world.Start());
  world.Advance({40 * 86'400, 0});
  std::vector<Urgency> found;
  for (const model::Notification& message : world.messages) found.push_back(message.urgency);
  return found;
}

TEST(Message, ADeadlineWithABasisIsStatutory) {
  using enum Urgency;
  EXPECT_THAT(UrgenciesOf("within: 3 days"), ElementsAre(kNormal, kNormal, kUrgent, kUrgent));
  EXPECT_THAT(UrgenciesOf("within: 3 days, basis: 条例第五条"),
              ElementsAre(kNormal, kStatutory, kStatutory, kStatutory));
  EXPECT_THAT(UrgenciesOf("within: 24 hours, basis: 条例第五条"),
              ElementsAre(kStatutory, kStatutory, kStatutory, kStatutory))
      << "what is due within a day cannot wait for the morning";
  EXPECT_THAT(UrgenciesOf("within: 3 days, basis: 方案, urgency: digest"),
              ElementsAre(kNormal, kDigest, kUrgent, kUrgent));
}

constexpr std::string_view kReport = R"(
case_title: "举报 {{code_name}}：{{what}}"
data:
  reporter: {type: person, confidential: true}
  contact: {type: object, confidential: true, fields: {phone: int, others: {type: list, of: text}}}
  level: {type: enum, values: [minor, major], confidential: true}
  code_name: text
  what: text
states:
  receiving:
    task: {title: {zh: "核实 {{what}}", en: "Check {{what}}"}, for: {person: a}}
    on:
      submitted: done
      tell: {by: {person: a}, do: [{notify: {to: {person: x}, subject: "{{event.data.about}}", text: {zh: "{{what}}（{{name_of(code_name)}}）", en: "{{what}}"}}}]}
  done: {final: true}
)";

TEST(Confidential, NoTextTellsWhatSuchAFieldHoldsWhereverItComesFrom) {
  World world(kReport);
  ASSERT_TRUE(world.Start(
      "system",
      Map({{"reporter", "x"},
           {"contact", Map({{"phone", 13'800'001'111}, {"others", model::List{"王小二"}}})},
           {"level", "major"},
           {"code_name", "x"},
           {"what", "王小二（13800001111）举报 major 隐患"}})));
  ASSERT_TRUE(world.Send("a", "tell", Map({{"about", "企业联系人 called"}})));
  ASSERT_EQ(world.messages.size(), 2U);
  const model::Text& title = world.messages[0].subject;
  EXPECT_EQ(title.zh, "【待办】核实 （保密）（（保密））举报 major 隐患");
  EXPECT_THAT(title.en, AllOf(HasSubstr("(confidential)"), Not(HasSubstr("王小二"))));
  EXPECT_THAT(world.messages[0].body.zh, AllOf(Not(HasSubstr("王小二")), Not(HasSubstr("1380"))))
      << "the case's title";
  EXPECT_EQ(world.messages[1].subject.zh, "（保密） called");
  EXPECT_EQ(world.messages[1].body.zh, "（保密）（（保密））举报 major 隐患（（保密））");
}

}  // namespace
}  // namespace duban::statechart
