// The tables, and how an older database becomes one of today.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/storage/sqlite/connection.h"

namespace duban::storage_sqlite {

inline constexpr std::uint32_t kApplicationId = 0x44424e31;  // "DBN1", PRAGMA application_id

std::uint32_t SchemaVersion();  // the newest that this program knows

// Throws std::invalid_argument when the file is not Duban's or is of a newer version (both named).
void RefuseForeignVersion(const std::string& path, std::uint32_t application_id,
                          std::uint32_t version);

// Brings an empty or older database to SchemaVersion() in one transaction, then turns on the
// write-ahead log. The connection knows request_hash (indexes.h). Throws std::invalid_argument as
// above, SqliteError otherwise.
void Migrate(Connection& connection, const std::string& path);

}  // namespace duban::storage_sqlite
