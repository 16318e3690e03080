// A world in memory for scenarios: cases, a virtual clock, an organisation and a calendar that
// stand still. What the engine does between commits is done here at once and in one order: children
// are started, messages and results are delivered, timers fire when they are due.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/model/rejection.h"

namespace duban::play {

// What the scenarios of a folder share; immutable.
struct Folder {
  std::shared_ptr<const definition::Campaign> campaign;
  definition::Organisation organisation;
  calendar::Calendar calendar;
};

struct Instance {
  std::shared_ptr<const definition::Definition> definition;
  model::Case state;
  std::vector<model::JournalEntry> journal;
  std::map<std::string, model::Ordinal> last_task;  // state → the task that it opened last
};

// Single-threaded. The folder must outlive it.
class World {
 public:
  World(const Folder& folder, model::Timestamp now) : folder_(folder), now_(now) {}

  // Takes the command and everything that follows from it at the present time.
  std::expected<model::CaseId, model::Rejection> Submit(model::Command command);
  // Lets time pass: timers fire in the order of (due, case, ordinal), each at its due time.
  void AdvanceTo(model::Timestamp until);

  model::Timestamp now() const { return now_; }
  const Instance* Find(model::CaseId id) const;
  const std::map<model::CaseId, Instance>& cases() const { return cases_; }

  // What went wrong by itself: a child that could not be started, a case that is not the fold of
  // its events …
  std::vector<std::string> TakeProblems() { return std::exchange(problems_, {}); }
  // Who was told since it was asked last.
  std::vector<model::Notification> TakeNotifications() { return std::exchange(notifications_, {}); }

 private:
  std::expected<void, model::Rejection> Step(const model::Command& command);
  void CheckFold(const Instance& before, const Instance& after);
  void Follow(model::CaseId id, const std::vector<model::Event>& events);
  void Settle();
  bool FireNext(model::Timestamp until);
  void FollowUp(const model::Command& command);

  const Folder& folder_;
  model::Timestamp now_;
  std::uint64_t next_id_ = 1;
  std::map<model::CaseId, Instance> cases_;
  std::deque<model::Command> queue_;
  std::vector<std::string> problems_;
  std::vector<model::Notification> notifications_;
};

}  // namespace duban::play
