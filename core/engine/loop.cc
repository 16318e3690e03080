#include "core/engine/loop.h"

#include <fmt/format.h>

#include <algorithm>

namespace duban::engine {
namespace {

constexpr auto kHold = std::chrono::seconds(1);
constexpr std::uint32_t kBacklogPage = 1'000;
// With other nodes: how often their commits are looked for, and every how many looks timers and
// messages are read again although nothing seems to have changed.
constexpr auto kLook = std::chrono::milliseconds(200);
constexpr std::uint64_t kThoroughLook = 5;
// A batch that met another node's commit is decided again: whole, then each command alone.
constexpr int kAttemptsTogether = 3;
constexpr int kAttempts = 8;

model::Rejection Refusal(model::Reason reason, std::string zh, std::string en,
                         std::int64_t retry_after_ms = 0) {
  model::Rejection rejection;
  rejection.reason = reason;
  rejection.message = {std::move(zh), std::move(en)};
  rejection.retry_after_ms = retry_after_ms;
  return rejection;
}

model::Rejection Damaged(const model::CodecError& error) {
  return Refusal(
      model::Reason::kInternal,
      std::string("存储的数据已损坏（") + error.what() + "）；没有改变任何内容，请从备份恢复",
      std::string("the stored data is damaged (") + error.what() +
          "); nothing was changed, restore it from a backup");
}

bool IsDeliverable(const ports::OutboxRow& row) {
  return row.kind != ports::OutboxKind::kCommand && row.state == ports::OutboxState::kPending;
}

}  // namespace

Engine::Loop::Loop(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world,
                   Limits limits)
    : storage_(storage),
      clock_(clock),
      catalog_(catalog),
      world_(world),
      limits_(limits),
      waiting_(limits),
      cache_(limits.cached_cases, limits.cached_bytes),
      recount_(storage) {}

ports::StorageResult<void> Engine::Loop::Start() {
  if (auto opened = Open(); !opened) return opened;
  stepped_ = false;
  thread_ = std::thread([this] { Run(); });
  return {};
}

ports::StorageResult<void> Engine::Loop::Open() {
  const auto last = storage_.LastCaseId();
  if (!last) return std::unexpected(last.error());
  last_case_id_ = *last;
  if (auto promised = PassPromisedIds(); !promised) return promised;
  const auto next = storage_.NextTimer();
  if (!next) return std::unexpected(next.error());
  next_timer_ = *next;
  const auto joined = storage_.Join();
  if (!joined) return std::unexpected(joined.error());
  membership_ = *joined;
  return {};
}

// Ids that were given to children who have not been started yet are in no case's row. The clock
// alone does not keep others off them: it may have been set back.
ports::StorageResult<void> Engine::Loop::PassPromisedIds() {
  ports::OutboxKey after;
  for (;;) {
    const auto rows = storage_.PeekOutbox(ports::OutboxKind::kCommand, after, kBacklogPage);
    if (!rows) return std::unexpected(rows.error());
    for (const ports::OutboxRow& row : *rows) {
      if (auto passed = PassPromisedId(row); !passed) return passed;
    }
    if (rows->size() < kBacklogPage) return {};
    after = ports::KeyOf(rows->back());
  }
}

ports::StorageResult<void> Engine::Loop::PassPromisedId(const ports::OutboxRow& row) {
  try {
    const auto command = model::Decode<model::Command>(row.body);
    if (std::holds_alternative<model::StartCase>(command.body))
      last_case_id_ = std::max(last_case_id_, command.case_id.value);
    return {};
  } catch (const model::CodecError& e) {
    return std::unexpected(ports::StorageError{
        ports::StorageError::Code::kCorrupt,
        fmt::format("a message of case {} is damaged: {}", row.case_id.ToString(), e.what()),
        row.case_id});
  }
}

void Engine::Loop::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  idle_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Engine::Loop::Submit(Asked asked) {
  std::optional<model::Rejection> refused;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      refused = Refusal(model::Reason::kShuttingDown, "服务正在停止，请稍后用同一请求重试",
                        "the server is stopping; repeat the same request later", 1'000);
    } else if (const auto delay = waiting_.Add(asked, Tick())) {
      ++counters_.overloaded;
      refused = Refusal(model::Reason::kOverloaded, "请求太多，请稍后用同一请求重试",
                        "too many requests are waiting; repeat the same request after the delay",
                        delay->count());
    } else {
      idle_ = false;
    }
  }
  if (refused) {
    asked.reply(*refused);
  } else {
    wake_.notify_one();
  }
}

