// Durable decisions over gRPC, beside a bare gRPC echo of the same messages in the same run: client
// and server are two processes on the same machine, storage is SQLite with synchronous=FULL in a
// new directory.
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
#include <thread>
#include <vector>

#include "duban/v1/case_service.grpc.pb.h"
#include "duban/v1/definition_service.grpc.pb.h"
#include "duban/v1/task_service.grpc.pb.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kWarmUpSeconds = 1.0;
constexpr double kSeconds = 4.0;

// One decision that leads back to where it was, with a guard and two assignments, as a case's daily
// step.
constexpr const char* kWorkflow = R"(workflow: bench
campaign: bench
title: bench
start: {by: [{person: bench}]}
data:
  level: {type: text, default: major}
  count: {type: int, default: 0}
  last:  {type: text, default: ""}
states:
  deciding:
    task: {title: decide, for: {person: bench}, notify: false, form: [level]}
    on:
      submitted: {when: "level == 'major' && count >= 0", to: deciding, do: [{assign: {count: count + 1, last: event.actor}}]}
)";

constexpr const char* kOrganisation = R"(people: {bench: {name: bench}}
roles: {administrator: {title: administrator, members: [bench]}}
)";

void Write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

struct Result {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// Answers every decision at once, with an answer of the usual size.
class Echo final : public duban::v1::TaskService::CallbackService {
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const duban::v1::DecideRequest* request,
                                   duban::v1::DecideResponse* response) override {
    response->mutable_receipt()->set_case_id(request->task_id().substr(0, 13));
    response->mutable_receipt()->set_revision(1'000);
    response->mutable_receipt()->add_states("deciding");
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

struct Process {
  pid_t pid = 0;
  std::string address;
  ~Process() {
    if (pid == 0) return;
    kill(pid, SIGTERM);
    waitpid(pid, nullptr, 0);
  }
};

// Runs `child` in a process of its own, which writes one line with its address to `out`.
template <class Child>
std::string Spawn(Process& process, Child child) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  process.pid = fork();
  if (process.pid == 0) {
    close(ends[0]);
    child(ends[1]);
    _exit(127);
  }
  close(ends[1]);
  std::string line;
  char c = 0;
  while (read(ends[0], &c, 1) == 1 && c != '\n') line += c;
  return line;
}

void RunEcho(int out) {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  auto server = builder.BuildAndStart();
  const std::string line = "127.0.0.1:" + std::to_string(port) + "\n";
  if (write(out, line.data(), line.size()) < 0) return;
  server->Wait();
}

struct Slot {
  std::string case_id;
  int task = 1;
  duban::v1::DecideRequest request;
  duban::v1::DecideResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<duban::v1::DecideResponse>> reader;
  Clock::time_point begun;
};

class Load {
 public:
  Load(const std::string& address, std::string token) : token_(std::move(token)) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("bench.channel", next_channel_++);  // its own connection
    channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    stub_ = duban::v1::TaskService::NewStub(channel_);
  }
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }
  void Authorise(grpc::ClientContext& context) const {
    context.AddMetadata("authorization", "Bearer " + token_);
  }

  Result Run(std::vector<Slot>& slots) {
    const auto begin = Clock::now();
    const auto warm = begin + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(kWarmUpSeconds));
    const auto end =
        warm + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(kSeconds));
    for (Slot& slot : slots) Send(slot);
    std::vector<double> micros;
    std::size_t open = slots.size();
    void* tag = nullptr;
    bool ok = false;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      Slot& slot = *static_cast<Slot*>(tag);
      const auto now = Clock::now();
      if (!slot.status.ok()) {
        std::fprintf(stderr, "a decision failed: %s\n", slot.status.error_message().c_str());
        std::exit(1);
      }
      if (slot.begun >= warm && now <= end) {
        micros.push_back(std::chrono::duration<double, std::micro>(now - slot.begun).count());
      }
      ++slot.task;
      if (now < end) {
        Send(slot);
      } else {
        --open;
      }
    }
    std::sort(micros.begin(), micros.end());
    if (micros.empty()) return {};
    return {static_cast<double>(micros.size()) / kSeconds, micros[micros.size() / 2],
            micros[micros.size() * 99 / 100]};
  }

 private:
  void Send(Slot& slot) {
    const std::string task = std::to_string(slot.task);
    slot.request.set_request_id(slot.case_id + '/' + task);
    slot.request.set_task_id(slot.case_id + '-' + task);
    slot.request.set_outcome("submitted");
    slot.request.set_opinion("整改措施、责任人、时限已明确，同意。");
    (*slot.request.mutable_form()->mutable_fields())["level"].set_string_value("major");
    slot.response.Clear();
    slot.context = std::make_unique<grpc::ClientContext>();
    Authorise(*slot.context);
    slot.begun = Clock::now();
    slot.reader = stub_->AsyncDecide(slot.context.get(), slot.request, &queue_);
    slot.reader->Finish(&slot.response, &slot.status, &slot);
  }

  static inline int next_channel_ = 0;
  std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<duban::v1::TaskService::Stub> stub_;
  grpc::CompletionQueue queue_;
};

