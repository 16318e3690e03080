// What the words about people become: rules, groups, returns, duties.
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

using approval::Base;
using approval::Mode;
using approval::Rule;
using approval::Tie;

const Task& TaskOf(const Definition& definition, std::string_view state) {
  static const Task kNone{};
  const model::StateIndex index = definition.FindState(state);
  EXPECT_NE(index, model::kNoState) << state;
  if (index == model::kNoState || !definition.states[index].task) return kNone;
  return *definition.states[index].task;
}

// A workflow with one approval `a` of those keys, which ends either way.
std::shared_ptr<const Definition> LoadApproval(const std::string& keys) {
  return Load(
      "workflow: w\ndata: {who: person, team: {type: list, of: {type: person}}, note: text}\n"
      "states:\n  draft: {task: {title: t, for: starter}, on: {submitted: a}}\n"
      "  a: {approval: {title: t, " +
      keys + "}, on: {approved: e, rejected: e, no_quorum: e}}\n  e: {final: true}\n");
}
Rule RuleOf(const std::string& rule) {
  return TaskOf(*LoadApproval("by: {role: r}, rule: " + rule), "a").rule;
}

TEST(LoadPeople, Rules) {
  EXPECT_EQ(RuleOf("one"), Rule{});
  EXPECT_EQ(RuleOf("any"), Rule{.mode = Mode::kAny});
  EXPECT_EQ(RuleOf("all"), Rule{.mode = Mode::kAll});
  EXPECT_EQ(RuleOf("sequence"), Rule{.mode = Mode::kSequence});
  EXPECT_EQ(RuleOf("{ratio: 60}"), (Rule{.mode = Mode::kRatio, .percent = 60}));
  EXPECT_EQ(RuleOf("{ratio: 50, of: votes, tie: reject, collect: true, quorum: 75}"),
            (Rule{.mode = Mode::kRatio,
                  .percent = 50,
                  .collect_all = true,
                  .base = Base::kVotes,
                  .tie = Tie::kReject,
                  .quorum = 75}));
  EXPECT_EQ(RuleOf("{ratio: 50, of: seats, tie: approve}"),
            (Rule{.mode = Mode::kRatio, .percent = 50}));
  EXPECT_EQ(RuleOf("{count: 3, quorum: 50}"),
            (Rule{.mode = Mode::kCount, .count = 3, .quorum = 50}));
  EXPECT_EQ(
      RuleOf("{weighted: {threshold: 51, tie: reject, collect: true}}"),
      (Rule{.mode = Mode::kWeighted, .collect_all = true, .threshold = 51, .tie = Tie::kReject}));
  EXPECT_EQ(RuleOf("{all: {collect: true, quorum: 50}}"),
            (Rule{.mode = Mode::kAll, .collect_all = true, .quorum = 50}));
  EXPECT_EQ(RuleOf("{sequence: {collect: true}}"),
            (Rule{.mode = Mode::kSequence, .collect_all = true}));
}

TEST(LoadPeople, Weights) {
  const auto d = LoadApproval(
      "by: [{post: head, weight: 3}, {role: members}, {post: clerk, weight: 0}], "
      "rule: {weighted: {threshold: 4}}");
  const Addressees& people = TaskOf(*d, "a").people;
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(people[0].weight, 3);
  EXPECT_EQ(people[1].weight, 1);
  EXPECT_EQ(people[2].weight, 0);
  LoadApproval(
      "by: [{post: head, weight: 2}, {post: b}, {post: c}], "
      "rule: {weighted: {threshold: 2, tie: reject}}");
}

TEST(LoadPeople, Groups) {
  const auto d = LoadApproval(
      "groups: [{title: {zh: 领导小组, en: Leading}, by: {group: leading}, rule: {count: 2}}, "
      "{title: 安委办, by: {role: committee}}], collect: true");
  const Task& task = TaskOf(*d, "a");
  ASSERT_EQ(task.groups.size(), 2U);
  EXPECT_TRUE(task.collect_groups);
  EXPECT_TRUE(task.people.empty());
  EXPECT_EQ(task.groups[0].title.en, "Leading");
  EXPECT_EQ(task.groups[0].people[0].kind, Addressee::Kind::kGroup);
  EXPECT_EQ(task.groups[0].people[0].id, "leading");
  EXPECT_EQ(task.groups[0].rule, (Rule{.mode = Mode::kCount, .count = 2}));
  EXPECT_EQ(task.groups[1].rule, Rule{});
  EXPECT_FALSE(TaskOf(*LoadApproval("groups: [{title: x, by: {role: r}}]"), "a").collect_groups);
}

