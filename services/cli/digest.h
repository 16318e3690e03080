// The SHA-256 of a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace duban::cli {

struct FileDigest {
  std::string sha256;  // lower-case hex
  std::uint64_t bytes = 0;
};

// Empty when the file cannot be read: errno says why.
std::optional<FileDigest> DigestOf(const std::filesystem::path& path);

}  // namespace duban::cli
