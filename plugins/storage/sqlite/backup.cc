#include "plugins/storage/sqlite/backup.h"

#include <fmt/format.h>

#include <filesystem>

#include "plugins/storage/sqlite/file.h"

namespace duban::storage_sqlite {
namespace {

namespace fs = std::filesystem;

void Copy(Connection& source, const std::string& path) {
  Connection target(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 1024);
  target.Execute("PRAGMA synchronous = FULL");
  sqlite3_backup* backup = sqlite3_backup_init(target.raw(), "main", source.raw(), "main");
  if (backup == nullptr) target.Throw();
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) target.Throw();
}

}  // namespace

void Backup(Connection& source, const std::string& target) {
  const std::string path = fs::absolute(target).string();
  if (fs::exists(path)) {
    throw std::invalid_argument(
        plugin::Bilingual(fmt::format("备份目标 {} 已存在；请换一个文件名", path),
                          fmt::format("the backup {} exists already; choose another name", path)));
  }
  const std::string partial = path + ".partial";
  fs::remove(partial);
  try {
    CreatePrivately(partial);
    Copy(source, partial);
    fs::rename(partial, path);
  } catch (...) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw;
  }
  SyncDirectoryOf(path);
}

}  // namespace duban::storage_sqlite
