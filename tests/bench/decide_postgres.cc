// Durable decisions over gRPC on PostgreSQL, by one server and by two, beside what pgbench reaches
// in the same run with a transaction that writes the same rows for one decision. Everything is on
// this machine: PostgreSQL (made for the run, fsync on), the servers, the clients.
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "duban/v1/case_service.grpc.pb.h"
#include "duban/v1/definition_service.grpc.pb.h"
#include "duban/v1/task_service.grpc.pb.h"
#include "tests/conformance/storage/postgres_server.h"

namespace {

namespace fs = std::filesystem;
using duban::conformance::PostgresServer;
using Clock = std::chrono::steady_clock;

constexpr double kWarmUpSeconds = 1.0;
constexpr double kSeconds = 5.0;
constexpr int kInFlight = 64;

constexpr const char* kWorkflow = R"(workflow: bench
campaign: bench
title: bench
start: {by: [{person: bench}]}
data:
  level: {type: text, default: major}
  count: {type: int, default: 0}
states:
  deciding:
    task: {title: decide, for: {person: bench}, notify: false, form: [level]}
    on:
      submitted: {when: "level == 'major' && count >= 0", to: deciding, do: [{assign: {count: count + 1}}]}
)";
constexpr const char* kOrganisation = R"(people: {bench: {name: bench}}
roles: {administrator: {title: administrator, members: [bench]}}
)";

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
WITH n AS (UPDATE changes SET last = last + 1 WHERE id = 1 RETURNING last) INSERT INTO journal SELECT :id::bigint, :revision::bigint + 1, n.last, repeat('j', 250)::bytea FROM n;
COMMIT;
)";

void Fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::string Output(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c = pipe == nullptr ? EOF : fgetc(pipe); c != EOF; c = fgetc(pipe))
    output += static_cast<char>(c);
  if (pipe == nullptr || pclose(pipe) != 0) Fail(command + ": " + output);
  return output;
}

// A duband in a process and a directory of its own.
class Server {
 public:
  Server(const fs::path& bin, const fs::path& directory, const std::string& connection) {
    fs::create_directories(directory / "calendar");
    std::ofstream(directory / "organisation.yaml") << kOrganisation;
    std::ofstream(directory / "tokens") << "";
    std::ofstream(directory / "duban.ini")
        << "[server]\nlisten = 127.0.0.1:0\ntokens = tokens\n[storage]\nplugin = "
           "postgres\nconnection = "
        << connection << "\n[directory]\norganisation = organisation.yaml\ncalendar = calendar\n";
    const std::string program = (bin / "duband").string();
    const std::string config = (directory / "duban.ini").string();
    token_ = Output(program + " token bench --config " + config);
    token_.pop_back();
    int ends[2];
    if (pipe(ends) != 0) Fail("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl(program.c_str(), "duband", "--config", config.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    std::string line;
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    const std::string before = "listening on ";
    const std::size_t at = line.find(before);
    if (at == std::string::npos) Fail("the server did not start: " + line);
    line = line.substr(at + before.size());
    channel_ =
        grpc::CreateChannel(line.substr(0, line.find(' ')), grpc::InsecureChannelCredentials());
  }
  ~Server() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::shared_ptr<grpc::Channel> channel() const { return channel_; }
  std::unique_ptr<grpc::ClientContext> Context() const {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + token_);
    return context;
  }

 private:
  pid_t pid_ = 0;
  std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
};

void Check(const grpc::Status& status, const char* what) {
  if (!status.ok()) Fail(std::string(what) + ": " + status.error_message());
}

void Deploy(const Server& server) {
  duban::v1::DeployRequest request;
  (*request.mutable_files())["campaign.yaml"] = kWorkflow;
  (*request.mutable_files())["organisation.yaml"] = kOrganisation;
  duban::v1::DeployResponse response;
  const auto context = server.Context();
  Check(duban::v1::DefinitionService::NewStub(server.channel())
            ->Deploy(context.get(), request, &response),
        "deploy");
}

// One client: a case of its own, one decision after the other, on one server.
struct Slot {
  const Server* server = nullptr;
  duban::v1::TaskService::Stub* stub = nullptr;
  std::string case_id;
  int task = 1;
  duban::v1::DecideResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<duban::v1::DecideResponse>> reader;
  Clock::time_point begun;

  void Send(grpc::CompletionQueue& queue) {
    duban::v1::DecideRequest request;
    request.set_request_id(case_id + '/' + std::to_string(task));
    request.set_task_id(case_id + '-' + std::to_string(task));
    request.set_outcome("submitted");
    request.set_opinion("整改措施、责任人、时限已明确，同意。");
    (*request.mutable_form()->mutable_fields())["level"].set_string_value("major");
    context = server->Context();
    begun = Clock::now();
    reader = stub->AsyncDecide(context.get(), request, &queue);
    reader->Finish(&response, &status, this);
  }
};

