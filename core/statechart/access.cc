#include "core/statechart/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/statechart/duties.h"
#include "core/statechart/mandates.h"
#include "core/statechart/resolve.h"

namespace duban::statechart {
namespace {

using definition::Addressees;
using definition::Definition;
using definition::Organisation;
using model::PersonId;
using model::Reason;
using model::Rejection;

bool Contains(const std::vector<PersonId>& people, const PersonId& person) {
  return std::ranges::find(people, person) != people.end();
}

bool IsAmong(const Addressees& addressees, const Scope& scope, const PersonId& person) {
  return !addressees.empty() &&
         Contains(Find(addressees, scope, Services::kIncluded).people, person);
}

// Whether somebody who is asked now has given the person a mandate.
bool StandsInForAHolder(const Definition& definition, const Organisation& organisation,
                        const model::Case& state, const PersonId& person, model::Timestamp now) {
  if (organisation.mandates().empty()) return false;
  const calendar::Date today = Today(definition, now);
  for (const model::Round& round : state.rounds) {
    for (const model::Seat& seat : round.seats) {
      if (seat.state != model::SeatState::kOpen) continue;
      for (const PersonId& holder : seat.candidates) {
        if (HasMandate(organisation, holder, person, definition.workflow, today)) return true;
      }
    }
  }
  return false;
}

}  // namespace

bool IsAdministrator(const Organisation& organisation, std::string_view person) {
  const auto& administrators = organisation.administrators();
  if (std::ranges::find(administrators, person) == administrators.end()) return false;
  const auto* known = organisation.FindPerson(person);
  return known != nullptr && !known->disabled;
}

std::vector<PersonId> Administrators(const Organisation& organisation) {
  std::vector<PersonId> able;
  for (const PersonId& person : organisation.administrators()) {
    const auto* known = organisation.FindPerson(person);
    if (known != nullptr && !known->service && !known->disabled) able.push_back(person);
  }
  return able;
}

bool MayStart(const Definition& definition, const Organisation& organisation,
              const model::Principal& actor) {
  if (actor.is_system() || IsAdministrator(organisation, actor.id)) return true;
  const model::Case nothing;
  return IsAmong(definition.starters, Scope(definition, organisation, nothing, {}), actor.id);
}

bool MaySee(const Definition& definition, const Organisation& organisation,
            const model::Case& state, const model::Principal& actor,
            std::optional<model::Timestamp> now) {
  if (actor.is_system() || Contains(state.participants, actor.id)) return true;
  if (std::ranges::find(state.copies, actor.id, &model::Copy::person) != state.copies.end())
    return true;
  if (IsAdministrator(organisation, actor.id)) return true;
  if (now && StandsInForAHolder(definition, organisation, state, actor.id, *now)) return true;
  return IsAmong(definition.readers, Scope(definition, organisation, state, state.updated_at),
                 actor.id);
}

std::optional<Rejection> WhyNotOn(const Scope& scope, model::StateIndex state,
                                  const PersonId& person) {
  const auto* known = scope.organisation().FindPerson(person);
  if (known == nullptr || known->disabled || known->service) {
    Rejection rejection = model::Refusal(
        Reason::kUnknownPerson,
        fmt::format("组织中没有可以办理的人员 `{}`（不存在、已停用或是系统账号）", person),
        fmt::format("`{}` is nobody who can act: unknown, disabled or a service account", person));
    rejection.who = {person};
    return rejection;
  }
  const auto bar = BarFor(scope, state, person);
  if (!bar) return std::nullopt;
  Rejection rejection =
      model::Refusal(Reason::kBarred, fmt::format("{}：{}", known->name.In("zh"), bar->zh),
                     fmt::format("{}: {}", known->name.In("en"), bar->en));
  rejection.who = {person};
  return rejection;
}

std::optional<Rejection> WhyNotFor(const Scope& scope, model::StateIndex state,
                                   const PersonId& principal, const PersonId& agent) {
  const Definition& definition = scope.definition();
  const Organisation& organisation = scope.organisation();
  const auto& task = definition.states[state].task;
  if (task && !task->delegable) {
    return model::Refusal(Reason::kNotPermittedHere, "这项任务不可以由人代理",
                          "this task is not done in anybody else's name");
  }
  if (!HasMandate(organisation, principal, agent, definition.workflow,
                  Today(definition, scope.now()))) {
    return model::Refusal(
        Reason::kNoMandate,
        fmt::format("您今天没有 {} 对这个流程的授权", organisation.NameOf(principal).In("zh")),
        fmt::format("you have no mandate of {} for this workflow today",
                    organisation.NameOf(principal).In("en")));
  }
  if (auto barred = WhyNotOn(scope, state, agent)) return barred;
  return WhyNotOn(scope, state, principal);
}

bool MaySend(const Definition& definition, const Organisation& organisation,
             const model::Case& state, const definition::Transition& transition,
             const model::Principal& actor) {
  if (actor.is_system()) return true;
  return IsAmong(transition.by, Scope(definition, organisation, state, state.updated_at), actor.id);
}

}  // namespace duban::statechart
