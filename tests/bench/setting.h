// The processes of a benchmark: a real server in a directory of its own, and the bare echo that is
// its limit. Both end with their object.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>

namespace duban::bench {

// Processor time and memory of a process, as /proc tells them.
double ProcessorSeconds(pid_t pid);
double FamilyProcessorSeconds(pid_t parent);  // of the process and all its children, ended ones too
double PeakMegabytes(pid_t pid);              // the most that was resident since it began

// Where this program lies, with the server beside it.
std::filesystem::path BinDirectory();

class Process {
 public:
  Process() = default;
  ~Process() { Stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Forks; `child` gets the write end of a pipe. The first line it writes is returned.
  std::string Spawn(const std::function<void(int out)>& child);
  void Stop();  // SIGTERM, then waits for its end
  void Kill();  // SIGKILL, likewise
  pid_t pid() const { return pid_; }

 private:
  void End(int signal);

  pid_t pid_ = 0;
};

// Answers Decide at once with an answer of the usual size. `kQueue`: an asynchronous server with
// one completion queue and one thread, the fastest way of gRPC C++ on such a machine. `kCallback`:
// with the callback API, the way that gRPC's own guides recommend.
class Echo {
 public:
  enum class Api { kQueue, kCallback };

  explicit Echo(Api api = Api::kQueue);
  const std::string& address() const { return address_; }
  pid_t pid() const { return process_.pid(); }

 private:
  Process process_;
  std::string address_;
};

struct ServerOptions {
  std::string organisation;   // organisation.yaml; persons named in `tokens`
  std::string virtual_clock;  // RFC 3339; empty: the machine's time
  int fsync_delay_ms = 0;     // added to each fdatasync and fsync
  std::string storage{};      // lines of the section [storage]; empty: a new SQLite database
};

// duband beside this program, in a new temporary directory; SQLite at synchronous=FULL unless the
// options have another storage.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // stops it and removes the directory
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void Start();
  double StartMillis();  // likewise; from the start of the program until it listens
  void Stop() { process_.Stop(); }
  void Kill() { process_.Kill(); }

  const std::string& address() const { return address_; }
  pid_t pid() const { return process_.pid(); }
  std::string TokenOf(const std::string& person) const;  // for any person; no secret
  std::filesystem::path database() const { return directory_ / "bench.db"; }
  double DatabaseMegabytes() const;  // with its log

 private:
  ServerOptions options_;
  std::filesystem::path directory_;
  Process process_;
  std::string address_;
};

// A message on standard error, and the end of the program.
[[noreturn]] void Fail(const std::string& what);

// The value of `--NAME N` among the arguments, or `otherwise`.
int Option(int argc, char** argv, const std::string& name, int otherwise);

}  // namespace duban::bench
