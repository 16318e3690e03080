#include "core/engine/committer.h"

#include <pthread.h>

#include <utility>

namespace duban::engine {

Committer::Committer(ports::Storage& storage, ports::Clock& clock, std::function<void()> ended)
    : storage_(storage), clock_(clock), ended_(std::move(ended)) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
}

Committer::Result Committer::Commit(const ports::Batch& batch) {
  const auto begun = clock_.Monotonic();
  auto committed = storage_.Commit(batch);
  return {std::move(committed), clock_.Monotonic() - begun};
}

void Committer::Begin(const ports::Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    batch_ = &batch;
  }
  changed_.notify_all();
}

bool Committer::IsDone() const {
  const std::lock_guard lock(mutex_);
  return result_.has_value() || !thread_.joinable();
}

Committer::Result Committer::Take() {
  if (!thread_.joinable()) return Commit(*std::exchange(batch_, nullptr));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return result_.has_value(); });
  Result result = std::move(*result_);
  result_.reset();
  return result;
}

void Committer::Run() {
  pthread_setname_np(pthread_self(), "commit");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return batch_ != nullptr || stopping_; });
    if (stopping_) return;
    const ports::Batch& batch = *std::exchange(batch_, nullptr);
    lock.unlock();
    Result result = Commit(batch);
    lock.lock();
    result_ = std::move(result);
    changed_.notify_all();
    lock.unlock();
    ended_();
    lock.lock();
  }
}

}  // namespace duban::engine
