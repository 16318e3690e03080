#include "tests/simulation/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/engine/views.h"
#include "core/model/codec.h"
#include "core/statechart/step.h"
#include "tests/simulation/replay.h"

namespace duban::simulation {
namespace {

template <class... Args>
[[noreturn]] void Fail(fmt::format_string<Args...> text, Args&&... args) {
  throw Violation{fmt::format(text, std::forward<Args>(args)...)};
}

// What may be so already when it is asked for: copied, read, claimed, released.
bool MayBeSoAlready(const model::Command& command) {
  return std::holds_alternative<model::CopyTo>(command.body) ||
         std::holds_alternative<model::MarkRead>(command.body) ||
         std::holds_alternative<model::Claim>(command.body) ||
         std::holds_alternative<model::Release>(command.body);
}

}  // namespace

void Checker::Applied(const ports::Batch& batch, std::uint64_t last_change) {
  ++commits_;
  versions_.clear();
  taken_.clear();
  has_messages_ = std::ranges::any_of(batch.outbox_done,
                                      [&](const auto& key) { return effects_.IsMessage(key); });
  if (last_change != disk_.changes().size()) Fail("a change number is wrong");
  std::set<model::CaseId> touched;
  for (const ports::CaseWrite& write : batch.cases) {
    Enter(write, batch);
    touched.insert(write.row.case_id);
  }
  CheckRequests(batch);
  for (const ports::OutboxKey& key : batch.outbox_done) {
    touched.insert(key.case_id);
    if (const model::Command* command = effects_.Remove(key)) CheckMessage(*command, key);
  }
  if (!taken_.empty()) {
    Fail("{} took {} from another case, but it stays in the outbox",
         taken_.begin()->first.ToString(), taken_.begin()->second);
  }
  for (const ports::OutboxRow& row : batch.outbox_updated) {
    touched.insert(row.case_id);
    effects_.CheckDead(row);
  }
  for (const model::CaseId id : touched) {
    const auto known = cases_.find(id);
    if (known == cases_.end()) Fail("{}: rows of a case that is not there", id.ToString());
    CheckRows(known->second);
    effects_.CheckRows(id, disk_);
  }
}

void Checker::Enter(const ports::CaseWrite& write, const ports::Batch& batch) {
  const model::CaseId id = write.row.case_id;
  Known& known = cases_[id];
  if (known.definition == nullptr) {
    const auto found = campaign_.workflows.find(write.row.workflow);
    if (found == campaign_.workflows.end()) Fail("{}: no such workflow", id.ToString());
    known.definition = found->second.get();
    known.state.id = id;
  }
  for (const ports::JournalRow& row : write.journal) {
    const auto entry = model::Decode<model::JournalEntry>(row.body);
    if (entry.revision != row.revision) Fail("{}: a journal row misplaced", id.ToString());
    if (has_messages_ && known.state.revision > 0) versions_.emplace(id, known);
    Replay(*known.definition, known.state, entry);
    Count(known, entry);
    if (!entry.request_id.empty()) {
      const std::string key = entry.actor + '/' + entry.request_id;
      if (!done_.try_emplace(key, Done{id, entry.revision, commits_}).second)
        Fail("the request {} is applied a second time, to {}", key, id.ToString());
      const auto kept = std::ranges::find(batch.requests, key, &ports::RequestRow::request_id);
      if (kept == batch.requests.end())
        Fail("the request {} is applied, and its answer is not stored with it", key);
    }
  }
  CheckCaseRow(known, write.row);
  FollowOpen(known);
}

void Checker::FollowOpen(const Known& known) {
  const auto place = std::ranges::lower_bound(open_, known.state.id, {},
                                              [](const Known* one) { return one->state.id; });
  const bool there = place != open_.end() && *place == &known;
  if (there && known.state.ended) open_.erase(place);
  if (!there && !known.state.ended) open_.insert(place, &known);
}

void Checker::Count(const Known& known, const model::JournalEntry& entry) {
  ++entries_;
  if (entry.events.empty()) Fail("{}: an empty step", known.state.id.ToString());
  for (const model::Event& event : entry.events) {
    timers_fired_ += std::holds_alternative<model::TimerFired>(event);
    effects_.Promise(*known.definition, event, known.state);
  }
  const bool system = entry.actor == model::Principal::kSystem;
  const auto* taken = std::get_if<model::EventTaken>(&entry.events.front());
  if (system && taken) taken_.emplace(known.state.id, taken->name);
}

void Checker::CheckCaseRow(const Known& known, const ports::CaseRow& row) const {
  const model::Case& state = known.state;
  const std::string id = state.id.ToString();
  if (model::Encode(state) != row.body)
    Fail("{} at revision {}: the case is not the fold of its journal", id, row.revision);
  if (row.revision != state.revision || row.campaign != state.campaign ||
      row.workflow != state.workflow || row.parent != state.parent.id || row.ended != state.ended ||
      row.outcome != state.outcome)
    Fail("{} at revision {}: its row is not the case", id, row.revision);
  const auto summary = model::Decode<engine::CaseSummary>(row.summary);
  if (summary.states.size() != state.configuration.size() ||
      summary.participants != state.participants || summary.updated_at != state.updated_at ||
      summary.deadlines.size() != state.deadlines.size() ||
      summary.copied_to.size() != state.copies.size())
    Fail("{} at revision {}: its summary is not the case", id, row.revision);
}

void Checker::CheckRows(const Known& known) const {
  const model::Case& state = known.state;
  const StoredCase& stored = disk_.cases().at(state.id);
  if (stored.journal.size() != state.revision)
    Fail("{}: a gap in the journal", state.id.ToString());
  // A timer row may only be missing where the timer failed and lies among the dead letters.
  std::size_t present = 0;
  for (const model::Timer& timer : state.timers) {
    const auto row = stored.timers.find(timer.ordinal);
    if (row == stored.timers.end()) {
      const auto dead = disk_.outbox().find({state.id, timer.ordinal});
      if (dead != disk_.outbox().end() && dead->second.state == ports::OutboxState::kDead) continue;
      Fail("{} at revision {}: the timer {} is lost", state.id.ToString(), state.revision,
           timer.ordinal);
    }
    ++present;
    if (row->second != timer.due)
      Fail("{}: the timer {} is stored for another time", state.id.ToString(), timer.ordinal);
  }
  if (present != stored.timers.size())
    Fail("{} at revision {}: a timer is stored that the case does not have", state.id.ToString(),
         state.revision);
  CheckTasks(known, stored);
  CheckCase(*known.definition, state);
}

void Checker::CheckTasks(const Known& known, const StoredCase& stored) const {
  const model::Case& state = known.state;
  std::set<model::Ordinal> of_rounds;
  for (const model::Round& round : state.rounds) {
    for (const model::Seat& seat : round.seats) {
      of_rounds.insert(seat.ordinal);
      const model::TaskId id{state.id, seat.ordinal};
      const auto row = stored.tasks.find(seat.ordinal);
      if (row == stored.tasks.end()) Fail("{}: a task without a row", id.ToString());
      const auto view = model::Decode<engine::TaskView>(row->second.body);
      const bool open = seat.state == model::SeatState::kOpen;
      const auto shown = seat.claimed_by.empty() ? seat.candidates : std::vector{seat.claimed_by};
      if (row->second.open != open || row->second.candidates != shown || view.seat != seat ||
          view.id != id || view.title != round.title || view.opened_at != round.opened_at ||
          view.state != known.definition->states[round.state].id)
        Fail("{} at revision {}: its row is not the task", id.ToString(), state.revision);
      const auto due = std::ranges::find(state.deadlines, round.state, &model::Deadline::state);
      if (open && due != state.deadlines.end() && row->second.due != due->due)
        Fail("{} at revision {}: its row has another due date", id.ToString(), state.revision);
    }
  }
  for (const auto& [ordinal, row] : stored.tasks) {
    if (row.open && !of_rounds.contains(ordinal))
      Fail("{}: an open task that nothing asks for", model::TaskId{state.id, ordinal}.ToString());
  }
}

void Checker::CheckRequests(const ports::Batch& batch) const {
  constexpr std::string_view kCounted = "system/calendar/";  // all deadlines, by that calendar
  for (const ports::RequestRow& row : batch.requests) {
    if (row.request_id.starts_with(kCounted)) continue;
    const auto done = done_.find(row.request_id);
    if (done == done_.end()) Fail("an answer is stored for {}, which was not done", row.request_id);
    const auto receipt = model::Decode<engine::Receipt>(row.reply);
    if (receipt.case_id != done->second.case_id || receipt.revision != done->second.revision)
      Fail("the stored answer of {} speaks of another step", row.request_id);
  }
}

// A message between cases leaves the outbox in the transaction in which it is taken, or because its
// addressee does not want it.
void Checker::CheckMessage(const model::Command& command, const ports::OutboxKey& key) {
  const std::string name = model::TaskId{key.case_id, key.ordinal}.ToString();
  const auto target = cases_.find(command.case_id);
  if (const auto* start = std::get_if<model::StartCase>(&command.body)) {
    if (target == cases_.end()) Fail("{}: a child was promised and is not started", name);
    if (target->second.state.parent.id != start->parent.id ||
        target->second.state.parent.child != start->parent.child)
      Fail("{}: a child does not know its parent", name);
    return;
  }
  if (target == cases_.end()) Fail("{}: a message to nobody is gone", name);
  const model::Case& state = target->second.state;
  if (const auto* report = std::get_if<model::ReportChild>(&command.body)) {
    const auto child = std::ranges::find(state.children, report->child, &model::Child::ordinal);
    if (child == state.children.end() || (!child->ended && !state.ended))
      Fail("{}: the report of a child is lost", name);
    return;
  }
  if (std::holds_alternative<model::Terminate>(command.body)) {
    if (!Took(command.case_id, "case.terminated") && !state.ended)
      Fail("{}: a child was to end with its parent, and goes on", name);
    return;
  }
  CheckEvent(command, name);
}

void Checker::CheckEvent(const model::Command& command, const std::string& name) {
  const auto& send = std::get<model::SendEvent>(command.body);
  if (!Took(command.case_id, send.name) && !Unwanted(command))
    Fail("{}: the message {} to {} is lost", name, send.name, command.case_id.ToString());
}

// In the batch that is looked at; each event counts once.
bool Checker::Took(model::CaseId id, const std::string& event) {
  const auto [first, last] = taken_.equal_range(id);
  const auto found =
      std::find_if(first, last, [&](const auto& entry) { return entry.second == event; });
  if (found == last) return false;
  taken_.erase(found);
  return true;
}

bool Checker::Unwanted(const model::Command& command) const {
  const auto snapshot = world_.Now();
  const statechart::Facts facts{
      clock_.Now(), &snapshot->organisation, &snapshot->calendar, {~std::uint64_t{0} / 2}};
  const auto refuses = [&](const Known& known) {
    return known.state.ended ||
           !statechart::Step(*known.definition, model::Case(known.state), command, facts)
                .has_value();
  };
  const auto [first, last] = versions_.equal_range(command.case_id);
  return refuses(cases_.at(command.case_id)) ||
         std::any_of(first, last, [&](const auto& entry) { return refuses(entry.second); });
}

bool Checker::Acknowledged(const std::string& key, const engine::Receipt& receipt,
                           const model::Command& command) {
  const auto stored = disk_.requests().find(key);
  if (stored == disk_.requests().end()) {
    if (!MayBeSoAlready(command)) Fail("{} is acknowledged and not stored", key);
    const auto of_case = disk_.cases().find(receipt.case_id);
    if (of_case == disk_.cases().end() || of_case->second.row.revision < receipt.revision)
      Fail("{} is acknowledged for what is not stored", key);
    ++idle_;
    return false;
  }
  const std::string answer = model::Encode(receipt);
  if (stored->second.reply != answer) Fail("{} is answered otherwise than it is stored", key);
  const auto [before, first] = acknowledged_.try_emplace(key, answer);
  if (!first && before->second != answer) Fail("{} is answered in two ways", key);
  const auto of_case = disk_.cases().find(receipt.case_id);
  if (of_case == disk_.cases().end() || !of_case->second.journal.contains(receipt.revision))
    Fail("{} is acknowledged and its step is not in the journal", key);
  if (!done_.contains(key)) Fail("{} is acknowledged and was never done", key);
  return true;
}

void Checker::Refused(const std::string& key, const model::Rejection& rejection) {
  if (rejection.reason == model::Reason::kInternal)
    Fail("{} meets a defect: {}", key, rejection.message.In("en"));
  if (rejection.message.zh.empty() || rejection.message.en.empty())
    Fail("{} is refused without a word", key);
  // Sent twice, it may be refused and then done within one batch: what an earlier commit holds
  // counts.
  const auto done = done_.find(key);
  if (done != done_.end() && done->second.commit < commits_)
    Fail("{} was done, and is refused: {}", key, rejection.message.In("en"));
}

void Checker::Final(const ports::Clock& clock) const {
  for (const auto& [id, stored] : disk_.cases()) {
    const Known& known = cases_.at(id);
    model::Case folded;
    folded.id = id;
    for (const auto& [revision, row] : stored.journal)
      statechart::Apply(*known.definition, folded, model::Decode<model::JournalEntry>(row.body));
    if (folded != model::Decode<model::Case>(stored.row.body))
      Fail("{}: in the end it is not the fold of its journal", id.ToString());
    for (const auto& [ordinal, due] : stored.timers) {
      if (due <= clock.Now()) Fail("{}: the timer {} is due and rests", id.ToString(), ordinal);
    }
  }
  for (std::size_t i = 0; i < disk_.changes().size(); ++i) {
    const auto& [id, revision] = disk_.changes()[i];
    if (disk_.cases().at(id).journal.at(revision).change != i + 1) Fail("changes have a gap");
  }
  for (const auto& [key, answer] : acknowledged_) {
    const auto stored = disk_.requests().find(key);
    if (stored == disk_.requests().end() || stored->second.reply != answer)
      Fail("{} was acknowledged and is lost", key);
  }
  effects_.CheckAllDone(disk_);
}

}  // namespace duban::simulation