ports::StorageResult<void> Engine::Loop::FinishOutbox(std::vector<ports::OutboxKey> done,
                                                      std::vector<ports::OutboxRow> updated) {
  if (done.empty() && updated.empty()) return {};
  std::future<ports::StorageResult<void>> result;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_)
      return std::unexpected(
          ports::StorageError{ports::StorageError::Code::kUnavailable, "stopping", {}});
    Finish finish{std::move(done), std::move(updated), {}};
    result = finish.promise.get_future();
    finishes_.push_back(std::move(finish));
    idle_ = false;
  }
  wake_.notify_one();
  while (stepped_ && result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) Turn();
  return result.get();
}

void Engine::Loop::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    idle_ = false;
  }
  wake_.notify_one();
}

bool Engine::Loop::Settle() {
  Wake();
  std::unique_lock lock(mutex_);
  idle_changed_.wait(lock, [this] { return idle_ || stopping_; });
  return idle_;
}

Engine::Counters Engine::Loop::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.waiting = waiting_.size();
  counters.oldest_waits = waiting_.OldestAge(Tick());
  counters.internal = internal_size_;
  return counters;
}

Admission::Clock::time_point Engine::Loop::Tick() const {
  return Admission::Clock::time_point(clock_.Monotonic());
}

bool Engine::Loop::Holding() const { return clock_.Monotonic() < hold_until_; }

bool Engine::Loop::InternalWork() const {
  if (membership_.shared && clock_.Monotonic() >= look_again_) return true;
  if (Holding()) return false;
  return !internal_.empty() || backlog_ || (next_timer_ && *next_timer_ <= clock_.Now()) ||
         recount_.IsPending(world_.Now()->calendar.version());
}

bool Engine::Loop::Wait(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (!waiting_.empty() || !finishes_.empty()) return true;
    if (stopping_) return false;
    woken_ = false;
    if (InternalWork()) return true;
    if (!Holding() && !idle_) {
      idle_ = true;
      idle_changed_.notify_all();
    }
    // A real clock brings the next timer by itself; one look a second also follows a clock that was
    // set.
    auto pause = membership_.shared ? kLook : std::chrono::milliseconds(1'000);
    if (next_timer_) {
      const std::int64_t until = next_timer_->UnixMillis() - clock_.Now().UnixMillis();
      pause = std::chrono::milliseconds(std::clamp<std::int64_t>(until, 1, pause.count()));
    }
    wake_.wait_for(lock, pause, [this] {
      return woken_ || stopping_ || !waiting_.empty() || !finishes_.empty();
    });
  }
}

void Engine::Loop::Run() {
  std::unique_lock lock(mutex_);
  while (Wait(lock)) TakeTurn(lock);
}

bool Engine::Loop::Turn() {
  std::unique_lock lock(mutex_);
  if (waiting_.empty() && finishes_.empty() && !InternalWork()) return false;
  TakeTurn(lock);
  return true;
}

void Engine::Loop::TakeTurn(std::unique_lock<std::mutex>& lock) {
  idle_ = false;
  std::deque<Finish> finishes = std::exchange(finishes_, {});
  const auto begun = Tick();
  std::vector<Asked> clients = waiting_.Take(begun);
  lock.unlock();
  LookAround();
  std::vector<Pending> batch;
  GatherInternal(batch);
  GatherTimers(batch);
  GatherRecounts(batch);
  for (Asked& asked : clients)
    batch.push_back({std::move(asked.command), std::move(asked.reply), std::nullopt, false});
  report_ = {};
  report_.commands = batch.size();
  RunBatch(std::move(batch), std::move(finishes), 1);
  cache_.Trim();
  const auto ended = Tick();
  report_.took = ended - begun;
  if (on_batch && (report_.commands > 0 || report_.commit.count() > 0)) on_batch(report_);
  lock.lock();
  waiting_.Finished(ended);
  internal_size_ = internal_.size();
}

