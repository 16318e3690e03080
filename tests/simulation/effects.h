// What committed steps promised to the world outside and to other cases, and what became of it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/ports/notifier.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/faults.h"

namespace duban::simulation {

struct Effect {
  ports::OutboxKind kind = ports::OutboxKind::kNotification;
  bool removed = false;    // the row is gone: it was carried out
  model::Command command;  // kCommand
  std::string recipient;   // kNotification
  bool urgent = false;
  std::map<std::string, int> accepted;   // channel → how often it said yes
  std::map<std::string, int> delivered;  // channel → how often it arrived
};

class Effects {
 public:
  // `normal`, `urgent`: the channels that must carry a notification of that kind.
  Effects(std::vector<std::string> normal, std::vector<std::string> urgent)
      : normal_(std::move(normal)), urgent_(std::move(urgent)) {}

  // Of a committed step. Throws Violation, as everything here.
  void Promise(const definition::Definition& definition, const model::Event& event,
               const model::Case& after);
  // A notification reached its recipient. `said_so`: the channel answered that it did.
  void Delivered(const std::string& channel, const ports::Message& message, bool said_so);
  // The engine starts anew, and may repeat what it could not write down.
  void NewLife() { accepted_in_this_life_.clear(); }

  // The outbox of the case is what was promised and is not yet done.
  void CheckRows(model::CaseId id, const Disk& disk) const;
  // Whether it is an event for another case that waits.
  bool IsMessage(const ports::OutboxKey& key) const;
  // A row leaves the outbox. Gives the command that it held, if any.
  const model::Command* Remove(const ports::OutboxKey& key);
  void CheckDead(const ports::OutboxRow& row) const;
  // Nothing waits any more: every notification has arrived, or lies among the dead.
  void CheckAllDone(const Disk& disk) const;

  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t repeated() const { return repeated_; }

 private:
  const std::vector<std::string>& Channels(const Effect& effect) const {
    return effect.urgent ? urgent_ : normal_;
  }
  Effect& Add(model::CaseId id, model::Ordinal ordinal, ports::OutboxKind kind);
  void PromiseOfEnd(const definition::Definition& definition, const model::CaseEnded& ended,
                    const model::Case& after);

  const std::vector<std::string> normal_;
  const std::vector<std::string> urgent_;
  std::map<model::CaseId, std::map<model::Ordinal, Effect>> effects_;
  std::map<model::CaseId, std::set<model::Ordinal>> open_;               // not yet done
  std::set<std::pair<std::string, std::string>> accepted_in_this_life_;  // channel, key
  std::map<std::string, std::string> contents_;                          // key → what was said
  std::uint64_t delivered_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace duban::simulation
