// Who may start, see and act, and who may be put on a task. The one place where rights are decided;
// everything that lets a person do something asks here.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/command.h"
#include "core/model/rejection.h"

namespace duban::statechart {

class Scope;

bool IsAdministrator(const definition::Organisation& organisation, std::string_view person);
// Every administrator who can be asked: not disabled, not a service account.
std::vector<model::PersonId> Administrators(const definition::Organisation& organisation);

bool MayStart(const definition::Definition& definition,
              const definition::Organisation& organisation, const model::Principal& actor);

// Participants (starter, everyone who was asked or acted), those to whom it was copied, the
// definition's readers, administrators; with `now` also who has a mandate of somebody who is asked.
bool MaySee(const definition::Definition& definition, const definition::Organisation& organisation,
            const model::Case& state, const model::Principal& actor,
            std::optional<model::Timestamp> now = std::nullopt);

// The choke point of separation of duties and recusal: why the person may not be put on the task of
// the state, nor act on it. kUnknownPerson: no such person, disabled, a service account; kBarred:
// with the rule and its basis. nullopt: they may. Asked on every path: resolution when a task
// opens, claim, decide, mandate, transfer, delegate, add signers, escalate, hand over, override.
std::optional<model::Rejection> WhyNotOn(const Scope& scope, model::StateIndex state,
                                         const model::PersonId& person);
// Why `agent` may not act for `principal` on the state's task; nullopt: they may.
std::optional<model::Rejection> WhyNotFor(const Scope& scope, model::StateIndex state,
                                          const model::PersonId& principal,
                                          const model::PersonId& agent);

// One of the transition's `by`, service accounts included; the engine itself always: clocks and
// other cases.
bool MaySend(const definition::Definition& definition, const definition::Organisation& organisation,
             const model::Case& state, const definition::Transition& transition,
             const model::Principal& actor);

}  // namespace duban::statechart
