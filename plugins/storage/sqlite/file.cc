#include "plugins/storage/sqlite/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "core/plugin/sdk.h"
#include "plugins/storage/sqlite/schema.h"

namespace duban::storage_sqlite {
namespace {

using plugin::Bilingual;

[[noreturn]] void Refuse(const std::string& zh, const std::string& en) {
  throw std::invalid_argument(Bilingual(zh, en));
}

[[noreturn]] void CannotOpen(const std::string& path) {
  const std::string why = std::strerror(errno);
  Refuse(fmt::format("无法打开 {}：{}；请检查目录是否存在、是否可写", path, why),
         fmt::format("cannot open {}: {}; see that the directory exists and can be written", path,
                     why));
}

// Big-endian, as in the header of a database file (sqlite.org/fileformat2.html, section 1.3).
std::uint32_t HeaderField(const std::string& header, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(header[offset + i]);
  return value;
}

}  // namespace

FileLock::FileLock(const std::string& database) {
  const std::string path = database + ".lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) CannotOpen(path);
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  close(file_);
  Refuse(fmt::format("数据库 {} 正被另一个服务器使用；请先停止它，或改用别的 path", database),
         fmt::format(
             "the database {} is in use by another server; stop that one or choose another path",
             database));
}

FileLock::~FileLock() { close(file_); }

void RefuseForeignFile(const std::string& path) {
  constexpr std::size_t kHeaderSize = 100;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size == 0) return;
  // An interrupted creation: SQLite takes the file back to empty when it opens it.
  if (std::filesystem::exists(path + "-journal", error)) return;
  std::string header(kHeaderSize, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(header.data(), kHeaderSize);
  if (!file || !header.starts_with(std::string_view("SQLite format 3\0", 16))) {
    Refuse(fmt::format("{} 不是数据库文件；请检查 path", path),
           fmt::format("{} is not a database; check the setting path", path));
  }
  RefuseForeignVersion(path, HeaderField(header, 68), HeaderField(header, 60));
}

void CreatePrivately(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) CannotOpen(path);
  close(file);
}

void SyncDirectoryOf(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
}

}  // namespace duban::storage_sqlite
