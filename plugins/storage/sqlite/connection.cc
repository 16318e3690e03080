#include "plugins/storage/sqlite/connection.h"

#include <fmt/format.h>

namespace duban::storage_sqlite {
namespace {
constexpr int kBusyTimeoutMs = 5000;
}  // namespace

std::int64_t ToColumn(model::Timestamp t) {
  constexpr std::int64_t kLimit = INT64_MAX / model::kNanosPerSecond - 1;
  if (t.seconds > kLimit) return INT64_MAX;
  if (t.seconds < -kLimit) return INT64_MIN;
  return t.seconds * model::kNanosPerSecond + t.nanos;
}

model::Timestamp ToTimestamp(std::int64_t column) {
  std::int64_t seconds = column / model::kNanosPerSecond;
  std::int64_t nanos = column % model::kNanosPerSecond;
  if (nanos < 0) {
    nanos += model::kNanosPerSecond;
    --seconds;
  }
  return {seconds, static_cast<std::int32_t>(nanos)};
}

Connection::Connection(const std::string& path, int flags, int cache_kibibytes, const char* vfs) {
  try {
    if (sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, vfs) != SQLITE_OK) Throw();
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, kBusyTimeoutMs);
    Execute(fmt::format(
                "PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;",
                cache_kibibytes)
                .c_str());
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void Connection::Throw() const {
  if (db_ == nullptr) throw SqliteError(SQLITE_NOMEM, 0, "out of memory");
  throw SqliteError(sqlite3_extended_errcode(db_), sqlite3_system_errno(db_), sqlite3_errmsg(db_));
}

void Connection::Execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) Throw();
}

std::int64_t Connection::Integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.Next() ? statement.Integer(0) : 0;
}

std::string Connection::Text(const char* sql) {
  Statement statement(*this, sql);
  return statement.Next() ? statement.Bytes(0) : std::string{};
}

sqlite3_stmt* Connection::Prepared(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr && sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                 &statement, nullptr) != SQLITE_OK) {
    Throw();
  }
  return statement;
}

bool Statement::Next() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      connection_.Throw();
  }
}

std::string Statement::Bytes(int column) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string{} : std::string(data, size);
}

}  // namespace duban::storage_sqlite
