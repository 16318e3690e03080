// The tables, and how a database of an older release becomes one of this.
#pragma once

#include "plugins/storage/postgres/session.h"

namespace duban::storage_postgres {

// A case's rows, and with them its timers and messages, belong to one of these parts; the nodes
// share the parts out. Kept in the rows: it may never change.
inline constexpr std::int64_t kParts = 64;
constexpr std::int64_t PartOf(model::CaseId id) {
  return static_cast<std::int64_t>((id.value * 0x9E37'79B9'7F4A'7C15U) >> 58);
}

// Of the errors that the statements raise themselves; DETAIL holds the case as it is stored.
inline constexpr const char* kConflictState = "DU001";

// Creates or upgrades the schema, one node at a time. Throws std::invalid_argument, and nothing is
// changed, when the schema is of a newer release or not Duban's, or the database is not in UTF-8.
void Migrate(Session& session, const Options& options);

}  // namespace duban::storage_postgres
