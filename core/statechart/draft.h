// A step while it is being decided: the case as it has become so far, the events that made it so,
// the queues.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/statechart/scope.h"
#include "core/statechart/step.h"

namespace duban::statechart {

class Draft {
 public:
  // Everything given must outlive the draft; facts.organisation and facts.calendar may be null:
  // empty ones.
  // `outcome` holds the case before and becomes what the step leads to.
  Draft(const definition::Definition& definition, Outcome& outcome, const Facts& facts,
        const model::Principal& actor);

  const definition::Definition& definition() const { return definition_; }
  const definition::Organisation& organisation() const { return scope_.organisation(); }
  const calendar::Calendar& calendar() const;
  const Facts& facts() const { return facts_; }
  const model::Principal& actor() const { return actor_; }
  const model::Case& state() const { return case_; }
  Scope& scope() { return scope_; }
  model::Ordinal next_ordinal() const { return case_.next_ordinal; }

  // Records the event and applies it. The second makes it in place from its members.
  template <class T>
  void Emit(T&& event) {
    events_.emplace_back(std::forward<T>(event));
    Recorded();
  }
  template <class T, class... Members>
  void EmitNew(Members&&... members) {
    events_.emplace_back(std::in_place_type<T>, std::forward<Members>(members)...);
    Recorded();
  }
  std::size_t recorded() const { return events_.size(); }
  const std::vector<model::Event>& events() const { return events_; }

  // The step is rejected; the first reason stays. What is emitted afterwards is lost with the
  // draft.
  void Fail(model::Rejection rejection);
  void Fail(model::Reason reason, std::string zh, std::string en);
  bool failed() const { return failure_.has_value(); }

  // SCXML's internal and external queue.
  void Raise(Occurrence event) { Enqueue(internal_, std::move(event)); }
  void Queue(Occurrence event) { Enqueue(external_, std::move(event)); }
  std::optional<Occurrence> NextInternal() { return Dequeue(internal_); }
  std::optional<Occurrence> NextExternal() { return Dequeue(external_); }
  // An internal event in the name of who acts.
  void RaiseNamed(std::string name, model::Value data);

  // error.execution, recorded with its place.
  void RaiseError(const definition::Place& place, const std::string& message);
  void RaiseError(const definition::Place& place, const expression::Program& program,
                  const expression::Problem& problem);
  // The value, or no value after error.execution was raised.
  std::expected<model::Value, expression::Problem> Evaluate(const expression::Program& program,
                                                            const definition::Place& place);
  std::optional<model::Map> Evaluate(const definition::DataMap& data,
                                     const definition::Place& place);
  // Whether the transition's guard holds. A guard that fails is false, and raises error.execution
  // once a step.
  bool GuardHolds(model::TransitionIndex transition);

  // Assigns a field within the limits of the case's size.
  void Assign(model::FieldIndex field, model::Value&& value);
  // One message to each.
  void Tell(const std::vector<model::PersonId>& people, const model::Text& subject,
            const model::Text& body, model::Urgency urgency, model::NotificationCause cause);

  // Counts against the limits of step.h; false when the step has failed.
  bool CountMicrostep();
  bool CountAction();
  model::CaseId TakeChildId();

  // While the case is put back on its course: every round that is entered is opened `again`, and
  // that of `restored` as it was.
  struct Reentry {
    std::optional<model::Round> restored;
  };
  void SetReentry(std::optional<Reentry> reentry) { reentry_ = std::move(reentry); }
  const std::optional<Reentry>& reentry() const { return reentry_; }

  bool ended() const { return case_.ended; }
  // Set when a final state at the top was entered (SCXML: running = false).
  void SetFinished(model::StateIndex final_state) { finished_ = final_state; }
  std::optional<model::StateIndex> finished() const { return finished_; }

  // The outcome is complete; or why the step is rejected.
  std::optional<model::Rejection> Finish() &&;

 private:
  // First in, first out; takes no memory before the first event. What was taken stays until it is
  // empty.
  struct EventQueue {
    std::vector<Occurrence> events;
    std::size_t next = 0;
  };

  void Recorded();
  void Enqueue(EventQueue& queue, Occurrence event);
  static std::optional<Occurrence> Dequeue(EventQueue& queue);
  bool CheckSize(const model::Value& value);

  const definition::Definition& definition_;
  const Facts& facts_;
  const model::Principal& actor_;
  model::Case& case_;
  Scope scope_;
  std::vector<model::Event>& events_;
  EventQueue internal_;
  EventQueue external_;
  std::optional<model::Rejection> failure_;
  std::optional<model::StateIndex> finished_;
  std::vector<model::TransitionIndex> failed_guards_;
  std::optional<std::size_t> data_bytes_;
  std::optional<Reentry> reentry_;
  int microsteps_ = 0;
  int actions_ = 0;
  int children_ = 0;
};

// About how much the value takes; stops counting beyond `limit`. Nested deeper than kMaxDataDepth:
// limit + 1.
std::size_t SizeOf(const model::Value& value, std::size_t limit, int depth = 0);

// What a step leaves on the case beside what each of its events did: when it was, and who last
// moved the case or a task, as against looking at it, talking about it or preparing
// (Case::last_act).
void Seal(model::Case& state, std::span<const model::Event> events, model::Revision revision,
          const model::PersonId& actor, model::Timestamp at);

}  // namespace duban::statechart
