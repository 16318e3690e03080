#include "tests/conformance/storage/postgres_server.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace duban::conformance {
namespace {

namespace fs = std::filesystem;

// The newest installed.
fs::path Programs() {
  fs::path found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (version.path() > found) found = version.path();
  }
  if (found.empty()) throw std::runtime_error("no PostgreSQL: install the package postgresql");
  return found / "bin";
}

std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

PostgresServer::PostgresServer(Durability durability) : durability_(durability) {
  std::string name = (fs::temp_directory_path() / "duban-pg-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  if (geteuid() == 0 && std::system(("chown postgres " + name).c_str()) != 0)
    throw std::runtime_error("there is no user postgres");
  Shell((Programs() / "initdb").string() + " -D " + name +
        "/data -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync");
  Control("start");
}

PostgresServer::~PostgresServer() {
  try {
    Control("stop -m immediate");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void PostgresServer::Control(const std::string& how) {
  const std::string settings =
      "-c listen_addresses= -c unix_socket_directories=" + directory_.string() +
      " -c max_connections=200 -c shared_buffers=64MB" +
      (durability_ == Durability::kNone ? " -c fsync=off" : "");
  Shell((Programs() / "pg_ctl").string() + " -D " + directory_.string() + "/data -w -s -l " +
        directory_.string() + "/log -o " + Quoted(settings) + " " + how);
}

std::string PostgresServer::Program(const std::string& command) {
  return Shell((Programs() / command).string());
}

std::string PostgresServer::Query(const std::string& sql) {
  return Shell((Programs() / "psql").string() + " -X -q -A -t -v ON_ERROR_STOP=1 -d " +
               Quoted(connection()) + " -c " + Quoted(sql));
}

std::string PostgresServer::connection(const std::string& database) const {
  return "host=" + directory_.string() + " user=postgres dbname=" + database;
}

std::string PostgresServer::Shell(const std::string& command) const {
  std::string whole = "cd / && " + command + " 2>&1 </dev/null";
  if (geteuid() == 0) whole = "runuser -u postgres -- sh -c " + Quoted(whole);
  FILE* pipe = popen(whole.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::string output;
  std::array<char, 4096> part{};
  while (const std::size_t n = fread(part.data(), 1, part.size(), pipe))
    output.append(part.data(), n);
  if (pclose(pipe) != 0) throw std::runtime_error(command + "\n" + output);
  return output;
}

}  // namespace duban::conformance
