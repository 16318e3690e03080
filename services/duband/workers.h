// A few threads for what reads the storage, and a few for what takes long (checking a campaign, a
// backup, moving a virtual clock), so that the front's one thread never waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace duban::duband {

// Thread-safe.
class Workers {
 public:
  // `queue`: jobs that may wait.
  Workers(std::size_t threads, std::size_t queue);
  ~Workers();  // Stop()

  // False when the queue is full or Stop was called; then `job` will not run.
  bool Run(std::function<void()> job);
  // Runs what is queued to its end.
  void Stop();

 private:
  void Loop();

  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace duban::duband