void Engine::Loop::LookAround() {
  const auto now = clock_.Monotonic();
  if (!membership_.shared || now < look_again_) return;
  look_again_ = now + kLook;
  const auto joined = storage_.Join();
  const auto last = storage_.LastChange();
  if (!joined || !last) return Hold();
  const bool moved = *last != seen_change_;
  const bool new_share = joined->generation != membership_.generation;
  membership_ = *joined;
  seen_change_ = *last;
  if (!moved && !new_share && ++looks_ % kThoroughLook != 0) return;
  backlog_ = true;
  RefreshNextTimer();
  if (!moved && !new_share) return;
  if (on_commit) on_commit(*last);
  if (on_notification) on_notification();
}

void Engine::Loop::GatherInternal(std::vector<Pending>& batch) {
  if (Holding()) return;
  if (internal_.empty() && backlog_) {
    auto rows = storage_.PendingOutbox(ports::OutboxKind::kCommand, ports::kForever, kBacklogPage);
    if (!rows) return Hold();
    backlog_ = rows->size() == kBacklogPage;
    for (ports::OutboxRow& row : *rows) {
      auto command = model::Decode<model::Command>(row.body);
      internal_.push_back({std::move(command), nullptr, std::move(row), false});
    }
  }
  for (std::size_t room = limits_.batch; room > 0 && !internal_.empty(); --room) {
    batch.push_back(std::move(internal_.front()));
    internal_.pop_front();
  }
}

void Engine::Loop::GatherTimers(std::vector<Pending>& batch) {
  const model::Timestamp now = clock_.Now();
  if (!next_timer_ || *next_timer_ > now || Holding()) return;
  const auto rows = storage_.DueTimers(now, static_cast<std::uint32_t>(limits_.timers_per_batch));
  if (!rows) return Hold();
  for (const ports::TimerRow& row : *rows) {
    model::Command command;
    command.actor.id = model::Principal::kSystem;
    command.case_id = row.case_id;
    command.body = model::FireTimer{row.ordinal};
    batch.push_back({std::move(command), nullptr, std::nullopt, true});
  }
  if (rows->empty()) RefreshNextTimer();
}

ports::StorageResult<ports::CommitResult> Engine::Loop::Commit(const ports::Batch& batch) {
  const auto begun = Tick();
  auto committed = storage_.Commit(batch);
  report_.commit += Tick() - begun;
  report_.failed |= !committed;
  return committed;
}

// The calendar may have been exchanged since the open deadlines were counted.
void Engine::Loop::GatherRecounts(std::vector<Pending>& batch) {
  const std::shared_ptr<const Snapshot> world = world_.Now();
  const std::string& version = world->calendar.version();
  if (Holding() || !recount_.IsPending(version)) return;
  const auto limit = static_cast<std::uint32_t>(limits_.recounts_per_batch);
  const auto cases = recount_.Next(version, limit, clock_.Now());
  if (!cases) return Hold();
  for (const model::CaseId id : *cases) {
    model::Command command;
    command.actor.id = model::Principal::kSystem;
    command.case_id = id;
    command.body = model::RecomputeDeadlines{version};
    batch.push_back({std::move(command), nullptr, std::nullopt, false});
  }
}

void Engine::Loop::RunBatch(std::vector<Pending> batch, std::deque<Finish> finishes, int attempt) {
  Work work;
  const std::shared_ptr<const Snapshot> snapshot = world_.Now();
  if (membership_.shared && !batch.empty()) {
    if (auto ready = Prefetch(batch, work); !ready)
      return Failed(std::move(batch), work, std::move(finishes), ready.error(), attempt);
  }
  for (const Pending& pending : batch) {
    try {
      Take(pending, *snapshot, work);
    } catch (const model::CodecError& e) {
      // Nothing of this command was staged: what is stored is read before anything is written.
      const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
      Refuse(pending, nullptr, facts, Damaged(e), work);
    }
  }
  for (const Finish& finish : finishes) {
    std::copy(finish.done.begin(), finish.done.end(), std::back_inserter(work.batch.outbox_done));
    std::copy(finish.updated.begin(), finish.updated.end(),
              std::back_inserter(work.batch.outbox_updated));
  }
  const bool something = !work.batch.cases.empty() || !work.batch.outbox_done.empty() ||
                         !work.batch.outbox_updated.empty() || !work.batch.requests.empty();
  if (something) {
    const auto committed = Commit(work.batch);
    if (!committed)
      return Failed(std::move(batch), work, std::move(finishes), committed.error(), attempt);
    Committed(work, finishes, committed->last_change);
  } else {
    Committed(work, finishes, 0);
  }
  for (const Pending* pending : work.retry) {
    if (IsRecount(*pending)) recount_.Again();
    if (pending->from_outbox) internal_.push_back(std::move(const_cast<Pending&>(*pending)));
  }
  if (!work.retry.empty()) Hold();
}

