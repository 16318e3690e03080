// What expressions see of a case: its data, the event being taken, the time, the organisation.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/command.h"

namespace duban::statechart {

// An event on its way to the transitions that take it (SCXML's _event, with what Duban knows on
// top).
struct Occurrence {
  enum class Trigger : std::uint8_t { kName, kClock, kOverdue };

  std::string name;
  model::Value data;
  model::PersonId actor;
  std::string reason;
  Trigger trigger = Trigger::kName;
  model::StateIndex state = model::kNoState;  // set: only this state and those around it take it
  int clock = -1;                             // kClock: which of the state's; kOverdue: the stage
  bool asked = false;  // by a command: must be taken, and by a transition that `actor` may use
  bool needs_reason = false;  // `require: reason` applies to it
};

// The world of one evaluation. Refers to everything it is given; all must outlive it. Values that
// few expressions mention (event, now, case, children) are built when the first one does.
class Scope final : public expression::Activation {
 public:
  Scope(const definition::Definition& definition, const definition::Organisation& organisation,
        const model::Case& state, model::Timestamp now)
      : definition_(definition), organisation_(organisation), case_(state), now_(now) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  const model::Value* Get(int slot) const override;
  std::expected<model::Value, std::string> Call(
      int id, std::span<const model::Value> arguments) const override;

  // The event being taken from now on; null: none.
  void SetEvent(const Occurrence* event) {
    event_ = event;
    event_value_ = nullptr;
  }
  void SetItem(const model::Value* item) { item_ = item; }
  const Occurrence* event() const { return event_; }
  void ChildrenChanged() { children_.reset(); }

  const definition::Definition& definition() const { return definition_; }
  const definition::Organisation& organisation() const { return organisation_; }
  const model::Case& state() const { return case_; }
  // Data of the event being taken; null: none.
  const model::Value& event_data() const;
  model::Timestamp now() const { return now_; }

 private:
  const model::Value* EventValue() const;
  model::Value Self() const;
  model::Value Children() const;

  const definition::Definition& definition_;
  const definition::Organisation& organisation_;
  const model::Case& case_;
  model::Timestamp now_;
  const Occurrence* event_ = nullptr;
  const model::Value* item_ = nullptr;
  mutable const model::Value* event_value_ = nullptr;
  mutable model::Value built_event_;
  mutable std::optional<model::Value> now_value_;
  mutable std::optional<model::Value> self_;
  mutable std::optional<model::Value> children_;
};

// Whether the state is active.
bool IsActive(const model::Case& state, model::StateIndex index);

// Whether an SCXML descriptor ("a.b", "a.*", "*") takes the event name (SCXML 3.12.1).
bool Matches(std::string_view descriptor, std::string_view event);
bool Matches(const std::vector<std::string>& descriptors, std::string_view event);

}  // namespace duban::statechart
