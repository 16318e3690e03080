// A few threads for what reads the storage, and a few for what takes long (checking a campaign, a
// backup, moving a virtual clock), so that the front's one thread never waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace duban::duband {

// Callers are taken in turns, one job of each, so that whoever asks a lot waits for himself.
// Thread-safe.
class Workers {
 public:
  using Job = std::function<void()>;

  // `name`: of the threads, up to 15 bytes. `room`: jobs that may wait, of one caller a quarter of
  // them.
  Workers(const char* name, std::size_t threads, std::size_t room);
  ~Workers();  // Stop()

  // False when too many wait or Stop was called; then `job` will not run.
  bool Run(const std::string& caller, Job job);
  // Runs what waits to its end.
  void Stop();

 private:
  void Loop(const char* name);
  Job Next();

  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, std::deque<Job>> waiting_;  // of each caller, never empty
  std::deque<std::string> turns_;                   // the callers of these
  std::size_t size_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace duban::duband
