// One engine with its outbox, as a server has it, but stepped by hand: from its start to its death.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/engine/engine.h"
#include "core/engine/outbox.h"
#include "core/engine/queries.h"
#include "tests/simulation/notifier.h"
#include "tests/simulation/storage.h"
#include "tests/simulation/theatre.h"

namespace duban::simulation {

// What a node needs and does not own; outlives it.
struct Surroundings {
  Theatre& theatre;
  Disk& disk;
  ports::Storage& storage;  // the disk, or what stands in front of it
  Effects& effects;
  Random& random;
  VirtualClock& clock;
  const Faults& faults;
  Trace& trace;
  Fleet& fleet;
};

class Node {
 public:
  Node(const Surroundings& around, std::size_t index, engine::Limits limits);

  bool alive() const { return life_ != nullptr; }
  // False when the storage did not let it start.
  bool Start();
  // Forgets everything at once, as the death of its process does.
  void Die();

  // What happens when the storage lets another node go ahead.
  void OnOvertaken(std::function<void()> go) { storage_.let_another_go = std::move(go); }

  engine::Engine& engine() { return life_->engine; }
  engine::Outbox& outbox() { return life_->outbox; }
  // One read of a client, compared with what is stored. Throws Violation.
  void Look(const std::string& person);

 private:
  struct Life {
    Life(Node& node, engine::Catalog& catalog);
    engine::Engine engine;
    engine::Outbox outbox;
    engine::Queries queries;
    std::uint64_t announced = 0;
  };
  void Watch();
  void ReadInbox(const std::string& person);

  const Surroundings around_;
  const std::size_t index_;
  const engine::Limits limits_;
  FaultyStorage storage_;
  FaultyNotifier mail_;
  FaultyNotifier phone_;
  // Outlives most deaths, to spare the compiler: it holds nothing but what the disk says.
  std::unique_ptr<engine::Catalog> catalog_;
  std::unique_ptr<Life> life_;
  std::uint64_t watched_ = 0;  // the watcher's resume token
};

}  // namespace duban::simulation
