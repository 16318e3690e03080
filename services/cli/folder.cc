#include "services/cli/folder.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "core/definition/definition.h"

namespace duban::cli {
namespace fs = std::filesystem;
namespace {

std::unexpected<Failure> CannotRead(const Terminal& terminal, const std::string& path,
                                    const std::string& why) {
  return Usage(terminal.Say("无法读取 ", "cannot read ") + path + ": " + why);
}

std::expected<std::string, Failure> ReadAtMost(const Terminal& terminal, const std::string& path,
                                               std::size_t limit) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(terminal, path, std::strerror(errno));
  std::string text(limit, '\0');
  file.read(text.data(), static_cast<std::streamsize>(limit));
  if (file.bad()) return CannotRead(terminal, path, std::strerror(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

}  // namespace

std::expected<std::map<std::string, std::string>, Failure> ReadFolder(const Terminal& terminal,
                                                                      const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return CannotRead(terminal, path,
                      error ? error.message() : terminal.Say("不是文件夹", "not a folder"));
  }
  std::map<std::string, std::string> files;
  fs::recursive_directory_iterator entry(path, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (IsHidden(entry->path())) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || files.size() > definition::kMaxFiles) continue;
    auto text = ReadAtMost(terminal, entry->path().string(), definition::kMaxFileBytes + 1);
    if (!text) return std::unexpected(text.error());
    files.emplace(entry->path().lexically_relative(path).generic_string(), *std::move(text));
  }
  if (error) return CannotRead(terminal, path, error.message());
  return files;
}

std::expected<std::string, Failure> ReadFile(const Terminal& terminal, const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return CannotRead(terminal, path, terminal.Say("是文件夹", "it is a folder"));
  }
  return ReadAtMost(terminal, path, definition::kMaxCampaignBytes + 1);
}

Outcome WriteFile(const Terminal& terminal, const std::string& path, const std::string& text) {
  if (path.empty()) {
    std::cout << text << std::flush;
    if (std::cout) return {};
  } else {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (file) return {};
  }
  return Usage(terminal.Say("无法写入 ", "cannot write ") + (path.empty() ? "-" : path) + ": " +
               std::strerror(errno));
}

}  // namespace duban::cli
