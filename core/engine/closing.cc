#include "core/engine/closing.h"

#include <algorithm>

#include "core/model/codec.h"

namespace duban::engine {
namespace {

using model::Event;
using model::JournalEntry;
using model::Text;

Text HowOf(const model::Jumped& jumped) {
  switch (jumped.cause) {
    case model::Jumped::Cause::kReturned:
      return {"退回了案件", "returned the case"};
    case model::Jumped::Cause::kWithdrawn:
      return {"撤回了上一步的决定", "withdrew the decision before it"};
    case model::Jumped::Cause::kOverridden:
      return {"确认了对流程的干预", "confirmed an override"};
    case model::Jumped::Cause::kResubmitted:
      break;
  }
  return {"重新提交了案件", "submitted the case again"};
}

// What of the step is most telling: a jump, the end, a decision, what was sent.
Text HowOf(const JournalEntry& entry) {
  std::optional<Text> decided, sent, end;
  for (const Event& event : entry.events) {
    if (const auto* jumped = std::get_if<model::Jumped>(&event)) return HowOf(*jumped);
    const auto* ended = std::get_if<model::CaseEnded>(&event);
    if (ended != nullptr && ended->outcome == "revoked") return {"撤销了案件", "revoked the case"};
    if (ended != nullptr)
      end = Text{"结束了案件（" + ended->outcome + "）", "ended the case (" + ended->outcome + ")"};
    const auto* decision = std::get_if<model::SeatDecided>(&event);
    if (decision != nullptr && !decided) {
      const std::string& outcome = decision->vote.outcome;
      decided = Text{"作出了决定（" + outcome + "）", "decided (" + outcome + ")"};
    }
    const auto* taken = std::get_if<model::EventTaken>(&event);
    if (taken != nullptr && !sent) sent = Text{"发送了 " + taken->name, "sent " + taken->name};
  }
  if (decided) return *decided;
  if (sent) return *sent;
  return end.value_or(Text{"推进了案件", "moved the case on"});
}

// Follows one task through the steps: how it ended. What ended before it was opened is forgotten
// when that is met; it may have been opened longer ago.
class Follower {
 public:
  Follower(model::Ordinal task, model::StateIndex state) : task_(task), state_(state) {}

  void Take(const JournalEntry& entry) {
    for (const Event& event : entry.events) {
      if (const auto* opened = std::get_if<model::RoundOpened>(&event))
        Open(opened->round.state, opened->round.seats);
      if (const auto* added = std::get_if<model::SeatsAdded>(&event))
        Open(added->state, added->seats);
      if (closing_) continue;
      if (const auto* removed = std::get_if<model::SeatsRemoved>(&event);
          removed && std::ranges::find(removed->ordinals, task_) != removed->ordinals.end())
        closing_ = Closing{entry.actor, entry.at, {"减去了这一席位", "took the seat out again"}};
      const auto* decided = std::get_if<model::RoundDecided>(&event);
      const auto* closed = std::get_if<model::RoundClosed>(&event);
      if ((decided && decided->state == state_) || (closed && closed->state == state_))
        closing_ = Closing{entry.actor, entry.at, HowOf(entry)};
    }
  }
  std::optional<Closing> closing() && { return std::move(closing_); }

 private:
  void Open(model::StateIndex state, const std::vector<model::Seat>& seats) {
    if (std::ranges::find(seats, task_, &model::Seat::ordinal) == seats.end()) return;
    state_ = state;
    closing_.reset();
  }

  const model::Ordinal task_;
  model::StateIndex state_;
  std::optional<Closing> closing_;
};

}  // namespace

std::optional<Closing> FindClosing(ports::Storage& storage, const model::TaskId& task,
                                   model::StateIndex state, model::Revision now,
                                   std::span<const ports::JournalRow> staged) {
  const model::Revision after = now > kLookedBack ? now - kLookedBack : 0;
  const auto rows = storage.ReadJournal(task.case_id, after, kLookedBack);
  if (!rows) return std::nullopt;
  Follower follower(task.ordinal, state);
  for (const ports::JournalRow& row : *rows) follower.Take(model::Decode<JournalEntry>(row.body));
  for (const ports::JournalRow& row : staged) follower.Take(model::Decode<JournalEntry>(row.body));
  return std::move(follower).closing();
}

}  // namespace duban::engine
