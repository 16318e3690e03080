// Who may start, see and act. The one place where rights are decided; everything that lets a person
// do something asks here.
#pragma once

#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/command.h"

namespace duban::statechart {

class Scope;

bool IsAdministrator(const definition::Organisation& organisation, std::string_view person);

bool MayStart(const definition::Definition& definition,
              const definition::Organisation& organisation, const model::Principal& actor);

// Participants (starter, everyone who was asked or acted), the definition's readers,
// administrators.
bool MaySee(const definition::Definition& definition, const definition::Organisation& organisation,
            const model::Case& state, const model::Principal& actor);

// A candidate of the seat.
bool MayDecide(const model::Seat& seat, const model::Principal& actor);

// One of the transition's `by`, service accounts included; the engine itself always: clocks and
// other cases.
bool MaySend(const definition::Definition& definition, const definition::Organisation& organisation,
             const model::Case& state, const definition::Transition& transition,
             const model::Principal& actor);

// The people that the addressees stand for now: each once, in order, without service accounts.
// `event` is the event being taken, for expressions; null outside a step.
std::vector<model::PersonId> Resolve(const definition::Addressees& addressees,
                                     const definition::Definition& definition,
                                     const definition::Organisation& organisation,
                                     const model::Case& state, model::Timestamp now,
                                     const model::Value* event = nullptr);
// The same, with the event that the scope has.
std::vector<model::PersonId> ResolveIn(const definition::Addressees& addressees,
                                       const Scope& scope);

}  // namespace duban::statechart
