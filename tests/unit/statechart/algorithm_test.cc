// What the conformance suite leaves open: errors, data of done events, late data, the event as
// expressions see it.
#include <gmock/gmock.h>

#include "core/statechart/scope.h"
#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::Value;
using testing::ElementsAre;

TEST(Matches, DescriptorsOfScxml) {
  EXPECT_TRUE(Matches("a.b", "a.b"));
  EXPECT_TRUE(Matches("a.b", "a.b.c"));
  EXPECT_TRUE(Matches("a.*", "a.b"));
  EXPECT_TRUE(Matches("a.", "a"));
  EXPECT_TRUE(Matches("*", "anything"));
  EXPECT_FALSE(Matches("a.b", "a.bc"));
  EXPECT_FALSE(Matches("a.b", "a"));
}

TEST(Errors, AFailingActionEndsItsListAndRaises) {
  World world(R"yaml(
data: {x: any, n: {type: int, default: 0}}
states:
  s:
    on:
      go: {do: [{assign: {n: "n + 1"}}, {assign: {n: "x + 1"}}, {assign: {n: "n + 100"}}]}
      error.execution: {to: e, do: [{assign: {x: event.data.place}}]}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_THAT(world.Active(), ElementsAre("e"));
  EXPECT_EQ(world.Field("n"), Value(1));
  EXPECT_EQ(*world.Field("x").If<std::string>(), "test.yaml:7");
}

TEST(Errors, AFailingGuardIsFalseAndRaisesOnce) {
  World world(R"yaml(
data: {x: any}
states:
  s:
    always: {when: "x > 3", to: e}
    on: {"*": {when: "x > 4", to: e}, go: {to: f}}
  e: {final: true}
  f: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(world.Count<model::Logged>(), 2u);
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_THAT(world.Active(), ElementsAre("f"));
}

TEST(Done, CarriesItsData) {
  World world(R"yaml(
data: {got: any}
states:
  outer:
    states:
      inner: {on: {go: fin}}
      fin: {final: true, result: {answer: "6 * 7"}}
    on:
      done.state.outer: {to: e, do: [{assign: {got: event.data.answer}}]}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_EQ(world.Field("got"), Value(42));
}

TEST(LateData, IsInitialisedOnFirstEntry) {
  World world(R"yaml(
states:
  s: {on: {go: t}}
  t:
    data: {v: {type: int, value: "5"}}
    on: {back: {to: s, do: [{assign: {v: v + 1}}]}, end: e}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  EXPECT_TRUE(world.Field("v").is_null());
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_EQ(world.Field("v"), Value(5));
  ASSERT_TRUE(world.Send("system", "back"));
  ASSERT_TRUE(world.Send("system", "go"));
  EXPECT_EQ(world.Field("v"), Value(6));
}

TEST(Actions, MembersBranchesAndLoops) {
  World world(R"yaml(
data:
  hazard: {type: object, fields: {place: {type: text}, found: {type: object, fields: {by: {type: text}}}}}
  items: {type: list, of: {type: int}}
  item_: {type: int}
  at: {type: int}
  sum: {type: int, default: 0}
  seen: {type: text, default: ''}
states:
  s:
    entry:
      - assign: {hazard.found.by: "'a'", hazard.place: "'井口'"}
      - for_each: {in: items, item: item_, index: at}
        do:
          - if: item_ % 2 == 0
            do: [{assign: {sum: sum + item_}}]
            else: [{assign: {seen: "seen + string(at)"}}]
    on: {go: e}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start("system", Map({{"items", Value(model::List{1, 2, 3, 4})}})));
  EXPECT_EQ(world.Field("hazard"), Value(Map({{"place", "井口"}, {"found", Map({{"by", "a"}})}})));
  EXPECT_EQ(world.Field("sum"), Value(6));
  EXPECT_EQ(world.Field("seen"), Value("02"));
}

TEST(Event, IsBoundWithItsActorAndReason) {
  World world(R"yaml(
data: {who: text, why: text, what: any}
states:
  s:
    on:
      go:
        to: t
        by: {person: a}
        do: [{assign: {who: event.actor, why: event.reason, what: event.data.k}}, {raise: {event: next, data: {k: "1"}}}]
  t: {on: {next: {to: e, do: [{assign: {what: event.data.k}}]}}}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Send("a", "go", Map({{"k", "v"}}), "理由"));
  EXPECT_EQ(world.Field("who"), Value("a"));
  EXPECT_EQ(world.Field("why"), Value("理由"));
  EXPECT_EQ(world.Field("what"), Value(1));
  EXPECT_EQ(world.Count<model::EventTaken>(), 1u)
      << "what the case raises itself is not from outside";
}

TEST(Event, OwnSendsAreTakenInTheSameStep) {
  World world(R"yaml(
data: {order: {type: text, default: ''}}
states:
  s:
    entry: [{send: external}, {raise: internal}]
    on:
      internal: {do: [{assign: {order: "order + 'i'"}}]}
      external: {to: e, do: [{assign: {order: "order + 'e'"}}]}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(world.Field("order"), Value("ie"));
}

TEST(Host, Functions) {
  World world(R"yaml(
data: {who: {type: person, default: a}, out: any}
states:
  s:
    entry:
      - assign: {out: "name_of(who) + office_of(who) + enterprises('mines')[0] + string(size(offices())) + case.workflow"}
    on: {go: {to: e, when: "In('s') && !In('e') && now > case.started - duration('1s')"}}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(world.Field("out"), Value("甲mineshuayang2test"));
  ASSERT_TRUE(world.Send("system", "go"));
}

TEST(Title, OfTheCaseIsRenderedOrTheWorkflows) {
  World world(
      "case_title: {zh: \"{{who}} 的案件\", en: \"Case of {{who}}\"}\ndata: {who: person}\n"
      "states: {s: {on: {go: e}}, e: {final: true}}\n");
  ASSERT_TRUE(world.Start("system", Map({{"who", "a"}})));
  EXPECT_EQ(TitleOf(world.definition(), world.state(), world.facts()),
            model::Text("甲 的案件", "Case of A"));
}

}  // namespace
}  // namespace duban::statechart