void Engine::Loop::Committed(const Work& work, std::deque<Finish>& finishes,
                             std::uint64_t last_change) {
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
      internal_.push_back({model::Decode<model::Command>(row.body), nullptr, row, false});
    }
  }
  for (const Finish& finish : finishes) {
    for (const ports::OutboxRow& row : finish.updated) {
      backlog_ |=
          row.kind == ports::OutboxKind::kCommand && row.state == ports::OutboxState::kPending;
      notifications |= IsDeliverable(row);
    }
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
  for (Finish& finish : finishes) finish.promise.set_value({});
  if (last_change > 0 && on_commit) on_commit(last_change);
  if (notifications && on_notification) on_notification();
}

void Engine::Loop::Failed(std::vector<Pending> batch, const Work& work, std::deque<Finish> finishes,
                          const ports::StorageError& error, int attempt) {
  for (const model::CaseId id : work.touched) cache_.Forget(id);
  // Timers and messages are read again when their turn comes: another node may have been first, or
  // the commit may have happened after all.
  if (std::ranges::any_of(batch, IsRecount)) recount_.Again();
  const bool messages = std::erase_if(batch, [](const Pending& p) { return !p.reply; }) > 0;
  using Code = ports::StorageError::Code;
  const bool unknown = error.code == Code::kUnknown;
  backlog_ |= messages || unknown;
  // The commit may have set timers: look at once whether one is due.
  if (unknown) next_timer_ = clock_.Now();
  if ((error.code == Code::kConflict || error.code == Code::kUnknown) && attempt < kAttempts)
    return Again(std::move(batch), std::move(finishes), attempt);
  const Reply refused =
      Refusal(model::Reason::kUnavailable,
              "现在不能保存（" + error.message + "）；没有改变任何内容，请用同一请求重试",
              "it cannot be stored now (" + error.message +
                  "); repeat the same request, it is never done twice",
              1'000);
  for (const Pending& pending : batch) pending.reply(refused);
  for (Finish& finish : finishes) finish.promise.set_value(std::unexpected(error));
  Hold();
}

// Decides again on what is stored now; a request whose fate was not known is looked up by its id.
void Engine::Loop::Again(std::vector<Pending> batch, std::deque<Finish> finishes, int attempt) {
  if (attempt < kAttemptsTogether)
    return RunBatch(std::move(batch), std::move(finishes), attempt + 1);
  for (Pending& pending : batch) {
    std::vector<Pending> alone;
    alone.push_back(std::move(pending));
    RunBatch(std::move(alone), {}, attempt + 1);
  }
  if (!finishes.empty()) RunBatch({}, std::move(finishes), attempt + 1);
}

// Storage failed: what the engine does of its own accord waits a moment; people are answered
// meanwhile.
void Engine::Loop::Hold() { hold_until_ = clock_.Monotonic() + kHold; }

void Engine::Loop::RefreshNextTimer() {
  const auto next = storage_.NextTimer();
  if (!next) return Hold();
  next_timer_ = *next;
}

model::CaseId Engine::Loop::FreeIds() const {
  constexpr std::int64_t kEpochMillis = 1'577'836'800'000;  // 2020-01-01T00:00:00Z
  constexpr int kSequenceBits = 16;
  constexpr int kMillisShift = 22;
  static_assert(ports::kMaxNodes == 1U << (kMillisShift - kSequenceBits));
  const std::uint64_t node = membership_.node;
  const auto first = [&](std::uint64_t millis) {
    return (millis << kMillisShift) | (node << kSequenceBits);
  };
  const auto ours = [&](std::uint64_t id) {
    return ((id >> kSequenceBits) & (ports::kMaxNodes - 1)) == node;
  };
  const std::int64_t millis = std::max<std::int64_t>(clock_.Now().UnixMillis() - kEpochMillis, 0);
  const std::uint64_t next = std::max(last_case_id_ + 1, first(static_cast<std::uint64_t>(millis)));
  if (ours(next) && ours(next + statechart::kMaxChildrenPerStep)) return {next};
  return {first((next >> kMillisShift) + 1)};
}

}  // namespace duban::engine
