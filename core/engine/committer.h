// Commits one batch while the loop decides the next: a thread of its own that does nothing but wait
// for the storage.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/ports/clock.h"
#include "core/ports/storage.h"

namespace duban::engine {

class Committer {
 public:
  struct Result {
    ports::StorageResult<ports::CommitResult> committed;
    std::chrono::nanoseconds took{};
  };

  // `ended` is called from the thread after each commit; it must not block.
  Committer(ports::Storage& storage, ports::Clock& clock, std::function<void()> ended);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Without it there is no thread: the commit is made in Take, and done whenever one asks.
  void Start();

  // In the caller's thread, while no other is under way.
  Result Commit(const ports::Batch& batch);
  // One at a time; `batch` stays as it is until Take, which waits for it and says what became of
  // it.
  void Begin(const ports::Batch& batch);
  bool IsDone() const;
  Result Take();

 private:
  void Run();

  ports::Storage& storage_;
  ports::Clock& clock_;
  const std::function<void()> ended_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const ports::Batch* batch_ = nullptr;
  std::optional<Result> result_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace duban::engine
