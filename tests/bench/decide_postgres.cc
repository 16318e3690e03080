// Durable decisions over gRPC on PostgreSQL, by one server and by two, beside what pgbench reaches
// in the same run with a transaction that writes the same rows for one decision: once with the
// counter that gives all changes one order, as the plugin has it, and once with a sequence instead,
// which gives none. Everything is on this machine: PostgreSQL (made for the run, fsync on), the
// servers, the clients. One server and two take turns; the medians are printed.
//
//   bench_decide_postgres [--fsync-delay-ms N]
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/load.h"
#include "tests/bench/setting.h"
#include "tests/bench/workflow.h"
#include "tests/conformance/storage/postgres_server.h"

namespace duban::bench {
namespace {

namespace fs = std::filesystem;
using conformance::PostgresServer;

constexpr int kTurns = 3;
constexpr double kSeconds = 3;
constexpr int kInFlight = 64;

// One decision as the plugin writes it, alone: the case under its expected revision, the task
// before closed and the next one opened, the answer under its request id, the journal with the next
// change number.
constexpr const char* kOneDecision = R"(\set id random(1, 1000)
BEGIN;
SELECT revision FROM cases WHERE case_id = :id FOR UPDATE \gset
UPDATE cases SET revision = :revision + 1, summary = repeat('s', 120)::bytea, body = repeat('b', 700)::bytea WHERE case_id = :id AND revision = :revision;
INSERT INTO tasks VALUES (:id::bigint, :revision::bigint, false, NULL::bigint, 'x'::bytea, repeat('t', 300)::bytea), (:id::bigint, :revision::bigint + 1, true, NULL::bigint, 'x'::bytea, repeat('t', 250)::bytea) ON CONFLICT (case_id, ordinal) DO UPDATE SET open = excluded.open, body = excluded.body;
DELETE FROM inbox WHERE case_id = :id AND ordinal IN (:revision, :revision + 1);
INSERT INTO inbox VALUES (:id, :revision + 1, 'bench');
INSERT INTO requests VALUES (('bench/' || :id::text || '/' || :revision::text)::bytea, repeat('f', 32)::bytea, 0, repeat('r', 60)::bytea);
WITH n AS ({}) INSERT INTO journal SELECT :id::bigint, :revision::bigint + 1, n.last, repeat('j', 250)::bytea FROM n;
COMMIT;
)";
constexpr const char* kFromCounter =
    "UPDATE changes SET last = last + 1 WHERE id = 1 RETURNING last";
constexpr const char* kFromSequence = "SELECT nextval('change_numbers') AS last";

// A PostgreSQL whose syncs take longer by so much.
std::unique_ptr<PostgresServer> StartPostgres(const fs::path& directory, int fsync_delay_ms) {
  if (fsync_delay_ms > 0) {
    const fs::path library = directory / "slow_fsync.so";  // where the user postgres may read it
    fs::copy_file(BinDirectory() / "slow_fsync.so", library);
    setenv("LD_PRELOAD", library.c_str(), 1);
    setenv("SLOW_FSYNC_MS", std::to_string(fsync_delay_ms).c_str(), 1);
  }
  auto postgres = std::make_unique<PostgresServer>(PostgresServer::Durability::kFull);
  unsetenv("LD_PRELOAD");
  unsetenv("SLOW_FSYNC_MS");
  return postgres;
}

// One server and its client, with all or a half of the calls in flight.
struct Node {
  explicit Node(const std::string& storage) : server({kOrganisation, {}, 0, storage}) {
    server.Start();
    client = std::make_unique<Client>(server.address(), server.TokenOf("bench"));
  }

  void StartCases(int in_flight) {
    std::vector<std::string> ids;
    Chains starts;
    for (int i = 0; i < in_flight; ++i)
      starts.push_back(std::make_unique<Cases>("bench", 0, 1, &ids));
    Run(*client, starts, 0);
    chains.clear();
    for (const std::string& id : ids) chains.push_back(std::make_unique<Decisions>(id));
  }

