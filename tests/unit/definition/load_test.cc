// What the language's words become.
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

template <class T>
const T& Only(const Actions& actions) {
  static const T kNone{};
  EXPECT_EQ(actions.size(), 1U);
  const T* what = actions.empty() ? nullptr : std::get_if<T>(&actions[0].what);
  EXPECT_NE(what, nullptr);
  return what != nullptr ? *what : kNone;
}

const State& StateOf(const Definition& definition, std::string_view id) {
  static const State kNone{};
  const model::StateIndex index = definition.FindState(id);
  EXPECT_NE(index, model::kNoState) << id;
  return index == model::kNoState ? kNone : definition.states[index];
}

const Transition& TransitionOf(const Definition& definition, std::string_view state,
                               std::size_t which = 0) {
  static const Transition kNone{};
  const State& owner = StateOf(definition, state);
  EXPECT_LT(which, owner.transitions.size());
  return which < owner.transitions.size() ? definition.transitions[owner.transitions[which]]
                                          : kNone;
}

TEST(Load, HeadAndData) {
  const auto d = Load(R"yaml(
workflow: referral
title: {zh: 移送, en: Referral}
case_title: "{{offence}} · {{count}}"
start: {by: [{role: officers}, starter]}
readers: [{post: head}]
data:
  offence: {type: text, required: true, title: 涉嫌罪名, max: 20}
  level: {type: enum, values: {general: 一般, major: 重大}, default: general}
  count: {type: int, min: 0, max: 10, default: 3}
  hazard: {type: object, fields: {place: {type: text}, found_by: {type: list, of: {type: person}}}}
  id: {type: text, default: 42}
  notes: text
states: {a: {on: {x: b}}, b: {final: true}}
)yaml");
  EXPECT_EQ(d->workflow, "referral");
  EXPECT_EQ(d->title, model::Text("移送", "Referral"));
  EXPECT_EQ(d->time_zone, "Asia/Shanghai");
  EXPECT_EQ(d->case_title->zh.source(), "{{offence}} · {{count}}");
  ASSERT_EQ(d->starters.size(), 2U);
  EXPECT_EQ(d->starters[0].kind, Addressee::Kind::kRole);
  EXPECT_EQ(d->starters[0].id, "officers");
  EXPECT_EQ(d->starters[1].kind, Addressee::Kind::kStarter);
  EXPECT_EQ(d->readers[0].kind, Addressee::Kind::kPost);
  ASSERT_EQ(d->fields.size(), 6U);
  EXPECT_TRUE(d->fields[0].required);
  EXPECT_EQ(d->fields[0].title.zh, "涉嫌罪名");
  EXPECT_EQ(d->fields[0].max, 20);
  EXPECT_EQ(d->fields[1].value_titles[1].zh, "重大");
  EXPECT_EQ(d->fields[1].initial, model::Value("general"));
  EXPECT_EQ(d->fields[2].initial, model::Value(3));
  EXPECT_EQ(d->fields[3].fields[1].item->kind, FieldKind::kPerson);
  EXPECT_EQ(d->fields[4].initial, model::Value("42"));
  EXPECT_EQ(d->fields[5].kind, FieldKind::kText);
  EXPECT_EQ(d->FindField("hazard"), 3);
  EXPECT_EQ(d->FindField("nothing"), std::nullopt);
  EXPECT_EQ(d->slots.event, 6);
  EXPECT_EQ(d->slots.item, 10);
  EXPECT_EQ(d->slots.count, 11);
}

TEST(Load, StatesInDocumentOrder) {
  const auto d = Load(R"yaml(
workflow: w
initial: b
states:
  a: {on: {x: done}}
  b:
    initial: {to: [c1, d2], do: [{log: "'in'"}]}
    states:
      p:
        parallel: true
        states:
          c: {states: {c1: {on: {x: c2}}, c2: {final: true}}}
          d: {initial: d2, states: {d1: {on: {x: d2}}, d2: {on: {x: d1}}, h: {history: deep, to: d1}}}
      back: {history: shallow}
    on: {done.state.p: done, again: [{to: back}, {to: a}]}
  done: {final: true, outcome: ended, result: {why: "'x'"}}
)yaml");
  std::vector<std::string> ids;
  for (const State& state : d->states) ids.push_back(state.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"w", "a", "b", "p", "c", "c1", "c2", "d", "d1", "d2",
                                           "h", "back", "done"}));
  EXPECT_EQ(d->states[0].kind, StateKind::kCompound);
  EXPECT_EQ(d->states[0].last, 12);
  EXPECT_EQ(d->states[0].initial, std::vector<model::StateIndex>{2});
  EXPECT_EQ(d->states[0].children, (std::vector<model::StateIndex>{1, 2, 12}));
  EXPECT_EQ(d->states[2].kind, StateKind::kCompound);
  EXPECT_EQ(d->states[2].last, 11);
  EXPECT_EQ(d->states[2].initial, (std::vector<model::StateIndex>{5, 9}));
  EXPECT_EQ(d->states[2].initial_actions.size(), 1U);
  EXPECT_EQ(d->states[3].kind, StateKind::kParallel);
  EXPECT_EQ(d->states[4].initial, std::vector<model::StateIndex>{5});
  EXPECT_EQ(d->states[10].kind, StateKind::kDeepHistory);
  EXPECT_EQ(d->states[10].initial, std::vector<model::StateIndex>{8});
  EXPECT_EQ(d->states[11].kind, StateKind::kShallowHistory);
  EXPECT_EQ(d->states[11].initial, std::vector<model::StateIndex>{3});
  EXPECT_EQ(d->states[12].outcome, "ended");
  EXPECT_EQ(d->states[12].result[0].first, "why");
  EXPECT_EQ(d->states[6].outcome, "");
  EXPECT_TRUE(d->IsDescendant(9, 2));
  EXPECT_FALSE(d->IsDescendant(2, 2));
  EXPECT_FALSE(d->IsDescendant(12, 2));
  EXPECT_EQ(d->FindState("w"), model::kNoState);
}

