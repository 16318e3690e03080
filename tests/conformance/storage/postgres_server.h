// A PostgreSQL of its own for a test: made in a temporary directory, reached through a unix socket
// in it, stopped and removed at the end. Needs Debian's package `postgresql`; as root it runs as
// the user `postgres`, because it refuses to run as root.
#pragma once

#include <filesystem>
#include <string>

namespace duban::conformance {

class PostgresServer {
 public:
  // kNone: without fsync, for tests in which no power is lost; kFull: as it is run.
  enum class Durability { kNone, kFull };
  explicit PostgresServer(Durability durability = Durability::kNone);  // throws std::runtime_error
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // As pg_ctl does: "start", "restart -m immediate", "stop -m fast".
  void Control(const std::string& how);
  // One of PostgreSQL's programs with its arguments, as the user of the server; gives its output.
  std::string Program(const std::string& command);
  // psql -c; gives its output, tuples only. Throws std::runtime_error.
  std::string Query(const std::string& sql);
  // For the setting `connection`: the superuser, who has no password.
  std::string connection(const std::string& database = "postgres") const;

 private:
  std::string Shell(const std::string& command) const;

  const Durability durability_;
  std::filesystem::path directory_;
};

}  // namespace duban::conformance
