#include "core/statechart/mandates.h"

#include <algorithm>

namespace duban::statechart {
namespace {

using definition::Mandate;
using definition::Organisation;

bool IsOnLeave(const definition::Person& person, calendar::Date today) {
  return std::ranges::any_of(
      person.away, [&](const calendar::DateRange& range) { return range.Contains(today); });
}

bool IsAble(const Organisation& organisation, std::string_view id) {
  const auto* person = organisation.FindPerson(id);
  return person != nullptr && !person->disabled && !person->service;
}

}  // namespace

calendar::Date Today(const definition::Definition& definition, model::Timestamp now) {
  return calendar::LocalDate(now, definition.time_zone).value_or(calendar::Date());
}

bool HasMandate(const Organisation& organisation, std::string_view principal,
                std::string_view agent, std::string_view workflow, calendar::Date today) {
  return IsAble(organisation, agent) &&
         std::ranges::any_of(organisation.mandates(), [&](const Mandate& mandate) {
           return mandate.principal == principal && mandate.agent == agent &&
                  mandate.period.Contains(today) && mandate.Covers(workflow);
         });
}

std::vector<model::PersonId> PrincipalsOf(const Organisation& organisation, std::string_view agent,
                                          calendar::Date today) {
  std::vector<model::PersonId> principals;
  if (organisation.mandates().empty() || !IsAble(organisation, agent)) return principals;
  for (const Mandate& mandate : organisation.mandates()) {
    if (mandate.agent != agent || !mandate.period.Contains(today)) continue;
    if (std::ranges::find(principals, mandate.principal) == principals.end())
      principals.push_back(mandate.principal);
  }
  return principals;
}

bool IsAway(const Organisation& organisation, const model::PersonId& id, std::string_view workflow,
            calendar::Date today) {
  const auto* person = organisation.FindPerson(id);
  if (person == nullptr || !IsOnLeave(*person, today)) return false;
  return std::ranges::none_of(organisation.mandates(), [&](const Mandate& mandate) {
    const auto* agent = organisation.FindPerson(mandate.agent);
    return mandate.principal == id && agent != nullptr && !IsOnLeave(*agent, today) &&
           HasMandate(organisation, id, mandate.agent, workflow, today);
  });
}

}  // namespace duban::statechart
