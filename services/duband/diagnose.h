// What an operator should know of a running server, each finding with what to do about it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/world.h"
#include "core/model/text.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"

namespace duban::duband {

enum class Severity : std::uint8_t { kOk, kWarning, kProblem };

struct Finding {
  std::string check;  // "calendar", "outbox", "tasks", "deadlines", "queue", "disk": stable
  Severity severity = Severity::kOk;
  model::Text what;
  model::Text advice;            // empty when all is well
  std::vector<std::string> ids;  // of tasks; at most the first hundred
};

struct Examined {
  ports::Storage& storage;
  engine::Catalog& catalog;
  const ports::Clock& clock;
  const engine::World& world;
  const engine::Engine& engine;
  std::vector<std::filesystem::path> directories;  // that the server writes to
};

// One finding or more for each check, in a fixed order. `go_on` is asked between pages of cases;
// when it says no the findings about tasks say that they are about a part only.
std::vector<Finding> Diagnose(const Examined& examined, const std::function<bool()>& go_on);

}  // namespace duban::duband
