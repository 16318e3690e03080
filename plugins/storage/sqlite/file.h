// The database as a file: who may open it, and what it is before SQLite sees it.
#pragma once

#include <string>

namespace duban::storage_sqlite {

// Held by the one server that has the database open: an exclusive lock on `<path>.lock`. The system
// gives it back when the process ends, however it ends. Throws std::invalid_argument.
class FileLock {
 public:
  explicit FileLock(const std::string& database);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int file_;
};

// Throws std::invalid_argument unless `path` is absent, empty, or a database of Duban of a version
// that this program knows. Touches nothing.
void RefuseForeignFile(const std::string& path);

// An empty file that only its owner may read, unless there is one.
void CreatePrivately(const std::string& path);

// Makes a rename or a new file in the directory of `path` durable.
void SyncDirectoryOf(const std::string& path);

}  // namespace duban::storage_sqlite
