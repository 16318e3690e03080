#include "core/engine/outbox.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "core/engine/projection.h"
#include "core/model/codec.h"

namespace duban::engine {
namespace {

constexpr std::int64_t kSecondsBetweenDigestLooks = 60;

// The rows that may go together: one person's, all new or all failed alike.
using DigestKey = std::tuple<model::PersonId, bool, std::vector<std::string>, std::uint32_t>;

}  // namespace

class Outbox::Worker {
 public:
  Worker(ports::Storage& storage, ports::Clock& clock, World& world, Channels channels,
         Finish finish, OutboxLimits limits)
      : storage_(storage),
        clock_(clock),
        world_(world),
        channels_(std::move(channels)),
        finish_(std::move(finish)),
        limits_(limits),
        delivery_(clock, world, channels_, limits_) {}

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
      idle_ = false;
    }
    changed_.notify_all();
  }

  void Settle() {
    Wake();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return idle_ || stopping_; });
  }

  // Delivers what is deliverable now. True: there may be more.
  bool Pass() {
    // What became of the last ones comes first: nobody is told twice because the disk was full.
    if (!Record()) return false;
    bool more = DeliverLane(ports::OutboxKind::kAlarm);
    if (!IsQuiet(channels_.schedule, clock_.Now(), world_.Now()->calendar))
      more |= DeliverLane(ports::OutboxKind::kNotification);
    more |= DeliverDigests();
    return more;
  }

 private:
  // False: it is kept, and tried again before anything else is delivered.
  bool Record() {
    if (done_.empty() && updated_.empty()) return true;
    if (!finish_(done_, updated_)) return false;
    done_.clear();
    updated_.clear();
    return true;
  }

  void Run() {
    pthread_setname_np(pthread_self(), "deliver");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      woken_ = false;
      lock.unlock();
      const bool again = Pass();
      lock.lock();
      if (again || woken_ || stopping_) continue;
      idle_ = true;
      changed_.notify_all();
      // What waits for another attempt becomes due by the clock alone: look once a second.
      changed_.wait_for(lock, std::chrono::seconds(1), [this] { return woken_ || stopping_; });
    }
    lock.unlock();
    Record();  // what was delivered is not delivered again after the next start
    lock.lock();
    idle_ = true;
    changed_.notify_all();
  }

  bool DeliverLane(ports::OutboxKind kind) {
    if (!Record()) return false;
    const auto rows = storage_.PendingOutbox(kind, clock_.Now(), limits_.page);
    if (!rows || rows->empty()) return false;
    std::set<std::uint64_t> waiting;  // cases whose order a failure holds up
    for (const ports::OutboxRow& row : *rows) {
      if (Stopping()) break;
      if (waiting.contains(row.case_id.value)) continue;
      ports::OutboxRow next = row;
      if (delivery_.Deliver(next)) {
        done_.push_back({row.case_id, row.ordinal});
        continue;
      }
      if (next.state == ports::OutboxState::kPending) waiting.insert(row.case_id.value);
      updated_.push_back(std::move(next));
    }
    const bool progress = !done_.empty();
    return Record() && progress;
  }

  // What has gathered and whose time has come, person by person. Rows that are not due yet leave
  // the lane's front until then. Which rows are due depends on when they were written alone, so a
  // server that starts late sends what it missed.
  bool DeliverDigests() {
    const model::Timestamp now = clock_.Now();
    if (now < look_at_digests_ && now >= looked_at_digests_) return false;
    if (!Record()) return false;
    const auto rows = storage_.PendingOutbox(ports::OutboxKind::kDigest, now, ports::kMaxPageSize);
    if (!rows) return false;
    std::map<DigestKey, std::vector<ports::OutboxRow>> due;
    const std::shared_ptr<const Snapshot> world = world_.Now();
    for (const ports::OutboxRow& row : *rows) {
      const auto message = model::Decode<OutboxMessage>(row.body);
      const auto at = DigestAfter(channels_.schedule, message.created_at, world->calendar);
      if (at <= now) {
        due[{message.notification.recipient, message.tried, message.channels, row.attempts}]
            .push_back(row);
      } else {
        updated_.push_back(row);
        updated_.back().next_attempt = at;
      }
    }
    for (auto& [key, all] : due) SendDigests(std::move(all));
    const bool progress = !done_.empty() || !updated_.empty();
    if (!Record()) return false;
    // A full page: there may be more. Otherwise a minute's delay is nothing to a digest.
    const bool more = progress && rows->size() == ports::kMaxPageSize;
    looked_at_digests_ = now;
    look_at_digests_ = now;
    if (!more) look_at_digests_.seconds += kSecondsBetweenDigestLooks;
    return more;
  }

  void SendDigests(std::vector<ports::OutboxRow> rows) {
    while (!rows.empty() && !Stopping()) {
      const auto end = rows.begin() + static_cast<std::ptrdiff_t>(FitsOneDigest(rows));
      std::vector<ports::OutboxRow> together(rows.begin(), end);
      rows.erase(rows.begin(), end);
      if (delivery_.DeliverTogether(together)) {
        for (const ports::OutboxRow& row : together) done_.push_back({row.case_id, row.ordinal});
      } else {
        std::ranges::move(together, std::back_inserter(updated_));
      }
    }
  }

  bool Stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  ports::Storage& storage_;
  ports::Clock& clock_;
  World& world_;
  const Channels channels_;
  const Finish finish_;
  const OutboxLimits limits_;
  Delivery delivery_;
  // Delivered or failed, and not yet recorded; of whoever calls Pass.
  std::vector<ports::OutboxKey> done_;
  std::vector<ports::OutboxRow> updated_;
  model::Timestamp looked_at_digests_;
  model::Timestamp look_at_digests_;  // not before, unless the clock is set back
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool idle_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

Outbox::Outbox(ports::Storage& storage, ports::Clock& clock, World& world, Channels channels,
               Finish finish, OutboxLimits limits)
    : worker_(std::make_unique<Worker>(storage, clock, world, std::move(channels),
                                       std::move(finish), limits)) {}

Outbox::~Outbox() { Stop(); }
void Outbox::Start() { worker_->Start(); }
bool Outbox::Turn() { return worker_->Pass(); }
void Outbox::Stop() { worker_->Stop(); }
void Outbox::Wake() { worker_->Wake(); }
void Outbox::Settle() { worker_->Settle(); }

}  // namespace duban::engine