  Server server;
  std::unique_ptr<Client> client;
  Chains chains;
  Result result;
};

struct Series {
  std::vector<double> rates, p50, p99, server_us, postgres_us;
};

void Turn(const std::vector<Node*>& nodes, pid_t postmaster, Series& series) {
  const auto servers = [&] {
    double seconds = 0;
    for (const Node* node : nodes) seconds += ProcessorSeconds(node->server.pid());
    return seconds;
  };
  for (Node* node : nodes) node->StartCases(kInFlight / static_cast<int>(nodes.size()));
  const double server_before = servers();
  const double postgres_before = FamilyProcessorSeconds(postmaster);
  std::vector<std::thread> threads;
  for (Node* node : nodes)
    threads.emplace_back([node] { node->result = Run(*node->client, node->chains, kSeconds, 0); });
  for (std::thread& thread : threads) thread.join();
  double calls = 0, rate = 0, p50 = 0, p99 = 0;
  for (const Node* node : nodes) {
    calls += static_cast<double>(node->result.calls);
    rate += node->result.per_second;
    p50 = std::max(p50, node->result.p50_us);
    p99 = std::max(p99, node->result.p99_us);
  }
  series.rates.push_back(rate);
  series.p50.push_back(p50);
  series.p99.push_back(p99);
  series.server_us.push_back((servers() - server_before) / calls * 1e6);
  series.postgres_us.push_back((FamilyProcessorSeconds(postmaster) - postgres_before) / calls *
                               1e6);
}

// Transactions a second of 64 clients, each of which writes one decision.
double Pgbench(PostgresServer& postgres, const fs::path& directory, const char* next_change) {
  const fs::path script = directory / "decision.sql";
  std::ofstream(script) << fmt::format(kOneDecision, next_change);
  postgres.Query("DROP SCHEMA IF EXISTS single CASCADE; CREATE SCHEMA single");
  for (const char* table : {"cases", "tasks", "inbox", "requests", "journal", "changes"}) {
    const std::string name = table;
    postgres.Query("CREATE TABLE single." + name + " (LIKE duban." + name + " INCLUDING ALL)");
  }
  postgres.Query(
      "CREATE SEQUENCE single.change_numbers; INSERT INTO single.changes VALUES (1, 0); INSERT "
      "INTO single.cases SELECT n, 1, 'c', 'w', NULL, false, '', repeat('s', 120)::bytea, "
      "repeat('b', 700)::bytea FROM generate_series(1, 1000) AS n");
  const std::string output =
      postgres.Program("pgbench -n -M prepared -c 64 -j 2 -T 6 -f " + script.string() +
                       " 'options=-csearch_path=single " + postgres.connection() + "'");
  const std::size_t at = output.find("tps = ");
  if (at == std::string::npos) Fail(output);
  return std::strtod(output.c_str() + at + 6, nullptr);
}

void Print(std::size_t nodes, const Series& series, double limit, double unordered) {
  fmt::print(
      "{{\"name\":\"decide_postgres\",\"nodes\":{},\"in_flight\":{},\"per_second\":{:.0f},"
      "\"pgbench_per_second\":{:.0f},\"pgbench_unordered_per_second\":{:.0f},\"ratio\":{:.3f},"
      "\"p50_us\":{:.0f},\"p99_us\":{:.0f},\"server_cpu_us\":{:.0f},\"postgres_cpu_us\":{:.0f}}}\n",
      nodes, kInFlight, Median(series.rates), limit, unordered,
      Median(series.rates) / std::max(limit, unordered), Median(series.p50), Median(series.p99),
      Median(series.server_us), Median(series.postgres_us));
  std::fflush(stdout);
}

void Measure(const fs::path& directory, int fsync_delay_ms) {
  // Static: a benchmark that fails ends by exit, and is not to leave a PostgreSQL behind.
  static const auto postgres = StartPostgres(directory, fsync_delay_ms);
  const std::string storage = "plugin = postgres\nconnection = " + postgres->connection();
  Node first(storage), second(storage);
  Deploy(*first.client, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  const double limit = Pgbench(*postgres, directory, kFromCounter);
  const double unordered = Pgbench(*postgres, directory, kFromSequence);
  const pid_t postmaster =
      std::atoi(postgres->Query("SELECT pg_read_file('postmaster.pid')").c_str());
  Series one, two;
  for (int turn = 0; turn < kTurns; ++turn) {
    Turn({&first}, postmaster, one);
    Turn({&first, &second}, postmaster, two);
  }
  Print(1, one, limit, unordered);
  Print(2, two, limit, unordered);
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  std::string pattern = (fs::temp_directory_path() / "duban-bench-XXXXXX").string();
  const fs::path directory = mkdtemp(pattern.data());
  fs::permissions(directory, fs::perms::others_read | fs::perms::others_exec,
                  fs::perm_options::add);
  Measure(directory, Option(argc, argv, "fsync-delay-ms", 0));
  fs::remove_all(directory);
  return 0;
}
