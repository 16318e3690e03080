#include "core/engine/loop.h"

#include <pthread.h>

#include <algorithm>

namespace duban::engine {
namespace {

constexpr auto kHold = std::chrono::seconds(1);
constexpr std::uint32_t kBacklogPage = 1'000;
// With other nodes: how often their commits are looked for, and every how many looks timers and
// messages are read again although nothing seems to have changed.
constexpr auto kLook = std::chrono::milliseconds(200);
constexpr std::uint64_t kThoroughLook = 5;

model::Rejection Damaged(const model::CodecError& error) {
  return model::Refusal(
      model::Reason::kInternal,
      std::string("存储的数据已损坏（") + error.what() + "）；没有改变任何内容，请从备份恢复",
      std::string("the stored data is damaged (") + error.what() +
          "); nothing was changed, restore it from a backup");
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
      recount_(storage),
      committer_(storage, clock, [this] { Wake(); }) {}

ports::StorageResult<void> Engine::Loop::Start() {
  if (auto opened = Open(); !opened) return opened;
  stepped_ = false;
  committer_.Start();
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
    for (const ports::OutboxRow& row : *rows) PassPromisedId(row);
    if (rows->size() < kBacklogPage) return {};
    after = ports::KeyOf(rows->back());
  }
}

// A damaged one promises nothing: it will be a dead letter, and starts no child when it is retried.
void Engine::Loop::PassPromisedId(const ports::OutboxRow& row) {
  try {
    const auto command = model::Decode<model::Command>(row.body);
    if (std::holds_alternative<model::StartCase>(command.body))
      last_case_id_ = std::max(last_case_id_, command.case_id.value);
  } catch (const model::CodecError&) {
    return;
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

void Engine::Loop::Submit(std::list<Asked> asked) {
  std::optional<model::Rejection> refused;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      refused = model::Refusal(model::Reason::kShuttingDown, "服务正在停止，请稍后用同一请求重试",
                               "the server is stopping; repeat the same request later", 1'000);
    } else if (const auto delay = waiting_.Add(asked, Tick())) {
      ++counters_.overloaded;
      refused = model::Refusal(
          model::Reason::kOverloaded, "请求太多，请稍后用同一请求重试",
          "too many requests are waiting; repeat the same request after the delay", delay->count());
    } else {
      idle_ = false;
    }
  }
  if (refused) {
    asked.front().reply(*refused);
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

bool Engine::Loop::ClientWork() const {
  if (!finishes_.empty() || (committing_ && committer_.IsDone())) return true;
  return !waiting_.empty() && Room() > 0;
}

// While a batch is committed the next one takes no more than half of all that is under way. A large
// one and a small one in turns would leave nothing to decide while the large one is committed.
std::size_t Engine::Loop::Room() const {
  const std::size_t here = work_.commands.size();
  std::size_t most = limits_.batch;
  if (committing_)
    most = std::min(most, (committing_->commands.size() + here + waiting_.size() + 1) / 2);
  return most - std::min(most, here);
}

bool Engine::Loop::Wait(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (ClientWork()) return true;
    if (stopping_) return committing_.has_value();
    woken_ = false;
    if (!committing_ && InternalWork()) return true;
    if (!committing_ && !Holding() && !idle_) {
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
    wake_.wait_for(lock, pause, [this] { return woken_ || stopping_ || ClientWork(); });
  }
}

void Engine::Loop::Run() {
  pthread_setname_np(pthread_self(), "loop");
  std::unique_lock lock(mutex_);
  while (Wait(lock)) TakeTurn(lock);
}

bool Engine::Loop::Turn() {
  std::unique_lock lock(mutex_);
  if (!ClientWork() && !InternalWork()) return false;
  TakeTurn(lock);
  return true;
}

// While a batch is committed only what people ask is decided: timers and messages are read from the
// storage, where that batch may be or not.
void Engine::Loop::TakeTurn(std::unique_lock<std::mutex>& lock) {
  idle_ = false;
  if (committing_ && (stopping_ || InternalWork())) {
    lock.unlock();
    Land();
    lock.lock();
  }
  const auto now = Tick();
  if (work_.IsEmpty()) work_.begun = now;
  std::list<Asked> clients = waiting_.Take(Room());
  if (!committing_) waiting_.Began(now);
  std::ranges::move(std::exchange(finishes_, {}), std::back_inserter(work_.finishes));
  lock.unlock();
  if (!committing_) GatherOwn(work_);
  work_.commands.splice(work_.commands.end(), clients);
  if (const auto ready = Decide(work_); !ready) Failed(std::exchange(work_, {}), ready.error());
  if (committing_ && committer_.IsDone()) Land();
  if (!committing_) Launch();
  lock.lock();
  if (!committing_) waiting_.Finished(Tick());
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

void Engine::Loop::GatherOwn(Work& work) {
  LookAround();
  GatherInternal(work);
  GatherTimers(work);
  GatherRecounts(work);
}

void Engine::Loop::GatherInternal(Work& work) {
  if (Holding()) return;
  if (internal_.empty() && backlog_) {
    auto rows = storage_.PendingOutbox(ports::OutboxKind::kCommand, ports::kForever, kBacklogPage);
    if (!rows) return Hold();
    backlog_ = rows->size() == kBacklogPage;
    for (ports::OutboxRow& row : *rows) {
      try {
        auto command = model::Decode<model::Command>(row.body);
        internal_.push_back({.command = std::move(command), .from_outbox = std::move(row)});
      } catch (const model::CodecError& e) {
        row.state = ports::OutboxState::kDead;
        row.last_error = std::string("the message is damaged: ") + e.what();
        work.batch.outbox_updated.push_back(std::move(row));
      }
    }
  }
  for (std::size_t room = limits_.batch; room > 0 && !internal_.empty(); --room)
    work.commands.splice(work.commands.end(), internal_, internal_.begin());
}

void Engine::Loop::GatherTimers(Work& work) {
  const model::Timestamp now = clock_.Now();
  if (!next_timer_ || *next_timer_ > now || Holding()) return;
  const auto rows = storage_.DueTimers(now, static_cast<std::uint32_t>(limits_.timers_per_batch));
  if (!rows) return Hold();
  for (const ports::TimerRow& row : *rows) {
    model::Command command;
    command.actor.id = model::Principal::kSystem;
    command.case_id = row.case_id;
    command.body = model::FireTimer{row.ordinal};
    work.commands.push_back({.command = std::move(command), .is_timer = true});
  }
  if (rows->empty()) RefreshNextTimer();
}

// The calendar may have been exchanged since the open deadlines were counted.
void Engine::Loop::GatherRecounts(Work& work) {
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
    work.commands.push_back({.command = std::move(command)});
  }
}

ports::StorageResult<void> Engine::Loop::Decide(Work& work) {
  if (work.decided == work.commands.size()) return {};
  if (membership_.shared) {
    if (auto ready = Prefetch(work); !ready) return ready;
  }
  const std::shared_ptr<const Snapshot> snapshot = world_.Now();
  auto next = work.commands.end();
  for (std::size_t left = work.commands.size() - work.decided; left > 0; --left) --next;
  for (; next != work.commands.end(); ++next, ++work.decided) {
    Pending& pending = *next;
    try {
      Take(pending, *snapshot, work);
    } catch (const model::CodecError& e) {
      // Nothing of this command was staged: what is stored is read before anything is written.
      const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
      Refuse(pending, nullptr, facts, Damaged(e), work);
    }
  }
  return {};
}

// Storage failed: what the engine does of its own accord waits a moment; people are answered
// meanwhile.
void Engine::Loop::Hold() { hold_until_ = clock_.Monotonic() + kHold; }

void Engine::Loop::RefreshNextTimer() {
  const auto next = storage_.NextTimer();
  if (!next) return Hold();
  next_timer_ = *next;
}

model::CaseId Engine::Loop::FreeIds(model::Timestamp now) const {
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
  const std::int64_t millis = std::max<std::int64_t>(now.UnixMillis() - kEpochMillis, 0);
  const std::uint64_t next = std::max(last_case_id_ + 1, first(static_cast<std::uint64_t>(millis)));
  if (ours(next) && ours(next + statechart::kMaxChildrenPerStep)) return {next};
  return {first((next >> kMillisShift) + 1)};
}

}  // namespace duban::engine
