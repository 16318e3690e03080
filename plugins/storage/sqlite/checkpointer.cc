#include "plugins/storage/sqlite/checkpointer.h"

#include <pthread.h>

#include <climits>

namespace duban::storage_sqlite {
namespace {
constexpr int kCacheKibibytes = 1024;
constexpr int kFewPages = 500;
constexpr int kRounds = 4;
}  // namespace

Checkpointer::Checkpointer(const std::string& path, Writer& writer)
    : writer_(writer), connection_(path, SQLITE_OPEN_READWRITE, kCacheKibibytes) {
  sqlite3_wal_hook(writer_.connection().raw(), AfterCommit, this);
  thread_ = std::thread([this] { Work(); });
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(writer_.connection().raw(), nullptr, nullptr);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

int Checkpointer::AfterCommit(void* self, sqlite3*, const char*, int log_pages) {
  auto& checkpointer = *static_cast<Checkpointer*>(self);
  checkpointer.log_pages_ = log_pages;
  if (log_pages < checkpointer.asked_at_) checkpointer.asked_at_ = 0;  // it began again
  if (log_pages - checkpointer.asked_at_ >= kStartPages) {
    checkpointer.asked_at_ = log_pages;
    {
      const std::scoped_lock lock(checkpointer.mutex_);
      checkpointer.due_ = true;
    }
    checkpointer.wake_.notify_one();
  }
  return SQLITE_OK;
}

void Checkpointer::Work() {
  pthread_setname_np(pthread_self(), "checkpoint");
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return due_ || stopping_; });
    if (stopping_) return;
    due_ = false;
    lock.unlock();
    Checkpoint();
    lock.lock();
  }
}

void Checkpointer::Checkpoint() {
  int remaining = Move();
  if (log_pages_ < kMaxLogPages) return;
  for (int round = 1; round < kRounds && remaining > kFewPages; ++round) remaining = Move();
  const std::scoped_lock no_commits(writer_.mutex());
  Move();
}

int Checkpointer::Move() {
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection_.raw(), "main", SQLITE_CHECKPOINT_PASSIVE,
                                             &in_log, &moved);
  return code == SQLITE_OK ? in_log - moved : INT_MAX;
}

}  // namespace duban::storage_sqlite