TEST(LoadPeople, DefaultsOfAnApproval) {
  const Task& task = TaskOf(*LoadApproval("by: {role: r}"), "a");
  EXPECT_EQ(task.draw, 0);
  EXPECT_FALSE(task.may_abstain);
  EXPECT_EQ(task.when_nobody, WhenNobody::kAdministrators);
  EXPECT_EQ(task.when_starter, WhenStarter::kSuperior);
  EXPECT_TRUE(task.returns.none());
  EXPECT_TRUE(task.transferable && task.delegable && task.signers && task.withdrawable);
  EXPECT_TRUE(task.attachment_required.empty() && task.signature_required.empty());
  EXPECT_TRUE(task.copy.empty());
  EXPECT_EQ(TaskOf(*LoadApproval("by: starter"), "a").when_starter, WhenStarter::kSelf)
      << "asked by name";
  EXPECT_EQ(TaskOf(*LoadApproval("by: {role: r}"), "draft").when_starter, WhenStarter::kSelf);
}

TEST(LoadPeople, OptionsOfAnApproval) {
  const auto d = LoadApproval(
      "by: {role: r}, rule: all, draw: 2, abstain: true, nobody: reject, when_starter: skip, "
      "transfer: false, delegate: false, add_signers: false, withdraw: false, "
      "opinion: [rejected, recused, abstained], attachment: [approved], signature: required, "
      "copy: [{post: clerk}, starter]");
  const Task& task = TaskOf(*d, "a");
  EXPECT_EQ(task.draw, 2);
  EXPECT_TRUE(task.may_abstain);
  EXPECT_EQ(task.when_nobody, WhenNobody::kReject);
  EXPECT_EQ(task.when_starter, WhenStarter::kSkip);
  EXPECT_FALSE(task.transferable || task.delegable || task.signers || task.withdrawable);
  EXPECT_EQ(task.opinion_required, (std::vector<std::string>{"rejected", "recused", "abstained"}));
  EXPECT_EQ(task.attachment_required, std::vector<std::string>{"approved"});
  EXPECT_EQ(task.signature_required, (std::vector<std::string>{"approved", "rejected"}));
  EXPECT_EQ(task.copy.size(), 2U);
  EXPECT_EQ(task.outcomes, (std::vector<std::string>{"approved", "rejected"}));
}

TEST(LoadPeople, OptionsOfATask) {
  const auto d = Load(R"yaml(
workflow: w
states:
  a:
    task: {title: t, for: {role: r}, draw: 1, when_starter: superior, return: previous, transfer: false,
           outcomes: [done, refused], attachment: [done], signature: [refused], copy: {post: clerk}}
    on: {done: e, refused: a}
  e: {final: true}
)yaml");
  const Task& task = TaskOf(*d, "a");
  EXPECT_EQ(task.draw, 1);
  EXPECT_EQ(task.when_starter, WhenStarter::kSuperior);
  EXPECT_FALSE(task.transferable);
  EXPECT_TRUE(task.delegable);
  EXPECT_EQ(task.attachment_required, std::vector<std::string>{"done"});
  EXPECT_EQ(task.signature_required, std::vector<std::string>{"refused"});
  EXPECT_EQ(task.copy.size(), 1U);
}

TEST(LoadPeople, Returns) {
  const auto returns = [](const std::string& value) {
    return TaskOf(*LoadApproval("by: {role: r}, return: " + value), "a").returns;
  };
  EXPECT_TRUE(returns("previous").previous);
  EXPECT_TRUE(returns("any").any);
  EXPECT_TRUE(returns("starter").starter);
  EXPECT_EQ(returns("starter").starter_state, 1);
  EXPECT_EQ(returns("previous").starter_state, model::kNoState);
  const Returns several = returns("{to: [draft, previous], resubmit: back_to_returner}");
  EXPECT_EQ(several.states, std::vector<model::StateIndex>{1});
  EXPECT_TRUE(several.previous);
  EXPECT_FALSE(several.starter || several.any);
  EXPECT_EQ(several.resubmit, Resubmit::kBackToReturner);
  EXPECT_EQ(returns("draft").resubmit, Resubmit::kRerun);
}

TEST(LoadPeople, Forms) {
  const auto d = LoadApproval(
      "by: {role: r}, form: [{field: who, from: [{role: r}], required: [approved]}, "
      "{field: note, read_only: true}, {field: team, required: true}]");
  const std::vector<FormField>& form = TaskOf(*d, "a").form;
  ASSERT_EQ(form.size(), 3U);
  EXPECT_TRUE(form[0].required);
  EXPECT_EQ(form[0].required_for, std::vector<std::string>{"approved"});
  EXPECT_EQ(form[0].from.size(), 1U);
  EXPECT_TRUE(form[1].read_only);
  EXPECT_FALSE(form[1].required);
  EXPECT_TRUE(form[2].required);
  EXPECT_TRUE(form[2].required_for.empty());
}

