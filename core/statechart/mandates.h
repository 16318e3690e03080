// Standing mandates (代理): who may act in whose name, today and in this workflow.
#pragma once

#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"

namespace duban::statechart {

// The day on which a mandate or a leave is looked at: today in the definition's time zone.
calendar::Date Today(const definition::Definition& definition, model::Timestamp now);

// Whether `agent` may act for `principal`: a mandate of the principal themself (an agent's agent is
// none), in its period, for the workflow, and the agent is not disabled.
bool HasMandate(const definition::Organisation& organisation, std::string_view principal,
                std::string_view agent, std::string_view workflow, calendar::Date today);

// Those in whose name `agent` may act in any workflow on that day, each once.
std::vector<model::PersonId> PrincipalsOf(const definition::Organisation& organisation,
                                          std::string_view agent, calendar::Date today);

// Whether the person is on leave that day and nobody has a mandate to stand in.
bool IsAway(const definition::Organisation& organisation, const model::PersonId& person,
            std::string_view workflow, calendar::Date today);

}  // namespace duban::statechart
