// What becomes of a batch that is decided: committed, here or beside the loop; answered; or decided
// again.
#include <algorithm>
#include <iterator>

#include "core/engine/loop.h"

namespace duban::engine {
namespace {

// A batch that met another node's commit is decided again: whole, then each command alone.
constexpr int kAttemptsTogether = 3;
constexpr int kAttempts = 8;

bool IsPermanent(const ports::StorageError& error) {
  using Code = ports::StorageError::Code;
  return error.code == Code::kInvalid || error.code == Code::kCorrupt;
}

bool IsDeliverable(const ports::OutboxRow& row) {
  return row.kind != ports::OutboxKind::kCommand && row.state == ports::OutboxState::kPending;
}

}  // namespace

bool Engine::Loop::Work::Writes() const {
  return !batch.cases.empty() || !batch.outbox_done.empty() || !batch.outbox_updated.empty() ||
         !batch.requests.empty();
}

Engine::Loop::Work Engine::Loop::Work::In(Work over) {
  const auto reuse = [](auto& memory, auto& from) {
    from.clear();
    memory = std::move(from);
  };
  Work work;
  reuse(work.batch.cases, over.batch.cases);
  reuse(work.batch.requests, over.batch.requests);
  reuse(work.replies, over.replies);
  reuse(work.answered, over.answered);
  reuse(work.write_of, over.write_of);
  reuse(work.touched, over.touched);
  return work;
}

Engine::Loop::Work Engine::Loop::Seal() {
  Work work = std::exchange(work_, std::exchange(spare_, {}));
  for (const Finish& finish : work.finishes) {
    std::ranges::copy(finish.done, std::back_inserter(work.batch.outbox_done));
    std::ranges::copy(finish.updated, std::back_inserter(work.batch.outbox_updated));
  }
  return work;
}

// A lone command is committed here: handing it over would only make its answer later. Other nodes'
// commits are seen between two batches, so that with them no batch is decided while one is
// committed.
void Engine::Loop::Launch() {
  if (work_.IsEmpty()) return;
  const bool lone = !stepped_ && work_.commands.size() <= 1 && !IsWaitedFor();
  Work work = Seal();
  if (!work.Writes()) return Ended(std::move(work), {});
  if (!lone && !membership_.shared) return HandOver(std::move(work));
  const auto result = committer_.Commit(work.batch);
  Ended(std::move(work), result);
}

void Engine::Loop::HandOver(Work work) {
  committing_ = std::move(work);
  committer_.Begin(committing_->batch);
}

bool Engine::Loop::IsWaitedFor() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void Engine::Loop::Land() {
  const Committer::Result result = committer_.Take();
  Work landed = std::move(*committing_);
  committing_.reset();
  if (result.committed) {
    if (work_.Writes() && !InternalWork()) HandOver(Seal());
    return Ended(std::move(landed), result);
  }
  // What was decided meanwhile stood on it.
  Work later = std::exchange(work_, {});
  for (const model::CaseId id : later.touched) cache_.Forget(id);
  Ended(std::move(landed), result);
  work_.commands = std::move(later.commands);
  work_.finishes = std::move(later.finishes);
  work_.begun = later.begun;
  if (const auto ready = Decide(work_); !ready) Failed(std::exchange(work_, {}), ready.error());
}

void Engine::Loop::Ended(Work work, const Committer::Result& result) {
  const auto ended = Tick();
  BatchReport report;
  report.commands = work.commands.size();
  report.took = ended - work.begun;
  report.commit = result.took;
  report.failed = !result.committed;
  if (result.committed) {
    Committed(work, result.committed->last_change);
    spare_ = Work::In(std::move(work));
  } else {
    Failed(std::move(work), result.committed.error());
  }
  if (on_batch && (report.commands > 0 || report.commit.count() > 0)) on_batch(report);
  if (!committing_) return;
  const std::lock_guard lock(mutex_);
  waiting_.Finished(ended);
  waiting_.Began(ended);
}

void Engine::Loop::Committed(Work& work, std::uint64_t last_change) {
  std::uint64_t own_changes = 0;
  bool notifications = false;
  for (const ports::CaseWrite& write : work.batch.cases) {
    own_changes += write.journal.size();
    notifications |= std::ranges::any_of(write.outbox, IsDeliverable);
    for (const ports::TimerRow& timer : write.timers_set) {
      if (!next_timer_ || timer.due < *next_timer_) next_timer_ = timer.due;
    }
    if (backlog_) continue;
    for (const ports::OutboxRow& row : write.outbox) {
      if (row.kind != ports::OutboxKind::kCommand || row.state != ports::OutboxState::kPending)
        continue;
      internal_.push_back({.command = model::Decode<model::Command>(row.body), .from_outbox = row});
    }
  }
  for (const Finish& finish : work.finishes) {
    for (const ports::OutboxRow& row : finish.updated) {
      backlog_ |=
          row.kind == ports::OutboxKind::kCommand && row.state == ports::OutboxState::kPending;
      notifications |= IsDeliverable(row);
    }
  }
  for (const model::CaseId id : work.touched) {
    if (LiveCase* live = cache_.Find(id)) --live->writes;
  }
  if (work.timers_cleared) RefreshNextTimer();
  if (last_change == seen_change_ + own_changes) seen_change_ = last_change;
  {
    const std::lock_guard lock(mutex_);
    counters_.steps += work.counted.steps;
    counters_.rejections += work.counted.rejections;
    counters_.timers_fired += work.counted.timers_fired;
    for (const auto& [workflow, steps] : work.counted.steps_of)
      counters_.steps_of[workflow] += steps;
    counters_.batches += work.batch.cases.empty() ? 0 : 1;
  }
  for (const auto& [pending, reply] : work.replies) pending->reply(reply);
  for (Finish& finish : work.finishes) finish.promise.set_value({});
  if (last_change > 0 && on_commit) on_commit(last_change);
  if (notifications && on_notification) on_notification();
  for (Pending* pending : work.retry) {
    if (IsRecount(*pending)) recount_.Again();
    if (pending->from_outbox) internal_.push_back(std::move(*pending));
  }
  if (!work.retry.empty()) Hold();
  cache_.Trim();
}

void Engine::Loop::Failed(Work work, const ports::StorageError& error) {
  using Code = ports::StorageError::Code;
  for (const model::CaseId id : work.touched) cache_.Forget(id);
  if (std::ranges::any_of(work.commands, IsRecount)) recount_.Again();
  backlog_ |= !work.batch.outbox_updated.empty();
  // One that can never be written must not be in the way of the others.
  if (IsPermanent(error) && work.commands.size() + work.finishes.size() > 1)
    return Again(std::move(work), true);
  if (IsPermanent(error) && work.commands.size() == 1 && !work.commands.front().reply)
    return GiveUp(work.commands.front(), error);
  // Timers and messages are read again when their turn comes: another node may have been first, or
  // the commit may have happened after all.
  const bool messages = std::erase_if(work.commands, [](const Pending& p) { return !p.reply; }) > 0;
  const bool unknown = error.code == Code::kUnknown;
  backlog_ |= messages || unknown;
  // The commit may have set timers: look at once whether one is due.
  if (unknown) next_timer_ = clock_.Now();
  if ((error.code == Code::kConflict || unknown) && work.attempt < kAttempts) {
    const bool alone = work.attempt >= kAttemptsTogether;
    return Again(std::move(work), alone);
  }
  const Reply refused =
      model::Refusal(model::Reason::kUnavailable,
                     "现在不能保存（" + error.message + "）；没有改变任何内容，请用同一请求重试",
                     "it cannot be stored now (" + error.message +
                         "); repeat the same request, it is never done twice",
                     1'000);
  for (const Pending& pending : work.commands) pending.reply(refused);
  for (Finish& finish : work.finishes) finish.promise.set_value(std::unexpected(error));
  Hold();
}

// A request whose fate was not known is looked up by its id.
void Engine::Loop::Again(Work work, bool alone) {
  const auto run = [&](std::list<Pending> commands, std::deque<Finish> finishes) {
    work_.commands = std::move(commands);
    work_.finishes = std::move(finishes);
    work_.attempt = work.attempt + 1;
    work_.begun = work.begun;
    if (const auto ready = Decide(work_); !ready)
      return Failed(std::exchange(work_, {}), ready.error());
    Work again = Seal();
    const auto result = again.Writes() ? committer_.Commit(again.batch) : Committer::Result{};
    Ended(std::move(again), result);
  };
  if (!alone) return run(std::move(work.commands), std::move(work.finishes));
  while (!work.commands.empty()) {
    std::list<Pending> one;
    one.splice(one.end(), work.commands, work.commands.begin());
    run(std::move(one), {});
  }
  for (Finish& finish : work.finishes) {
    std::deque<Finish> one;
    one.push_back(std::move(finish));
    run({}, std::move(one));
  }
}

void Engine::Loop::GiveUp(Pending& pending, const ports::StorageError& error) {
  const std::shared_ptr<const Snapshot> snapshot = world_.Now();
  const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  Work work;
  LiveCase* live = nullptr;
  try {
    if (const auto found = Locate(pending.command.case_id)) live = *found;
  } catch (const model::CodecError&) {
    live = nullptr;  // damaged: a message needs no case to be a dead letter
  }
  RefuseInternal(pending, live, facts,
                 model::Refusal(model::Reason::kInternal, error.message, error.message), work);
  if (!work.Writes()) return;
  const auto result = committer_.Commit(work.batch);
  for (const model::CaseId id : work.touched) cache_.Forget(id);
  if (result.committed) return;
  backlog_ = true;
  Hold();
}

}  // namespace duban::engine
