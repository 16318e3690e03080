// One connection to PostgreSQL: statements in a pipeline, one round trip for all of them.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/storage/postgres/binary.h"
#include "plugins/storage/postgres/options.h"

namespace duban::storage_postgres {

struct PgError : std::runtime_error {
  PgError(const std::string& what, std::string state, bool is_lost)
      : std::runtime_error(what), sqlstate(std::move(state)), lost(is_lost) {}
  std::string sqlstate;  // empty: it does not come from the server
  std::string detail;    // the server's DETAIL
  bool lost = false;     // the connection cannot be used again
  std::size_t call = 0;  // which of the calls failed
};

class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, &PQclear) {}
  int size() const { return PQntuples(result_.get()); }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string_view Bytes(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::string Text(int row, int column) const { return std::string(Bytes(row, column)); }
  // bigint, integer, smallint
  std::int64_t Integer(int row, int column) const { return ReadBigint(Bytes(row, column)); }
  template <std::unsigned_integral T>
  T Unsigned(int row, int column) const {
    return static_cast<T>(Integer(row, column));
  }
  bool Bool(int row, int column) const { return Bytes(row, column)[0] != 0; }
  model::CaseId Case(int row, int column) const { return ToCaseId(Integer(row, column)); }
  model::Timestamp Time(int row, int column) const { return ToTimestamp(Integer(row, column)); }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

// `sql` is a literal: its address is the key of the prepared statement. Results are binary.
struct Call {
  const char* sql;
  Parameters parameters;
};

// Not thread-safe: used by one thread at a time. Everything throws PgError.
class Session {
 public:
  explicit Session(const Options& options);  // connects; a primary is required
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // All of it in one round trip. What follows a failed call is not executed; the caller's
  // transaction, if any, is rolled back. Longer than the time-out of a statement and some: lost.
  std::vector<Rows> Run(const std::vector<Call>& calls);
  Rows Run(const char* sql, Parameters parameters = {});
  // Statements without parameters or rows, several in one text.
  void Execute(const std::string& sql);

  // False: the server has closed it meanwhile. Asks the socket only.
  bool Alive();
  // The server warned during the last Run: a commit was not replicated as it should have been.
  bool warned() const { return warned_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  void Send(const std::vector<Call>& calls);
  PGresult* Next(Deadline deadline);
  [[noreturn]] void Lost(const std::string& why) const;

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  const std::chrono::milliseconds patience_;
  std::set<const char*> prepared_;
  bool warned_ = false;
};

}  // namespace duban::storage_postgres