TEST(Load, Transitions) {
  const auto d = Load(R"yaml(
workflow: w
data: {level: text, n: int}
states:
  a:
    on:
      "a.b c.* d.": b
      hazard.reported:
        - {when: "level == 'major'", to: b, by: [{role: r}], title: 报告, do: [{assign: {n: n + 1}}], require: reason}
        - {to: b, by: {role: r}}
      "*": {do: [{log: "1"}], internal: true}
    always: {when: "n > 3", to: b}
  b: {final: true}
)yaml");
  const Transition& first = TransitionOf(*d, "a", 0);
  EXPECT_EQ(first.events, (std::vector<std::string>{"a.b", "c", "d"}));
  EXPECT_EQ(first.targets, std::vector<model::StateIndex>{2});
  const Transition& second = TransitionOf(*d, "a", 1);
  EXPECT_EQ(second.guard.source(), "level == 'major'");
  EXPECT_TRUE(second.reason_required);
  EXPECT_EQ(second.title.zh, "报告");
  EXPECT_EQ(second.by.size(), 1U);
  EXPECT_EQ(Only<Assign>(second.actions).field, 1);
  EXPECT_TRUE(TransitionOf(*d, "a", 2).guard.empty());
  const Transition& any = TransitionOf(*d, "a", 3);
  EXPECT_EQ(any.events, std::vector<std::string>{"*"});
  EXPECT_TRUE(any.targets.empty());
  EXPECT_TRUE(any.internal);
  EXPECT_FALSE(any.always());
  EXPECT_TRUE(TransitionOf(*d, "a", 4).always());
  EXPECT_EQ(second.place.line, 9);
}

