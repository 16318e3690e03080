#include "services/duband/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <fstream>
#include <memory>
#include <optional>

namespace duban::duband {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> Sha256Of(const fs::path& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::ifstream in(path, std::ios::binary);
  if (!in || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return std::nullopt;
  std::array<char, 1 << 16> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (in.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return std::nullopt;
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

bool WriteDurably(const fs::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  close(file);
  return written;
}

}  // namespace

bool IsBackupName(const std::string& name) {
  if (name.empty() || name.size() > 100) return false;
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (!plain(name[0])) return false;
  for (const char c : name) {
    if (!plain(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

std::expected<BackupFile, model::Text> MakeBackup(ports::Storage& storage,
                                                  const fs::path& directory,
                                                  const std::string& name) {
  std::error_code failed;
  if (fs::create_directories(directory, failed)) {
    fs::permissions(directory, fs::perms::owner_all, failed);
  }
  if (failed) {
    return std::unexpected(
        model::Text(fmt::format("无法建立备份目录 {}，请检查权限", directory.string()),
                    fmt::format("the backup directory {} cannot be made; check its rights",
                                directory.string())));
  }
  BackupFile file{directory / name, 0, ""};
  if (const auto done = storage.Backup(file.path.string()); !done)
    return std::unexpected(model::Text(done.error().message, done.error().message));
  file.bytes = fs::file_size(file.path, failed);
  const auto digest = Sha256Of(file.path);
  if (failed || !digest ||
      !WriteDurably(file.path.string() + ".sha256", *digest + "  " + name + "\n")) {
    return std::unexpected(
        model::Text(fmt::format("备份 {} 已完成，但无法写入它的校验文件", file.path.string()),
                    fmt::format("the backup {} was made, but not the file with its digest",
                                file.path.string())));
  }
  file.sha256 = *digest;
  return file;
}

}  // namespace duban::duband