TEST(LoadPeople, Addressees) {
  using Kind = Addressee::Kind;
  using Of = Addressee::Of;
  const auto d = LoadApproval(
      "by: [{group: g}, {superior_of: starter}, {superior_of: actor}, {superior_of: li}, "
      "{superiors_of: {field: team}, levels: 3}, {deputy_in_charge_of: {field: who}}, "
      "{head_of: starter}, {head_of: {field: who}}, {superiors_of: law}]");
  const Addressees& people = TaskOf(*d, "a").people;
  struct Expected {
    Kind kind;
    Of of;
    std::string id;
  };
  const Expected expected[] = {
      {Kind::kGroup, Of::kId, "g"},          {Kind::kSuperior, Of::kStarter, ""},
      {Kind::kSuperior, Of::kActor, ""},     {Kind::kSuperior, Of::kId, "li"},
      {Kind::kSuperiors, Of::kField, ""},    {Kind::kDeputyInCharge, Of::kField, ""},
      {Kind::kOfficeHead, Of::kStarter, ""}, {Kind::kHeadOfField, Of::kField, ""},
      {Kind::kSuperiors, Of::kId, "law"}};
  ASSERT_EQ(people.size(), std::size(expected));
  for (std::size_t i = 0; i < people.size(); ++i) {
    EXPECT_EQ(people[i].kind, expected[i].kind) << i;
    EXPECT_EQ(people[i].of, expected[i].of) << i;
    EXPECT_EQ(people[i].id, expected[i].id) << i;
  }
  EXPECT_EQ(people[4].levels, 3);
  EXPECT_EQ(people[4].field, 1);
  EXPECT_EQ(people[8].levels, 1);
}

TEST(LoadPeople, RulesOfTheCase) {
  const auto d = Load(R"yaml(
workflow: w
repeat: skip_consecutive
revoke: never
data:
  first: person
  second: person
  reporter: {type: text, visible_to: [{role: whistle-blowers}, {field: first}]}
rules:
  - {separate: [starter, a, b], basis: {zh: 分离, en: Apart}}
  - {barred: [{field: first}, {superior_of: {field: second}}], in: [b], basis: 第四十三条}
  - {barred: participants}
  - {differ: [first, second]}
states:
  a: {task: {title: t, for: {role: r}}, on: {submitted: b}, data: {late: {type: text, visible_to: starter}}}
  b: {approval: {title: t, by: {role: q}}, on: {approved: e, rejected: e}}
  e: {final: true}
)yaml");
  EXPECT_EQ(d->repeat, Repeat::kSkipConsecutive);
  EXPECT_EQ(d->revoke, Revocation::kNever);
  ASSERT_EQ(d->duties.size(), 4U);
  EXPECT_EQ(d->duties[0].kind, Duty::Kind::kSeparate);
  EXPECT_TRUE(d->duties[0].starter);
  EXPECT_EQ(d->duties[0].states, (std::vector<model::StateIndex>{1, 2}));
  EXPECT_EQ(d->duties[0].basis.en, "Apart");
  EXPECT_EQ(d->duties[1].kind, Duty::Kind::kBarred);
  EXPECT_EQ(d->duties[1].people.size(), 2U);
  EXPECT_EQ(d->duties[1].states, std::vector<model::StateIndex>{2});
  EXPECT_TRUE(d->duties[2].states.empty());
  EXPECT_EQ(d->duties[3].kind, Duty::Kind::kDiffer);
  EXPECT_EQ(d->duties[3].fields, (std::vector<model::FieldIndex>{0, 1}));
  EXPECT_TRUE(d->fields[0].visible_to.empty());
  ASSERT_EQ(d->fields[2].visible_to.size(), 2U);
  EXPECT_EQ(d->fields[2].visible_to[1].field, 0);
  EXPECT_EQ(d->fields[3].visible_to[0].kind, Addressee::Kind::kStarter);
}

TEST(LoadPeople, DefaultsOfTheCase) {
  const auto d = LoadApproval("by: {role: r}");
  EXPECT_EQ(d->repeat, Repeat::kAsk);
  EXPECT_EQ(d->revoke, Revocation::kBeforeFirstAct);
  EXPECT_TRUE(d->duties.empty());
}

TEST(LoadPeople, AutomaticPassingWithoutABasis) {
  EXPECT_EQ(TaskOf(*Load(R"yaml(
workflow: w
repeat: skip_any
states:
  a:
    approval: {title: t, by: {role: r}, nobody: approve, when_starter: skip}
    due: {within: 3 days}
    on: {approved: e, rejected: e}
  e: {final: true}
)yaml"),
                   "a")
                .when_nobody,
            WhenNobody::kApprove);
}

}  // namespace
}  // namespace duban::definition