TEST(Load, TasksAndApprovals) {
  const auto d = Load(R"yaml(
workflow: w
data: {report: file, who: person, where: office}
states:
  a:
    task:
      title: {zh: "核实 {{report}}", en: Verify}
      for: [{role: r}, {field: who}, {head_of: {field: where}}, {head_of: law}, {expression: "[case.starter]"}, participants]
      fallback: {post: head}
      form: [who, {field: report, required: true}]
      outcomes: {done: 完成, refused: {zh: 不受理, en: Refused}}
      opinion: [refused]
      notify: false
    on: {done: b, refused: b}
  b:
    title: 决定 {{x
    approval: {by: {post: head}, rule: {ratio: 60, collect: true}, opinion: required}
    on: {approved: c, rejected: c}
  c:
    approval: {title: t, by: {post: head}, rule: {all: {collect: true}}}
    on: {approved: e, rejected: e}
  e: {final: true}
)yaml");
  const Task& task = *StateOf(*d, "a").task;
  EXPECT_FALSE(task.approval);
  EXPECT_EQ(task.title.en.source(), "Verify");
  using Kind = Addressee::Kind;
  const Kind kinds[] = {Kind::kRole,       Kind::kField,      Kind::kHeadOfField,
                        Kind::kOfficeHead, Kind::kExpression, Kind::kParticipants};
  ASSERT_EQ(task.people.size(), std::size(kinds));
  for (std::size_t i = 0; i < std::size(kinds); ++i) EXPECT_EQ(task.people[i].kind, kinds[i]) << i;
  EXPECT_EQ(task.people[1].field, 1);
  EXPECT_EQ(task.people[2].field, 2);
  EXPECT_EQ(task.people[3].id, "law");
  EXPECT_EQ(task.fallback.size(), 1U);
  EXPECT_FALSE(task.form[0].required);
  EXPECT_TRUE(task.form[1].required);
  EXPECT_EQ(task.outcomes, (std::vector<std::string>{"done", "refused"}));
  EXPECT_EQ(task.outcome_titles[1], model::Text("不受理", "Refused"));
  EXPECT_EQ(task.opinion_required, std::vector<std::string>{"refused"});
  EXPECT_FALSE(task.tell);
  EXPECT_EQ(task.rule.mode, approval::Mode::kOne);
  const Task& approval = *StateOf(*d, "b").task;
  EXPECT_TRUE(approval.approval);
  EXPECT_EQ(approval.rule, (approval::Rule{approval::Mode::kRatio, 60, true}));
  EXPECT_EQ(approval.opinion_required, (std::vector<std::string>{"approved", "rejected"}));
  EXPECT_EQ(approval.title.zh.source(), "决定 {{{{x") << "the state's title is no template";
  EXPECT_EQ(StateOf(*d, "c").task->rule, (approval::Rule{approval::Mode::kAll, 100, true}));
}

TEST(Load, Actions) {
  const auto d = Load(R"yaml(
workflow: w
data: {h: {type: object, fields: {place: {type: text}}}, n: int, ids: {type: list, of: {type: text}}, id: text}
messages: {told: {subject: "{{n}}", text: {zh: 文, en: text}}}
states:
  a:
    task: {title: t, for: starter}
    entry:
      - assign: {h.place: "'x'", n: "null"}
      - raise: {event: r, data: {k: n}}
      - send: {event: s, to: {children: kids}, after: 2 days, id: x, data: {k: "1"}}
      - send: {event_expression: "id", to: parent, delay: "duration('2h')", id_field: id}
      - cancel: x
      - cancel: {expression: id}
      - notify: {to: starter, message: told, urgent: true}
      - start: {workflow: other, as: kids, for_each: "enterprises('')", data: {enterprise: item}}
      - start: {workflow: other}
      - escalate: {post: head}
      - {
  if: "n > 1", do: [{log: "1"}], else: [{log: "2"}, {log: "3"}]
}
      - {for_each: {in: ids, item: id, index: n}, do: [{log: id}]}
    on: {submitted: b}
  b: {final: true}
)yaml");
  const Actions& entry = StateOf(*d, "a").entry;
  ASSERT_EQ(entry.size(), 13U) << "each assignment is an action of its own";
  EXPECT_EQ(std::get<Assign>(entry[0].what).path, std::vector<std::string>{"place"});
  EXPECT_EQ(std::get<Assign>(entry[1].what).field, 1);
  EXPECT_EQ(std::get<Raise>(entry[2].what).data[0].first, "k");
  const Send& send = std::get<Send>(entry[3].what);
  EXPECT_EQ(send.to, Send::To::kChildren);
  EXPECT_EQ(send.slot, "kids");
  EXPECT_EQ(send.delay.amount, 2);
  EXPECT_EQ(send.id, "x");
  const Send& computed = std::get<Send>(entry[4].what);
  EXPECT_EQ(computed.to, Send::To::kParent);
  EXPECT_FALSE(computed.event_expression.empty());
  EXPECT_EQ(computed.id_field, 3);
  EXPECT_FALSE(std::get<Cancel>(entry[6].what).id_expression.empty());
  const Notify& notify = std::get<Notify>(entry[7].what);
  EXPECT_EQ(notify.subject.zh.source(), "{{n}}");
  EXPECT_EQ(notify.body.en.source(), "text");
  EXPECT_EQ(notify.urgency, model::Urgency::kUrgent);
  const Start& start = std::get<Start>(entry[8].what);
  EXPECT_EQ(start.slot, "kids");
  EXPECT_FALSE(start.for_each.empty());
  EXPECT_EQ(std::get<Start>(entry[9].what).slot, "other");
  EXPECT_EQ(std::get<If>(entry[11].what).otherwise.size(), 2U);
  const ForEach& loop = std::get<ForEach>(entry[12].what);
  EXPECT_EQ(loop.item, 3);
  EXPECT_EQ(loop.index, 1);
  EXPECT_EQ(d->child_slots, (std::vector<std::string>{"kids", "other"}));
}

TEST(Load, DataOfStatesIsInitialisedLate) {
  const auto d = Load(R"yaml(
workflow: w
data: {n: {type: int, default: 1}}
states:
  a:
    data: {late: {type: int, value: n + 1}, words: {type: text, default: "it's {{"}, empty: text, some: {type: any, default: [1, a]}}
    on: {x: b}
  b: {final: true}
)yaml");
  EXPECT_EQ(d->fields.size(), 5U);
  EXPECT_EQ(d->fields[2].initial, std::nullopt);
  const State& a = StateOf(*d, "a");
  ASSERT_EQ(a.late_data.size(), 3U);
  EXPECT_EQ(a.late_data[0].second.source(), "n + 1");
  EXPECT_EQ(a.late_data[1].second.source(), R"('it\'s {{')");
  EXPECT_EQ(a.late_data[2].second.source(), "[1, 'a']");
}

TEST(Load, WhatIsUnsetMayBeComparedWithNull) {
  Load(R"yaml(
workflow: w
data: {t: text, n: int, d: date, w: time, l: {type: list}, o: {type: object, fields: {a: {type: text}}}}
states:
  a: {on: {x: {to: b, when: "t == null || n != null || d == null || w == null || l == null || o == null || event == null"}}}
  b: {final: true}
)yaml");
}

}  // namespace
}  // namespace duban::definition
