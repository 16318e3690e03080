// Watches the disk and the answers: after every commit the promises must hold. Throws Violation
// where one is broken.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/world.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/effects.h"
#include "tests/simulation/faults.h"

namespace duban::simulation {

// A case as its journal tells it, kept beside the engine's.
struct Known {
  const definition::Definition* definition = nullptr;
  model::Case state;
};

class Checker {
 public:
  Checker(const Disk& disk, const definition::Campaign& campaign, const engine::World& world,
          const ports::Clock& clock, Effects& effects)
      : disk_(disk), campaign_(campaign), world_(world), clock_(clock), effects_(effects) {}

  // The disk has taken a batch.
  void Applied(const ports::Batch& batch, std::uint64_t last_change);
  // A client was answered. `key` is "<person>/<request id>". True: the answer is remembered. False:
  // it was so already, nothing was written.
  bool Acknowledged(const std::string& key, const engine::Receipt& receipt,
                    const model::Command& command);
  void Refused(const std::string& key, const model::Rejection& rejection);
  // Everything has come to rest; from the beginning once more.
  void Final(const ports::Clock& clock) const;

  const std::map<model::CaseId, Known>& cases() const { return cases_; }
  // Those that have not ended, by id.
  const std::vector<const Known*>& open() const { return open_; }
  std::uint64_t commits() const { return commits_; }
  std::uint64_t entries() const { return entries_; }
  std::uint64_t timers_fired() const { return timers_fired_; }
  std::uint64_t acknowledged() const { return acknowledged_.size(); }
  std::uint64_t idle() const { return idle_; }

 private:
  void Enter(const ports::CaseWrite& write, const ports::Batch& batch);
  void FollowOpen(const Known& known);
  void Count(const Known& known, const model::JournalEntry& entry);
  void CheckCaseRow(const Known& known, const ports::CaseRow& row) const;
  void CheckRows(const Known& known) const;
  void CheckTasks(const Known& known, const StoredCase& stored) const;
  void CheckRequests(const ports::Batch& batch) const;
  void CheckMessage(const model::Command& command, const ports::OutboxKey& key);
  void CheckEvent(const model::Command& command, const std::string& name);
  bool Took(model::CaseId id, const std::string& event);
  bool Unwanted(const model::Command& command) const;

  const Disk& disk_;
  const definition::Campaign& campaign_;
  const engine::World& world_;
  const ports::Clock& clock_;
  Effects& effects_;
  std::map<model::CaseId, Known> cases_;
  std::vector<const Known*> open_;
  // In the batch being looked at: each case as it was before and between its steps, and what it
  // took from other cases.
  std::multimap<model::CaseId, Known> versions_;  // where it carries messages between cases
  bool has_messages_ = false;
  std::multimap<model::CaseId, std::string> taken_;
  struct Done {
    model::CaseId case_id;
    model::Revision revision = 0;
    std::uint64_t commit = 0;
  };
  std::unordered_map<std::string, Done> done_;                 // by request
  std::unordered_map<std::string, std::string> acknowledged_;  // request → receipt
  std::uint64_t commits_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t timers_fired_ = 0;
  std::uint64_t idle_ = 0;
};

}  // namespace duban::simulation
