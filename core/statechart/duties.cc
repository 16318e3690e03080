#include "core/statechart/duties.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/statechart/resolve.h"
#include "core/statechart/seats.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::Duty;
using model::PersonId;
using model::StateIndex;
using model::Text;

Text WithBasis(const Duty& duty, std::string zh, std::string en) {
  if (duty.basis.empty()) return {std::move(zh), std::move(en)};
  return {fmt::format("{}（依据：{}）", zh, duty.basis.In("zh")),
          fmt::format("{} (basis: {})", en, duty.basis.In("en"))};
}

// The position in the rule of the state that is `state` or lies around it.
std::optional<std::size_t> PositionIn(const Definition& definition, const Duty& duty,
                                      StateIndex state) {
  for (std::size_t i = 0; i < duty.states.size(); ++i) {
    if (duty.states[i] == state || definition.IsDescendant(state, duty.states[i])) return i;
  }
  return std::nullopt;
}

std::optional<Text> Separated(const Scope& scope, const Duty& duty, StateIndex state,
                              const PersonId& person) {
  const Definition& definition = scope.definition();
  const auto here = PositionIn(definition, duty, state);
  if (!here) return std::nullopt;
  if (duty.starter && scope.state().starter == person) {
    return WithBasis(duty, "发起人不能办理这一步", "the starter may not act in this step");
  }
  for (const model::Act& act : scope.state().acts) {
    if (act.person != person) continue;
    const auto there = PositionIn(definition, duty, act.state);
    if (!there || *there == *here) continue;
    const Text title = TitleOfState(definition.states[act.state]);
    return WithBasis(duty, fmt::format("办理过“{}”的人不能办理这一步", title.In("zh")),
                     fmt::format("who acted in \"{}\" may not act in this step", title.In("en")));
  }
  return std::nullopt;
}

std::optional<Text> Recused(const Scope& scope, const Duty& duty, StateIndex state,
                            const PersonId& person) {
  if (!duty.states.empty() && !PositionIn(scope.definition(), duty, state)) return std::nullopt;
  const Found found = Find(duty.people, scope, Services::kIncluded);
  if (found.failure) {
    return WithBasis(
        duty, fmt::format("回避规则无法判断（{}），暂不能由任何人办理", found.failure->message),
        fmt::format("who has to recuse themself cannot be told ({}), so nobody may act",
                    found.failure->message));
  }
  if (std::ranges::find(found.people, person) == found.people.end()) return std::nullopt;
  return WithBasis(duty, "按回避规则不能办理", "recusal: the rule keeps them out");
}

// Who has recused themself from the round that is open keeps out of it.
bool RecusedThemself(const model::Case& state, StateIndex index, const PersonId& person) {
  const model::Round* round = FindRound(state, index);
  if (round == nullptr) return false;
  return std::ranges::any_of(round->seats, [&](const model::Seat& seat) {
    if (seat.vote.outcome == "recused" && IsDecisionOf(seat, person)) return true;
    return std::ranges::any_of(seat.moves, [&](const model::Move& move) {
      return move.to.empty() && move.from == person && move.by == person;
    });
  });
}

std::set<std::string> PeopleIn(const model::Value& value) {
  std::set<std::string> people;
  if (const auto* id = value.If<std::string>(); id != nullptr && !id->empty()) people.insert(*id);
  if (const auto* list = value.IfList()) {
    for (const model::Value& item : *list) people.merge(PeopleIn(item));
  }
  return people;
}

void CheckOneDiffer(Draft& draft, const Duty& duty) {
  const auto& data = draft.state().data;
  std::set<std::string> seen;
  std::vector<model::Violation> violations;
  for (model::FieldIndex field : duty.fields) {
    if (field >= data.size()) continue;
    for (const std::string& person : PeopleIn(data[field])) {
      if (seen.insert(person).second) continue;
      const Text& name = draft.organisation().NameOf(person);
      const std::string& called = draft.definition().fields[field].name;
      if (!violations.empty() && violations.back().field == called) continue;
      violations.push_back({called,
                            {fmt::format("不能再是 {}", name.In("zh")),
                             fmt::format("cannot be {} again", name.In("en"))}});
    }
  }
  if (violations.empty()) return;
  const Text why =
      WithBasis(duty, "这些字段必须是不同的人", "these fields must name different people");
  model::Rejection rejection = model::Refusal(model::Reason::kBarred, why.zh, why.en);
  rejection.violations = std::move(violations);
  draft.Fail(std::move(rejection));
}

}  // namespace

std::optional<Text> BarFor(const Scope& scope, StateIndex state, const PersonId& person) {
  const auto& task = scope.definition().states[state].task;
  if (task && task->when_starter != definition::WhenStarter::kSelf &&
      scope.state().starter == person) {
    return Text("发起人不能办理自己发起的事项", "the starter does not decide on their own case");
  }
  for (const Duty& duty : scope.definition().duties) {
    std::optional<Text> bar;
    if (duty.kind == Duty::Kind::kSeparate) bar = Separated(scope, duty, state, person);
    if (duty.kind == Duty::Kind::kBarred) bar = Recused(scope, duty, state, person);
    if (bar) return bar;
  }
  if (RecusedThemself(scope.state(), state, person))
    return Text("本人已回避这一步", "they have recused themself from this step");
  return std::nullopt;
}

void CheckDiffer(Draft& draft) {
  for (const Duty& duty : draft.definition().duties) {
    if (duty.kind != Duty::Kind::kDiffer) continue;
    const bool assigned = std::ranges::any_of(draft.events(), [&](const model::Event& event) {
      const auto* assignment = std::get_if<model::FieldAssigned>(&event);
      return assignment != nullptr &&
             std::ranges::find(duty.fields, assignment->field) != duty.fields.end();
    });
    if (assigned) CheckOneDiffer(draft, duty);
  }
}

}  // namespace duban::statechart
