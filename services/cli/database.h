// A database file looked at without a server: is it whole, and does the storage of this release
// open it?
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "core/model/text.h"

namespace duban::cli {

namespace fs = std::filesystem;

// Where this program's plugins are: beside it (../plugins), else /usr/lib/duban/plugins.
fs::path DefaultPlugins();

// Whether a server has it open. A lock file that cannot be read counts as one that nobody holds.
bool IsInUse(const fs::path& database);

// Compares with `<file>.sha256`, as `duban backup` leaves it. True: they agree; false: there is
// none.
std::expected<bool, model::Text> CheckDigest(const fs::path& file);

// Every page and index, read only. The text is SQLite's list of what is wrong.
std::expected<void, model::Text> CheckIntegrity(const fs::path& file);

// Opens it as a server would, which brings an older one to this release's schema; so only ever a
// copy. Leaves no lock file behind.
std::expected<void, model::Text> OpenAsServer(const fs::path& copy, const fs::path& plugins);

// A copy of `from` at `to`, which must not exist, readable by its owner only and on the disk when
// this returns.
std::expected<void, model::Text> CopyDurably(const fs::path& from, const fs::path& to);

}  // namespace duban::cli