struct Result {
  double per_second = 0, p50_us = 0, p99_us = 0;
};

Result Decide(const std::vector<const Server*>& servers, const std::string& run) {
  std::vector<std::unique_ptr<duban::v1::TaskService::Stub>> stubs;
  for (const Server* server : servers)
    stubs.push_back(duban::v1::TaskService::NewStub(server->channel()));
  std::vector<Slot> slots(kInFlight);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Slot& slot = slots[i];
    slot.server = servers[i % servers.size()];
    slot.stub = stubs[i % servers.size()].get();
    duban::v1::StartCaseRequest request;
    request.set_request_id(run + std::to_string(i));
    request.set_campaign("bench");
    request.set_workflow("bench");
    duban::v1::StartCaseResponse response;
    const auto context = slot.server->Context();
    Check(duban::v1::CaseService::NewStub(slot.server->channel())
              ->StartCase(context.get(), request, &response),
          "start");
    slot.case_id = response.receipt().case_id();
  }
  grpc::CompletionQueue queue;
  const auto seconds = [](double s) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
  };
  const auto warm = Clock::now() + seconds(kWarmUpSeconds);
  const auto end = warm + seconds(kSeconds);
  for (Slot& slot : slots) slot.Send(queue);
  std::vector<double> micros;
  std::size_t open = slots.size();
  void* tag = nullptr;
  for (bool ok = false; open > 0 && queue.Next(&tag, &ok);) {
    Slot& slot = *static_cast<Slot*>(tag);
    Check(slot.status, "decide");
    const auto now = Clock::now();
    if (slot.begun >= warm && now <= end)
      micros.push_back(std::chrono::duration<double, std::micro>(now - slot.begun).count());
    ++slot.task;
    now < end ? slot.Send(queue) : static_cast<void>(--open);
  }
  std::sort(micros.begin(), micros.end());
  if (micros.empty()) return {};
  return {static_cast<double>(micros.size()) / kSeconds, micros[micros.size() / 2],
          micros[micros.size() * 99 / 100]};
}

// Transactions a second of 64 clients, each of which writes one decision.
double Pgbench(PostgresServer& postgres, const fs::path& directory) {
  std::ofstream(directory / "decision.sql") << kOneDecision;
  fs::permissions(directory, fs::perms::others_read | fs::perms::others_exec,
                  fs::perm_options::add);
  postgres.Query("CREATE SCHEMA single");
  for (const char* table : {"cases", "tasks", "inbox", "requests", "journal", "changes"}) {
    const std::string name = table;
    postgres.Query("CREATE TABLE single." + name + " (LIKE duban." + name + " INCLUDING ALL)");
  }
  postgres.Query(
      "INSERT INTO single.changes VALUES (1, 0); INSERT INTO single.cases SELECT n, 1, 'c', 'w', "
      "NULL, false, '', "
      "repeat('s', 120)::bytea, repeat('b', 700)::bytea FROM generate_series(1, 1000) AS n");
  const std::string output = postgres.Program(
      "pgbench -n -M prepared -c 64 -j 2 -T 6 -f " + (directory / "decision.sql").string() +
      " 'options=-csearch_path=single " + postgres.connection() + "'");
  const std::size_t at = output.find("tps = ");
  if (at == std::string::npos) Fail(output);
  return std::strtod(output.c_str() + at + 6, nullptr);
}

}  // namespace

int main(int, char** argv) {
  const fs::path bin = fs::absolute(argv[0]).parent_path();
  std::string pattern = (fs::temp_directory_path() / "duban-bench-XXXXXX").string();
  const fs::path directory = mkdtemp(pattern.data());
  {
    PostgresServer postgres(PostgresServer::Durability::kFull);
    Server first(bin, directory / "first", postgres.connection());
    Server second(bin, directory / "second", postgres.connection());
    Deploy(first);
    const double limit = Pgbench(postgres, directory);
    for (const auto& servers :
         {std::vector<const Server*>{&first}, std::vector<const Server*>{&first, &second}}) {
      const Result result = Decide(servers, "start-" + std::to_string(servers.size()) + '-');
      std::printf(
          "{\"name\":\"decide_postgres\",\"nodes\":%zu,\"in_flight\":%d,\"per_second\":%.0f,"
          "\"pgbench_per_second\":%.0f,"
          "\"ratio\":%.3f,\"p50_us\":%.0f,\"p99_us\":%.0f}\n",
          servers.size(), kInFlight, result.per_second, limit, result.per_second / limit,
          result.p50_us, result.p99_us);
      std::fflush(stdout);
    }
  }
  fs::remove_all(directory);
  return 0;
}
