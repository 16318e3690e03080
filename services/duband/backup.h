// A copy of the storage in the one directory that the configuration names.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>

#include "core/model/text.h"
#include "core/ports/storage.h"

namespace duban::duband {

struct BackupFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::string sha256;  // hexadecimal; also in `<path>.sha256`, as sha256sum writes it
};

// Whether the name may be that of a backup: 1 to 100 letters, digits, `.`, `_`, `-`, the first a
// letter or digit. So it can lie nowhere else.
bool IsBackupName(const std::string& name);

// Makes the directory, readable by its owner only, when it is missing. Nothing is ever overwritten.
std::expected<BackupFile, model::Text> MakeBackup(ports::Storage& storage,
                                                  const std::filesystem::path& directory,
                                                  const std::string& name);

}  // namespace duban::duband
