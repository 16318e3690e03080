#include "tests/bench/setting.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <openssl/sha.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "duban/v1/task_service.grpc.pb.h"

namespace duban::bench {
namespace {

namespace fs = std::filesystem;

void WriteFile(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string HexSha256(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

struct Times {
  pid_t parent = 0;
  double own = 0;             // ticks
  double ended_children = 0;  // ticks
};

Times TimesOf(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};  // it has ended
  std::istringstream fields(text.substr(name_end + 1));
  Times times;
  std::string skipped;
  fields >> skipped >> times.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  times.own = user + system;
  times.ended_children = children_user + children_system;
  return times;
}

void Answer(const v1::DecideRequest& request, v1::DecideResponse& response) {
  response.Clear();
  response.mutable_receipt()->set_case_id(request.task_id().substr(0, 13));
  response.mutable_receipt()->set_revision(1'000);
  response.mutable_receipt()->add_states("deciding");
}

// One call of the echo: waits for a request, answers it, and waits for the next.
class EchoCall {
 public:
  EchoCall(v1::TaskService::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue) {
    Wait();
  }

  void Proceed(bool ok) {
    if (!ok) return;
    if (answered_) return Wait();
    answered_ = true;
    Answer(request_, response_);
    answer_->Finish(response_, grpc::Status::OK, this);
  }

 private:
  void Wait() {
    answered_ = false;
    context_ = std::make_unique<grpc::ServerContext>();
    answer_ = std::make_unique<grpc::ServerAsyncResponseWriter<v1::DecideResponse>>(context_.get());
    service_.RequestDecide(context_.get(), &request_, answer_.get(), &queue_, &queue_, this);
  }

  v1::TaskService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  bool answered_ = false;
  v1::DecideRequest request_;
  v1::DecideResponse response_;
  std::unique_ptr<grpc::ServerContext> context_;
  std::unique_ptr<grpc::ServerAsyncResponseWriter<v1::DecideResponse>> answer_;
};

void RunQueueEcho(int out) {
  constexpr int kWaiting = 512;
  v1::TaskService::AsyncService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  std::vector<std::unique_ptr<EchoCall>> calls;
  for (int i = 0; i < kWaiting; ++i) calls.push_back(std::make_unique<EchoCall>(service, *queue));
  const std::string line = fmt::format("127.0.0.1:{}\n", port);
  if (write(out, line.data(), line.size()) < 0) return;
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<EchoCall*>(tag)->Proceed(ok);
}

class CallbackEcho : public v1::TaskService::CallbackService {
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const v1::DecideRequest* request,
                                   v1::DecideResponse* response) override {
    Answer(*request, *response);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

void RunCallbackEcho(int out) {
  CallbackEcho service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const std::string line = fmt::format("127.0.0.1:{}\n", port);
  if (write(out, line.data(), line.size()) < 0) return;
  server->Wait();
}

}  // namespace

fs::path BinDirectory() { return fs::read_symlink("/proc/self/exe").parent_path(); }

void Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

int Option(int argc, char** argv, const std::string& name, int otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == "--" + name) return std::atoi(argv[i + 1]);
  }
  return otherwise;
}

double ProcessorSeconds(pid_t pid) {
  const Times times = TimesOf(pid);
  return times.own / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double FamilyProcessorSeconds(pid_t parent) {
  const Times times = TimesOf(parent);
  double ticks = times.own + times.ended_children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    const Times child = TimesOf(pid);
    if (child.parent == parent) ticks += child.own;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double PeakMegabytes(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) * 1024 / 1e6;
  }
  return 0;
}

std::string Process::Spawn(const std::function<void(int out)>& child) {
  int ends[2];
  if (pipe(ends) != 0) Fail("no pipe");
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // a benchmark that fails leaves nothing running
    close(ends[0]);
    child(ends[1]);
    _exit(127);
  }
  close(ends[1]);
  std::string line;
  for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  close(ends[0]);
  return line;
}

void Process::Stop() { End(SIGTERM); }
void Process::Kill() { End(SIGKILL); }

void Process::End(int signal) {
  if (pid_ == 0) return;
  kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

Echo::Echo(Api api)
    : address_(process_.Spawn(api == Api::kQueue ? RunQueueEcho : RunCallbackEcho)) {}

Server::Server(ServerOptions options) : options_(std::move(options)) {
  std::string pattern = (fs::temp_directory_path() / "duban-bench-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  fs::create_directory(directory_ / "calendar");
  WriteFile(directory_ / "organisation.yaml", options_.organisation);
  WriteFile(directory_ / "duband.ini",
            "[server]\nlisten = 127.0.0.1:0\ntokens = tokens\n"
            "[storage]\n" +
                (options_.storage.empty() ? "plugin = sqlite\npath = bench.db" : options_.storage) +
                "\n"
                "[directory]\norganisation = organisation.yaml\ncalendar = calendar\n"
                "[log]\nlevel = warning\n");
  std::string tokens;
  std::istringstream lines(options_.organisation);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find(": {name:");
    if (at == std::string::npos) continue;
    std::string person = line.substr(line.find_first_not_of(' '), std::string::npos);
    person = person.substr(0, person.find(':'));
    tokens += HexSha256(TokenOf(person)) + ' ' + person + '\n';
  }
  WriteFile(directory_ / "tokens", tokens);
}

Server::~Server() {
  Stop();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string Server::TokenOf(const std::string& person) const { return "bench-token-of-" + person; }

void Server::Start() {
  const std::string program = (BinDirectory() / "duband").string();
  const std::string config = (directory_ / "duband.ini").string();
  const std::string slow = (BinDirectory() / "slow_fsync.so").string();
  const std::string line = process_.Spawn([&](int out) {
    dup2(out, STDOUT_FILENO);
    if (options_.fsync_delay_ms > 0) {
      setenv("LD_PRELOAD", slow.c_str(), 1);
      setenv("SLOW_FSYNC_MS", std::to_string(options_.fsync_delay_ms).c_str(), 1);
    }
    std::vector<const char*> arguments = {"duband", "--config", config.c_str()};
    if (!options_.virtual_clock.empty()) {
      arguments.insert(arguments.end(), {"--virtual-clock", options_.virtual_clock.c_str()});
    }
    arguments.push_back(nullptr);
    execv(program.c_str(), const_cast<char**>(arguments.data()));
  });
  const std::string before = "listening on ";
  const std::size_t at = line.find(before);
  if (at == std::string::npos) Fail("the server did not start: " + program);
  address_ = line.substr(at + before.size());
  address_.resize(address_.find(' '));
}

double Server::StartMillis() {
  const auto begun = std::chrono::steady_clock::now();
  Start();
  const auto took = std::chrono::steady_clock::now() - begun;
  return std::chrono::duration<double, std::milli>(took).count();
}

double Server::DatabaseMegabytes() const {
  std::error_code none;
  double bytes = 0;
  for (const char* name : {"bench.db", "bench.db-wal"}) {
    const auto size = fs::file_size(directory_ / name, none);
    if (!none) bytes += static_cast<double>(size);
  }
  return bytes / 1e6;
}

}  // namespace duban::bench
