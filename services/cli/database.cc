#include "services/cli/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/plugin/host.h"
#include "services/cli/digest.h"

namespace duban::cli {
namespace {

using model::Text;

std::unexpected<Text> Cannot(const char* zh, const char* en, const fs::path& path) {
  const std::string why = std::strerror(errno);
  return std::unexpected(Text(fmt::format("{} {}：{}", zh, path.string(), why),
                              fmt::format("{} {}: {}", en, path.string(), why)));
}

}  // namespace

fs::path DefaultPlugins() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  fs::path beside = self.parent_path().parent_path() / "plugins";
  if (!failed && fs::is_directory(beside, failed)) return beside;
  return "/usr/lib/duban/plugins";
}

bool IsInUse(const fs::path& database) {
  const std::string path = database.string() + ".lock";
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool free = flock(file, LOCK_EX | LOCK_NB) == 0;
  close(file);
  return !free;
}

std::expected<bool, Text> CheckDigest(const fs::path& file) {
  std::ifstream in(file.string() + ".sha256");
  std::string expected;
  if (!(in >> expected)) return false;
  const auto found = DigestOf(file);
  if (!found) return Cannot("无法读取", "cannot read", file);
  if (found->sha256 == expected) return true;
  return std::unexpected(
      Text(fmt::format("{} 与它的校验文件 {}.sha256 不符：备份已被改动或不完整，请改用另一份",
                       file.string(), file.string()),
           fmt::format(
               "{} does not agree with {}.sha256: the backup was changed or is not complete; use "
               "another one",
               file.string(), file.string())));
}

std::expected<void, Text> CheckIntegrity(const fs::path& file) {
  if (access(file.c_str(), R_OK) != 0) return Cannot("无法读取", "cannot read", file);
  sqlite3* opened = nullptr;
  std::string wrong;
  const int flags = SQLITE_OPEN_READONLY;
  if (sqlite3_open_v2(file.c_str(), &opened, flags, nullptr) == SQLITE_OK) {
    const auto collect = [](void* to, int, char** values, char**) {
      auto& text = *static_cast<std::string*>(to);
      const std::string line = values[0] == nullptr ? "" : values[0];
      if (line != "ok") text += (text.empty() ? "" : "; ") + line;
      return 0;
    };
    const int code = sqlite3_exec(opened, "PRAGMA integrity_check(10)", collect, &wrong, nullptr);
    if (code != SQLITE_OK && wrong.empty()) wrong = sqlite3_errmsg(opened);
  } else {
    wrong = sqlite3_errmsg(opened);
  }
  sqlite3_close(opened);
  if (wrong.empty()) return {};
  return std::unexpected(Text(fmt::format("{} 已损坏：{}", file.string(), wrong),
                              fmt::format("{} is damaged: {}", file.string(), wrong)));
}

std::expected<void, Text> OpenAsServer(const fs::path& copy, const fs::path& plugins) {
  std::expected<void, Text> result;
  {
    auto storage =
        plugin::LoadStorage(plugins / "storage" / "sqlite.so", {{"path", copy.string()}});
    if (!storage) {
      result = std::unexpected(storage.error());
    } else if (const auto last = (*storage)->LastChange(); !last) {
      result = std::unexpected(Text(last.error().message, last.error().message));
    }
  }
  std::error_code ignored;
  fs::remove(copy.string() + ".lock", ignored);
  return result;
}

std::expected<void, Text> CopyDurably(const fs::path& from, const fs::path& to) {
  const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) return Cannot("无法读取", "cannot read", from);
  const int out = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool good = out >= 0;
  std::array<char, 1 << 16> buffer;
  for (ssize_t size = 1; good && size > 0;) {
    size = read(in, buffer.data(), buffer.size());
    good = size >= 0 && write(out, buffer.data(), static_cast<std::size_t>(size)) == size;
  }
  good = good && fsync(out) == 0;
  const int error = errno;
  close(in);
  if (out >= 0) close(out);
  errno = error;
  if (!good) return Cannot("无法写入", "cannot write", to);
  return {};
}

}  // namespace duban::cli
