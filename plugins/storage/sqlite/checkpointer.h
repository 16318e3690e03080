// Moves the write-ahead log into the database beside the work, so that no commit pays for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "plugins/storage/sqlite/writer.h"

namespace duban::storage_sqlite {

// Runs from its construction to its destruction, whenever the log has grown by kStartPages: of a
// page that was written many times meanwhile only the newest version is moved. The log starts again
// from its beginning only when all of it has been moved; under steady load that moment never comes
// by itself, so when the log has grown past kMaxLogPages the writer is held up for the last few
// pages.
class Checkpointer {
 public:
  static constexpr int kStartPages = 4'000;
  static constexpr int kMaxLogPages = 16'000;

  Checkpointer(const std::string& path, Writer& writer);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  static int AfterCommit(void* self, sqlite3*, const char*, int log_pages);
  void Work();
  void Checkpoint();
  int Move();  // the pages that remain in the log; INT_MAX when it could not be done now

  Writer& writer_;
  Connection connection_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool due_ = false;
  std::atomic<int> log_pages_ = 0;
  int asked_at_ = 0;  // pages in the log when it was last asked for; of whoever commits
  std::thread thread_;
};

}  // namespace duban::storage_sqlite
