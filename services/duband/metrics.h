// What a Prometheus server scrapes: docs/operations.md lists every metric. Labels are bounded:
// methods and codes are ours, workflows beyond the first kWorkflows are counted as "other".
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "core/engine/engine.h"
#include "core/engine/world.h"
#include "core/model/text.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"

namespace duban::duband {

// Thread-safe.
class Metrics {
 public:
  static constexpr std::size_t kWorkflows = 100;
  // What a scrape asks the storage for is kept this long: scraping more often costs nothing more.
  static constexpr std::chrono::seconds kKept{5};

  struct Sources {
    const engine::Engine& engine;
    ports::Storage& storage;
    engine::Catalog& catalog;
    const ports::Clock& clock;
    const engine::World& world;
    std::function<std::size_t()> streams;
  };

  // Everything outlives it.
  explicit Metrics(Sources sources);
  ~Metrics();

  // From then on http://<address>/metrics answers, without credentials. What to do when it cannot.
  std::expected<void, model::Text> Listen(const std::string& address);

  // A call ended. `method` and `code` are literals.
  void Called(const char* method, const char* code, std::chrono::nanoseconds took);
  void Batch(const engine::Engine::BatchReport& report);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace duban::duband
