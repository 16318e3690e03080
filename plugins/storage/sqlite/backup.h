// A copy of the database while it is in use.
#pragma once

#include <string>

#include "plugins/storage/sqlite/connection.h"

namespace duban::storage_sqlite {

// The copy is one moment's state, complete and synced when this returns: it is written beside
// `target` as
// "<target>.partial" and then renamed. Throws std::invalid_argument when `target` exists,
// SqliteError when it cannot be written.
void Backup(Connection& source, const std::string& target);

}  // namespace duban::storage_sqlite
