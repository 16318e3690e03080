#include "plugins/storage/sqlite/log_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <string>

namespace duban::storage_sqlite {
namespace {

// More than a batch of the usual size; a larger commit is written in several pieces.
constexpr std::size_t kMostGathered = 4 << 20;

// SQLite's own files take less than 128 KiB at a time.
constexpr std::size_t kPiece = 64 << 10;

// SQLite allocates it, and behind it the file of the VFS that does the work.
struct LogFile {
  sqlite3_file base;
  std::string* gathered;
  sqlite3_int64 begin;  // where in the file `gathered` belongs

  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

LogFile& Log(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

sqlite3_vfs* Inner(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Flush(LogFile& log) {
  int code = SQLITE_OK;
  for (std::size_t done = 0; done < log.gathered->size() && code == SQLITE_OK; done += kPiece) {
    const std::size_t size = std::min(kPiece, log.gathered->size() - done);
    code = log.inner()->pMethods->xWrite(log.inner(), log.gathered->data() + done,
                                         static_cast<int>(size),
                                         log.begin + static_cast<sqlite3_int64>(done));
  }
  log.gathered->clear();  // what could not be written is rolled back by SQLite
  return code;
}

// Writes what was gathered, then does `what` with the file below.
template <class What>
int Flushed(sqlite3_file* file, What what) {
  if (const int code = Flush(Log(file)); code != SQLITE_OK) return code;
  return what(Log(file).inner());
}

int Close(sqlite3_file* file) {
  const int written = Flush(Log(file));
  const int closed = Log(file).inner()->pMethods->xClose(Log(file).inner());
  delete Log(file).gathered;
  return written != SQLITE_OK ? written : closed;
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return Flushed(file, [=](sqlite3_file* f) { return f->pMethods->xRead(f, to, size, at); });
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  LogFile& log = Log(file);
  const auto end = log.begin + static_cast<sqlite3_int64>(log.gathered->size());
  if (at != end || log.gathered->size() >= kMostGathered) {
    if (const int code = Flush(log); code != SQLITE_OK) return code;
  }
  try {
    if (log.gathered->empty()) log.begin = at;
    log.gathered->append(static_cast<const char*>(from), static_cast<std::size_t>(size));
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Flushed(file, [=](sqlite3_file* f) { return f->pMethods->xTruncate(f, size); });
}

int Sync(sqlite3_file* file, int flags) {
  return Flushed(file, [=](sqlite3_file* f) { return f->pMethods->xSync(f, flags); });
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Flushed(file, [=](sqlite3_file* f) { return f->pMethods->xFileSize(f, size); });
}

int Lock(sqlite3_file* file, int level) {
  return Log(file).inner()->pMethods->xLock(Log(file).inner(), level);
}

int Unlock(sqlite3_file* file, int level) {
  return Log(file).inner()->pMethods->xUnlock(Log(file).inner(), level);
}

int CheckReservedLock(sqlite3_file* file, int* result) {
  return Log(file).inner()->pMethods->xCheckReservedLock(Log(file).inner(), result);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Flushed(
      file, [=](sqlite3_file* f) { return f->pMethods->xFileControl(f, operation, argument); });
}

int SectorSize(sqlite3_file* file) {
  return Log(file).inner()->pMethods->xSectorSize(Log(file).inner());
}

int Characteristics(sqlite3_file* file) {
  return Log(file).inner()->pMethods->xDeviceCharacteristics(Log(file).inner());
}

// Version 1: shared memory and mapping are asked of the database's file only, never of the log.
const sqlite3_io_methods kMethods = {1,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     Characteristics,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  if ((flags & SQLITE_OPEN_WAL) == 0) return Inner(vfs)->xOpen(Inner(vfs), name, file, flags, out);
  LogFile& log = Log(file);
  log.base.pMethods = nullptr;
  log.gathered = new (std::nothrow) std::string;
  log.begin = 0;
  if (log.gathered == nullptr) return SQLITE_NOMEM;
  const int code = Inner(vfs)->xOpen(Inner(vfs), name, log.inner(), flags, out);
  if (code == SQLITE_OK) {
    log.base.pMethods = &kMethods;
  } else {
    // SQLite closes only what has methods.
    if (log.inner()->pMethods != nullptr) log.inner()->pMethods->xClose(log.inner());
    delete log.gathered;
  }
  return code;
}

// SQLite keeps a pointer to it, so it is taken back when the plugin is unloaded.
class Registered {
 public:
  Registered() {
    sqlite3_vfs* inner = sqlite3_vfs_find(nullptr);
    if (inner == nullptr) return;
    vfs_ = *inner;  // everything but opening a file is the same
    vfs_.pNext = nullptr;
    vfs_.zName = "duban-gathering";
    vfs_.pAppData = inner;
    vfs_.szOsFile = static_cast<int>(sizeof(LogFile)) + inner->szOsFile;
    vfs_.xOpen = Open;
    registered_ = sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK;
  }
  ~Registered() {
    if (registered_) sqlite3_vfs_unregister(&vfs_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  const char* name() const { return registered_ ? vfs_.zName : nullptr; }

 private:
  sqlite3_vfs vfs_{};
  bool registered_ = false;
};

}  // namespace

const char* GatheringVfs() {
  static const Registered vfs;
  return vfs.name();
}

}  // namespace duban::storage_sqlite
