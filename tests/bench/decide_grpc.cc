// Durable decisions over gRPC, beside two bare gRPC echoes of the same messages in the same run,
// the fastest and one of the callback API: client and server are two processes on the same machine,
// storage is SQLite with synchronous=FULL in a new directory. All take turns several times and the
// medians are printed, with the processor time of both sides, which a loaded machine changes less
// than the rates.
//
//   bench_decide_grpc [--in-flight N] [--turns N] [--fsync-delay-ms N]
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>

#include "tests/bench/load.h"
#include "tests/bench/setting.h"
#include "tests/bench/workflow.h"

namespace duban::bench {
namespace {

constexpr double kSeconds = 1.5;

double OwnProcessorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Side {
  std::vector<double> rates, p50, p99, server_us, client_us;

  void Take(Client& client, Chains& chains, pid_t server) {
    const double server_before = ProcessorSeconds(server);
    const double own_before = OwnProcessorSeconds();
    const Result result = Run(client, chains, kSeconds);
    // The warm-up is in the processor time, and not among the counted calls.
    const double calls = static_cast<double>(result.calls) * (kSeconds + 0.3) / kSeconds;
    rates.push_back(result.per_second);
    p50.push_back(result.p50_us);
    p99.push_back(result.p99_us);
    server_us.push_back((ProcessorSeconds(server) - server_before) / calls * 1e6);
    client_us.push_back((OwnProcessorSeconds() - own_before) / calls * 1e6);
  }
};

struct Limit {
  explicit Limit(Echo::Api api) : echo(api) {}

  void Connect(const std::string& token) {
    client = std::make_unique<Client>(echo.address(), token);
  }

  Echo echo;
  std::unique_ptr<Client> client;
};

void Measure(Server& server, Client& decide, const Limit& queue, const Limit& callback,
             int in_flight, int turns) {
  std::vector<std::string> ids;
  Chains starts;
  for (int i = 0; i < in_flight; ++i)
    starts.push_back(std::make_unique<Cases>("bench", 0, 1, &ids));
  Run(decide, starts, 0);
  Chains decisions, echoes;
  for (const std::string& id : ids) {
    decisions.push_back(std::make_unique<Decisions>(id));
    echoes.push_back(std::make_unique<Decisions>(id));
  }
  Side durable, limit, other;
  std::vector<double> ratios, other_ratios;
  for (int turn = 0; turn < turns; ++turn) {
    limit.Take(*queue.client, echoes, queue.echo.pid());
    durable.Take(decide, decisions, server.pid());
    other.Take(*callback.client, echoes, callback.echo.pid());
    ratios.push_back(durable.rates.back() / limit.rates.back());
    other_ratios.push_back(durable.rates.back() / other.rates.back());
  }
  fmt::print(
      "{{\"name\":\"decide_grpc\",\"storage\":\"sqlite\",\"in_flight\":{},\"per_second\":{:.0f},"
      "\"echo_per_second\":{:.0f},\"ratio\":{:.3f},\"callback_echo_per_second\":{:.0f},"
      "\"callback_ratio\":{:.3f},\"p50_us\":{:.0f},\"p99_us\":{:.0f},"
      "\"echo_p50_us\":{:.0f},\"echo_p99_us\":{:.0f},\"server_cpu_us\":{:.1f},"
      "\"echo_server_cpu_us\":{:.1f},\"client_cpu_us\":{:.1f},\"echo_client_cpu_us\":{:.1f}}}\n",
      in_flight, Median(durable.rates), Median(limit.rates), Median(ratios), Median(other.rates),
      Median(other_ratios), Median(durable.p50), Median(durable.p99), Median(limit.p50),
      Median(limit.p99), Median(durable.server_us), Median(limit.server_us),
      Median(durable.client_us), Median(limit.client_us));
  std::fflush(stdout);
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  Limit queue(Echo::Api::kQueue);  // before gRPC has threads in this process
  Limit callback(Echo::Api::kCallback);
  Server server({kOrganisation, {}, Option(argc, argv, "fsync-delay-ms", 0)});
  server.Start();
  Client decide(server.address(), server.TokenOf("bench"));
  queue.Connect(server.TokenOf("bench"));
  callback.Connect(server.TokenOf("bench"));
  Deploy(decide, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  const int turns = Option(argc, argv, "turns", 5);
  const int only = Option(argc, argv, "in-flight", 0);
  const std::vector<int> all = only == 0 ? std::vector{1, 64, 256} : std::vector{only};
  for (const int in_flight : all) Measure(server, decide, queue, callback, in_flight, turns);
  return 0;
}
