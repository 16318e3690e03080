#include "plugins/storage/sqlite/indexes.h"

#include <exception>
#include <string>

#include "core/model/sha256.h"

namespace duban::storage_sqlite {

Indexes::Indexes()
    : journal({"journal",
               "SELECT case_id, revision, change FROM journal WHERE change > ?1 ORDER BY change",
               "INSERT OR IGNORE INTO journal_index (case_id, revision, change) VALUES (?, ?, ?)",
               "SELECT revision, change FROM journal_index WHERE case_id = ?1 AND revision > ?2 "
               "ORDER BY revision"}),
      closed_tasks({"closed_tasks",
                    "SELECT case_id, ordinal, number FROM closed_tasks WHERE number > ?1 ORDER BY "
                    "number",
                    "INSERT OR IGNORE INTO closed_tasks_index (case_id, ordinal, number) VALUES "
                    "(?, ?, ?)",
                    "SELECT ordinal, number FROM closed_tasks_index WHERE case_id = ?1 AND "
                    "ordinal > ?2 ORDER BY ordinal, number"}),
      requests({"requests",
                "SELECT request_hash(request_id), 0, number FROM requests WHERE number > ?1 ORDER "
                "BY number",
                "INSERT OR IGNORE INTO requests_index (hash, number) VALUES (?1, ?3)",
                "SELECT 0, number FROM requests_index WHERE hash = ?1 AND ?2 < 0 ORDER BY "
                "number"}) {}

std::int64_t HashOf(std::string_view request_id) {
  const std::string digest = model::Sha256(request_id);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i)
    hash = hash << 8 | static_cast<unsigned char>(digest[i]);
  return static_cast<std::int64_t>(hash);
}

void OfferRequestHash(Connection& connection) {
  const auto hash = [](sqlite3_context* call, int, sqlite3_value** arguments) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
    try {
      sqlite3_result_int64(call, HashOf({text, size}));
    } catch (const std::exception& e) {
      sqlite3_result_error(call, e.what(), -1);
    }
  };
  if (sqlite3_create_function(connection.raw(), "request_hash", 1,
                              SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, +hash, nullptr,
                              nullptr) != SQLITE_OK) {
    connection.Throw();
  }
}

}  // namespace duban::storage_sqlite
