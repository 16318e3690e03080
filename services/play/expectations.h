// What a scenario's `expect` says, held against a case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/play/scenario.h"
#include "services/play/world.h"

namespace duban::play {

struct Difference {
  std::string expected;
  std::string actual;
};

// `notifications`: sent since the last expect, by all cases.
std::optional<Difference> Compare(const ExpectStep& expect, const Instance& instance,
                                  const definition::Organisation& organisation,
                                  const std::vector<model::Notification>& notifications);

}  // namespace duban::play
