// One SQLite connection and its prepared statements.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/plugin/sdk.h"

namespace duban::storage_sqlite {

struct SqliteError : std::runtime_error {
  SqliteError(int extended_code, int system_error, const std::string& what)
      : std::runtime_error(what), code(extended_code), system(system_error) {}
  int code;    // extended result code
  int system;  // errno of the failed call, 0 if none
};

// Ids are unsigned and SQLite's integers are not: the upper bit is turned over, which keeps the
// order.
constexpr std::int64_t ToColumn(model::CaseId id) {
  return static_cast<std::int64_t>(id.value ^ (std::uint64_t{1} << 63));
}
constexpr model::CaseId ToCaseId(std::int64_t column) {
  return {static_cast<std::uint64_t>(column) ^ (std::uint64_t{1} << 63)};
}

// Nanoseconds since 1970; times outside 1677 to 2262 become the nearest that can be held (they only
// come as limits of a query, never to be stored).
std::int64_t ToColumn(model::Timestamp t);
model::Timestamp ToTimestamp(std::int64_t column);

struct Blob {
  std::string_view bytes;
};

// A case id of which 0 is stored as null.
struct OrNull {
  model::CaseId id;
};

// Not thread-safe: a connection is used by one thread at a time.
class Connection {
 public:
  // `flags` and `vfs`: of sqlite3_open_v2. Throws SqliteError, as everything here.
  Connection(const std::string& path, int flags, int cache_kibibytes, const char* vfs = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Execute(const char* sql);  // one or more statements without parameters
  std::int64_t Integer(
      const char* sql);  // the first column of the first row; 0 when there is none or it is null
  std::string Text(const char* sql);
  bool InTransaction() const { return sqlite3_get_autocommit(db_) == 0; }
  int Changes() const { return sqlite3_changes(db_); }
  sqlite3* raw() const { return db_; }
  [[noreturn]] void Throw() const;

 private:
  friend class Statement;
  sqlite3_stmt* Prepared(const char* sql);  // `sql` is a literal: its address is the key

  sqlite3* db_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

// A borrowed prepared statement; what is bound must live until the end of it.
class Statement {
 public:
  template <class... Args>
  Statement(Connection& connection, const char* sql, const Args&... args)
      : connection_(connection), statement_(connection.Prepared(sql)) {
    int index = 0;
    (Bind(++index, args), ...);
  }
  ~Statement() { sqlite3_reset(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool Next();  // true: there is a row
  void Run() { Next(); }

  std::int64_t Integer(int column) { return sqlite3_column_int64(statement_, column); }
  bool IsNull(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string Bytes(int column);
  model::CaseId Case(int column) { return ToCaseId(Integer(column)); }
  model::Timestamp Time(int column) { return ToTimestamp(Integer(column)); }
  template <std::unsigned_integral T>
  T Unsigned(int column) {
    return static_cast<T>(Integer(column));
  }

 private:
  template <std::integral T>
  void Bind(int i, T v) {
    sqlite3_bind_int64(statement_, i, static_cast<std::int64_t>(v));
  }
  void Bind(int i, model::CaseId v) { sqlite3_bind_int64(statement_, i, ToColumn(v)); }
  void Bind(int i, model::Timestamp v) { sqlite3_bind_int64(statement_, i, ToColumn(v)); }
  void Bind(int i, std::string_view v) {
    sqlite3_bind_text(statement_, i, v.data(), static_cast<int>(v.size()), SQLITE_STATIC);
  }
  void Bind(int i, Blob v) {
    sqlite3_bind_blob(statement_, i, v.bytes.data(), static_cast<int>(v.bytes.size()),
                      SQLITE_STATIC);
  }
  void Bind(int i, OrNull v) {
    v.id ? Bind(i, v.id) : static_cast<void>(sqlite3_bind_null(statement_, i));
  }
  template <class T>
  void Bind(int i, const std::optional<T>& v) {
    v ? Bind(i, *v) : static_cast<void>(sqlite3_bind_null(statement_, i));
  }

  Connection& connection_;
  sqlite3_stmt* statement_;
};

}  // namespace duban::storage_sqlite
