// One case on a virtual clock, stepped by hand. Every step is checked: the fold of what was
// recorded is the case, and its configuration is a legal one.
#pragma once

#include <gtest/gtest.h>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/statechart/step.h"

namespace duban::statechart {

using Result = std::expected<Outcome, model::Rejection>;

class World {
 public:
  // `yaml`: states and everything else of a workflow but its head. A failing load fails the test.
  explicit World(std::string_view yaml);

  Result Do(std::string_view actor, model::CommandBody body);
  Result Start(std::string_view actor = "system", model::Map data = {});
  Result Send(std::string_view actor, std::string event, model::Value data = {},
              std::string reason = {});
  // The open (or else first) seat of the state's round.
  Result Decide(std::string_view actor, std::string_view state, std::string outcome,
                std::string opinion = {}, model::Map form = {});
  // Moves the clock, firing what is due on the way.
  void Advance(model::Duration span);
  void AdvanceTo(std::string_view rfc3339);
  void SetNow(std::string_view rfc3339);

  // The parts, for tests that want to look or change them.
  const definition::Definition& definition() const { return *definition_; }
  const model::Case& state() const { return state_; }
  Facts facts() const { return {now, &organisation, &calendar, {5000}, seed}; }

  std::vector<std::string> Active() const;  // leaf states
  model::Value Field(std::string_view name) const;
  const model::Round* Round(std::string_view state) const;
  model::Ordinal Task(std::string_view state, std::string_view actor) const;
  std::vector<const model::Timer*> Timers(model::TimerKind kind) const;
  // "cause recipient" of every message since the last call.
  std::vector<std::string> Told();
  std::vector<model::Notification> messages;  // since the last Told()
  std::vector<model::Event> last;             // of the last step

  model::Timestamp now;
  definition::Organisation organisation;
  calendar::Calendar calendar;
  model::Parent parent;
  std::uint64_t seed = 1;  // of lots

  // How many events of the kind the last step recorded.
  template <class T>
  std::size_t Count() const {
    std::size_t count = 0;
    for (const model::Event& event : last) count += std::holds_alternative<T>(event);
    return count;
  }
  template <class T>
  const T* Find() const {
    for (const model::Event& event : last) {
      if (const T* found = std::get_if<T>(&event)) return found;
    }
    return nullptr;
  }

 private:
  void CheckLegal() const;

  std::shared_ptr<const definition::Definition> definition_;
  model::Case state_;
  std::vector<model::JournalEntry> journal_;
};

// "REASON" of a rejection, "" of an outcome.
std::string ReasonOf(const Result& result);

}  // namespace duban::statechart
