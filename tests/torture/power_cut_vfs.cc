#include "tests/torture/power_cut_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>

namespace duban::torture {
namespace {

constexpr std::int64_t kSector = 512;

// What a file was when it was synced last, as far as it has changed since.
struct Unsynced {
  bool existed = false;
  std::int64_t size = 0;
  std::map<std::int64_t, std::string> sectors;  // offset → content then; shorter at the end of file
};

std::mutex mutex;  // guards what is below
std::map<std::string, Unsynced> files;
std::uint64_t operations_left = 0;
bool armed = false;
bool cut = false;

sqlite3_vfs* Real() {
  static sqlite3_vfs* const real = sqlite3_vfs_find("unix");
  return real;
}

// Under the mutex. True: the power fails now, or has failed.
bool Fails() {
  if (armed && !cut && operations_left-- == 0) cut = true;
  return cut;
}

struct File {
  sqlite3_file base;
  Unsynced* unsynced;  // null: a file that no promise depends on
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* RealOf(sqlite3_file* file) { return Of(file)->real(); }

std::int64_t SizeOf(sqlite3_file* real) {
  sqlite3_int64 size = 0;
  real->pMethods->xFileSize(real, &size);
  return size;
}

// Keeps what [from, to) held at the last sync, where that is not kept yet.
void Keep(File* file, std::int64_t from, std::int64_t to) {
  Unsynced& unsynced = *file->unsynced;
  to = std::min(to, unsynced.size);
  for (std::int64_t at = from / kSector * kSector; at < to; at += kSector) {
    const auto [kept, first] = unsynced.sectors.try_emplace(at);
    if (!first) continue;
    const std::int64_t length = std::min(kSector, unsynced.size - at);
    std::string content(static_cast<std::size_t>(length), '\0');
    file->real()->pMethods->xRead(file->real(), content.data(), static_cast<int>(length), at);
    kept->second = std::move(content);
  }
}

int Close(sqlite3_file* file) { return RealOf(file)->pMethods->xClose(RealOf(file)); }

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  {
    const std::lock_guard lock(mutex);
    if (cut) return SQLITE_IOERR_READ;
  }
  return RealOf(file)->pMethods->xRead(RealOf(file), to, size, at);
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const std::lock_guard lock(mutex);
  if (cut) return SQLITE_IOERR_WRITE;
  if (Of(file)->unsynced) Keep(Of(file), at, at + size);
  const bool fails = Of(file)->unsynced && Fails();
  const int result = RealOf(file)->pMethods->xWrite(RealOf(file), from, size, at);
  return fails ? SQLITE_IOERR_WRITE : result;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const std::lock_guard lock(mutex);
  if (cut) return SQLITE_IOERR_TRUNCATE;
  if (Of(file)->unsynced) Keep(Of(file), size, Of(file)->unsynced->size);
  const bool fails = Of(file)->unsynced && Fails();
  const int result = RealOf(file)->pMethods->xTruncate(RealOf(file), size);
  return fails ? SQLITE_IOERR_TRUNCATE : result;
}

// Nothing really waits for the disk: the machine stays up.
int Sync(sqlite3_file* file, int) {
  const std::lock_guard lock(mutex);
  if (cut || (Of(file)->unsynced && Fails())) return SQLITE_IOERR_FSYNC;
  if (Unsynced* unsynced = Of(file)->unsynced) {
    unsynced->sectors.clear();
    unsynced->existed = true;
    unsynced->size = SizeOf(RealOf(file));
  }
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return RealOf(file)->pMethods->xFileSize(RealOf(file), size);
}
int Lock(sqlite3_file* file, int level) {
  return RealOf(file)->pMethods->xLock(RealOf(file), level);
}
int Unlock(sqlite3_file* file, int level) {
  return RealOf(file)->pMethods->xUnlock(RealOf(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* result) {
  return RealOf(file)->pMethods->xCheckReservedLock(RealOf(file), result);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return RealOf(file)->pMethods->xFileControl(RealOf(file), operation, argument);
}
int SectorSize(sqlite3_file* file) { return RealOf(file)->pMethods->xSectorSize(RealOf(file)); }
int DeviceCharacteristics(sqlite3_file* file) {
  return RealOf(file)->pMethods->xDeviceCharacteristics(RealOf(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return RealOf(file)->pMethods->xShmMap(RealOf(file), page, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
  return RealOf(file)->pMethods->xShmLock(RealOf(file), offset, n, flags);
}
void ShmBarrier(sqlite3_file* file) { RealOf(file)->pMethods->xShmBarrier(RealOf(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return RealOf(file)->pMethods->xShmUnmap(RealOf(file), remove);
}

// Version 2: no memory-mapped reads past the VFS.
const sqlite3_io_methods kMethods = {2,
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
                                     DeviceCharacteristics,
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const std::lock_guard lock(mutex);
  File* opened = Of(file);
  opened->base.pMethods = nullptr;
  if (cut) return SQLITE_CANTOPEN;
  struct stat status{};
  const bool existed = name != nullptr && stat(name, &status) == 0;
  const int result = Real()->xOpen(Real(), name, opened->real(), flags, out_flags);
  if (result != SQLITE_OK) return result;
  opened->unsynced = nullptr;
  constexpr int kLasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  if (name != nullptr && (flags & kLasting) != 0) {
    const auto [known, first] = files.try_emplace(name);
    if (first) known->second = {existed, existed ? status.st_size : 0, {}};
    opened->unsynced = &known->second;
  }
  opened->base.pMethods = &kMethods;
  return SQLITE_OK;
}

// A name that is gone, is gone: SQLite only removes what it has no more need of.
int Delete(sqlite3_vfs*, const char* name, int sync_directory) {
  const std::lock_guard lock(mutex);
  if (cut) return SQLITE_IOERR_DELETE;
  const int result = Real()->xDelete(Real(), name, sync_directory);
  if (const auto known = files.find(name); result == SQLITE_OK && known != files.end())
    known->second = {};
  return result;
}

void Put(int file, const std::string& content, std::int64_t at) {
  if (pwrite(file, content.data(), content.size(), at) != static_cast<ssize_t>(content.size()))
    throw std::runtime_error("the torn file cannot be written");
}

// How much is lost: everything, each sector by a throw of the coin, or nothing.
enum class Loss { kAll, kSome, kNone };

std::uint64_t Tear(const std::string& path, const Unsynced& unsynced, Loss loss,
                   std::mt19937_64& random) {
  const auto lose = [&] {
    return loss == Loss::kAll || (loss == Loss::kSome && random() % 2 == 0);
  };
  if (!unsynced.existed && lose()) return unlink(path.c_str()) == 0;
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  std::uint64_t lost = 0;
  struct stat status{};
  fstat(file, &status);
  std::int64_t size = status.st_size;
  if (size != unsynced.size && lose()) {
    const std::int64_t more = std::max<std::int64_t>(size - unsynced.size, 0);
    size = unsynced.size;
    if (loss == Loss::kSome && more > 0)
      size += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(more));
    if (ftruncate(file, size) != 0) throw std::runtime_error("the torn file cannot be cut");
    ++lost;
  }
  for (const auto& [at, content] : unsynced.sectors) {
    if (!lose()) continue;
    Put(file, content, at);
    ++lost;
  }
  // Where the file has grown, nobody knows what stood on the disk before.
  for (std::int64_t at = unsynced.size; at < size; at += kSector) {
    if (!lose()) continue;
    const auto length = static_cast<std::size_t>(std::min(kSector, size - at));
    Put(file, std::string(length, random() % 2 == 0 ? '\0' : '\x5a'), at);
    ++lost;
  }
  close(file);
  return lost;
}

}  // namespace

void PowerCutVfs::Install() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *Real();
    made.zName = "power-cut";
    made.pNext = nullptr;
    made.szOsFile = static_cast<int>(sizeof(File)) + Real()->szOsFile;
    made.xOpen = Open;
    made.xDelete = Delete;
    return made;
  }();
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
    throw std::runtime_error("the VFS cannot be registered");
}

void PowerCutVfs::CutAfter(std::uint64_t operations) {
  const std::lock_guard lock(mutex);
  operations_left = operations;
  armed = true;
}

bool PowerCutVfs::is_cut() {
  const std::lock_guard lock(mutex);
  return cut;
}

std::uint64_t PowerCutVfs::Restore(std::mt19937_64& random) {
  const std::lock_guard lock(mutex);
  std::uint64_t lost = 0;
  if (cut) {
    for (const auto& [path, unsynced] : files)
      lost += Tear(path, unsynced, static_cast<Loss>(random() % 3), random);
  }
  files.clear();
  armed = cut = false;
  return lost;
}

}  // namespace duban::torture