std::vector<Slot> EchoSlots(int in_flight) {
  std::vector<Slot> slots(static_cast<std::size_t>(in_flight));
  for (Slot& slot : slots) slot.case_id = "0C8M2T1ZC0000";
  return slots;
}

std::vector<Slot> CaseSlots(Load& load, int in_flight) {
  auto stub = duban::v1::CaseService::NewStub(load.channel());
  std::vector<Slot> slots(static_cast<std::size_t>(in_flight));
  for (Slot& slot : slots) {
    static int started = 0;
    duban::v1::StartCaseRequest request;
    request.set_request_id("start-" + std::to_string(++started));
    request.set_campaign("bench");
    request.set_workflow("bench");
    duban::v1::StartCaseResponse response;
    grpc::ClientContext context;
    load.Authorise(context);
    const grpc::Status status = stub->StartCase(&context, request, &response);
    if (!status.ok()) {
      std::fprintf(stderr, "cannot start a case: %s\n", status.error_message().c_str());
      std::exit(1);
    }
    slot.case_id = response.receipt().case_id();
  }
  return slots;
}

void Deploy(Load& load) {
  auto stub = duban::v1::DefinitionService::NewStub(load.channel());
  duban::v1::DeployRequest request;
  (*request.mutable_files())["campaign.yaml"] = kWorkflow;
  (*request.mutable_files())["organisation.yaml"] = kOrganisation;
  duban::v1::DeployResponse response;
  grpc::ClientContext context;
  load.Authorise(context);
  const grpc::Status status = stub->Deploy(&context, request, &response);
  if (status.ok()) return;
  std::fprintf(stderr, "cannot deploy: %s\n", status.error_message().c_str());
  std::exit(1);
}

}  // namespace

int main(int, char** argv) {
  const fs::path bin = fs::absolute(argv[0]).parent_path();
  std::string pattern = (fs::temp_directory_path() / "duban-bench-XXXXXX").string();
  const fs::path directory = mkdtemp(pattern.data());
  Write(directory / "organisation.yaml", kOrganisation);
  fs::create_directory(directory / "calendar");
  Write(directory / "tokens", "");
  Write(directory / "duband.ini",
        "[server]\nlisten = 127.0.0.1:0\ntokens = tokens\n[storage]\nplugin = sqlite\npath = "
        "bench.db\n"
        "[directory]\norganisation = organisation.yaml\ncalendar = calendar\n");
  const std::string server = (bin / "duband").string();
  const std::string config = (directory / "duband.ini").string();
  const std::string token_file = (directory / "token").string();
  if (std::system((server + " token bench --config " + config + " > " + token_file).c_str()) != 0)
    return 1;
  std::string token;
  std::ifstream(token_file) >> token;

  Process echo, duband;
  const std::string echo_address = Spawn(echo, RunEcho);
  std::string line = Spawn(duband, [&](int out) {
    dup2(out, STDOUT_FILENO);
    execl(server.c_str(), "duband", "--config", config.c_str(), nullptr);
  });
  const std::string before = "listening on ";
  const std::size_t at = line.find(before);
  if (at == std::string::npos) {
    std::fprintf(stderr, "the server did not start\n");
    return 1;
  }
  line = line.substr(at + before.size());
  const std::string address = line.substr(0, line.find(' '));

  {
    Load decide(address, token), bare(echo_address, token);
    Deploy(decide);
    for (const int in_flight : {1, 64}) {
      std::vector<Slot> echoes = EchoSlots(in_flight);
      const Result limit = bare.Run(echoes);
      std::vector<Slot> cases = CaseSlots(decide, in_flight);
      const Result durable = decide.Run(cases);
      std::printf(
          "{\"name\":\"decide_grpc\",\"storage\":\"sqlite\",\"in_flight\":%d,\"per_second\":%.0f,"
          "\"echo_per_second\":%.0f,"
          "\"ratio\":%.3f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"echo_p50_us\":%.0f,\"echo_p99_us\":%."
          "0f}\n",
          in_flight, durable.per_second, limit.per_second, durable.per_second / limit.per_second,
          durable.p50_us, durable.p99_us, limit.p50_us, limit.p99_us);
      std::fflush(stdout);
    }
  }
  fs::remove_all(directory);
  return 0;
}
