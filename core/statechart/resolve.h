// From "for whom" to people: addressees as the organisation and the case have them now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/statechart/draft.h"

namespace duban::statechart {

struct Found {
  // Each once, in the order of the addressees; nobody who is disabled.
  std::vector<model::PersonId> people;
  std::vector<std::int64_t> weights;  // of people: that of the addressee that brought them first
  // An expression that could not be evaluated, or gave what is nobody's id. It never stands for
  // nobody: whoever asks says what happens.
  struct Failure {
    definition::Place place;
    std::string message;
  };
  std::optional<Failure> failure;
};

enum class Services : std::uint8_t { kExcluded, kIncluded };

Found Find(const definition::Addressees& addressees, const Scope& scope,
           Services services = Services::kExcluded);

// The same within a step: a failure becomes error.execution, and those who were found remain.
std::vector<model::PersonId> FindOrRaise(Draft& draft, const definition::Addressees& addressees);

}  // namespace duban::statechart
