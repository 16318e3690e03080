#include "core/engine/outbox.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "core/engine/projection.h"
#include "core/model/codec.h"

namespace duban::engine {

class Outbox::Worker {
 public:
  Worker(ports::Storage& storage, ports::Clock& clock, World& world, Channels channels,
         Finish finish, OutboxLimits limits)
      : storage_(storage),
        clock_(clock),
        world_(world),
        channels_(std::move(channels)),
        finish_(std::move(finish)),
        limits_(limits) {}

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
    bool progress = false;
    for (const auto kind : {ports::OutboxKind::kAlarm, ports::OutboxKind::kNotification,
                            ports::OutboxKind::kDigest}) {
      progress |= DeliverLane(kind);
    }
    return progress;
  }

  bool DeliverLane(ports::OutboxKind kind) {
    const auto rows = storage_.PendingOutbox(kind, clock_.Now(), limits_.page);
    if (!rows || rows->empty()) return false;
    std::vector<ports::OutboxKey> done;
    std::vector<ports::OutboxRow> updated;
    std::set<std::uint64_t> waiting;  // cases whose order a failure holds up
    for (const ports::OutboxRow& row : *rows) {
      if (Stopping()) break;
      if (waiting.contains(row.case_id.value)) continue;
      ports::OutboxRow next = row;
      if (Deliver(next)) {
        done.push_back({row.case_id, row.ordinal});
        continue;
      }
      if (next.state == ports::OutboxState::kPending) waiting.insert(row.case_id.value);
      updated.push_back(std::move(next));
    }
    const bool progress = !done.empty();
    finish_(std::move(done), std::move(updated));
    return progress;
  }

 private:
  void Run() {
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
    idle_ = true;
    changed_.notify_all();
  }

  // True: every channel took it. Otherwise `row` says when to try again, or that it is dead.
  bool Deliver(ports::OutboxRow& row) {
    auto message = model::Decode<OutboxMessage>(row.body);
    const auto& route =
        model::IsAlarm(message.notification.urgency) ? channels_.urgent : channels_.normal;
    std::vector<std::string> left;
    std::int64_t wait_ms = 0;
    bool hopeless = false;
    for (const Channels::Channel& channel : route) {
      if (message.tried &&
          std::ranges::find(message.channels, channel.name) == message.channels.end())
        continue;
      const auto sent = channel.notifier->Deliver(Compose(row, message, channel.name));
      if (sent) continue;
      left.push_back(channel.name);
      row.last_error = channel.name + ": " + sent.error().message;
      wait_ms = std::max(wait_ms, sent.error().retry_after_ms);
      hopeless |= sent.error().kind == ports::NotifierError::Kind::kPermanent;
    }
    if (left.empty()) return true;
    message.tried = true;
    message.channels = std::move(left);
    row.body = model::Encode(message);
    ++row.attempts;
    if (hopeless || row.attempts >= limits_.max_attempts) {
      row.state = ports::OutboxState::kDead;
      return false;
    }
    const int doublings = static_cast<int>(std::min<std::uint32_t>(row.attempts - 1, 30));
    const std::int64_t backoff =
        std::min(limits_.first_backoff_ms << doublings, limits_.max_backoff_ms);
    row.next_attempt =
        model::Timestamp::FromUnixMillis(clock_.Now().UnixMillis() + std::max(backoff, wait_ms));
    return false;
  }

  ports::Message Compose(const ports::OutboxRow& row, const OutboxMessage& message,
                         const std::string& channel) const {
    const model::Notification& notification = message.notification;
    const std::shared_ptr<const Snapshot> snapshot = world_.Now();
    const definition::Person* person = snapshot->organisation.FindPerson(notification.recipient);
    ports::Message out;
    out.case_id = row.case_id.ToString();
    out.idempotency_key =
        out.case_id + '-' + std::to_string(row.ordinal) + '-' + notification.recipient;
    out.workflow = message.workflow;
    out.recipient = notification.recipient;
    out.language = person ? person->language : "zh";
    out.recipient_name = person ? person->name.In(out.language) : notification.recipient;
    if (person) {
      const auto address = person->addresses.find(channel);
      if (address != person->addresses.end()) out.address = address->second;
    }
    out.subject = notification.subject.In(out.language);
    out.body = notification.body.In(out.language);
    out.urgency = notification.urgency;
    out.created_at = message.created_at;
    return out;
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
