// Whole cases over gRPC, completed per second: one approval (started, decided, ended), ten
// approvals one after the other, and a thousand people who vote on one case. The limit beside each
// is the bare echo, which takes turns with it: a case of n approvals is n + 1 calls.
#include <fmt/format.h>

#include <cstdio>

#include "tests/bench/load.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr int kLevels = 10;
constexpr int kVoters = 1'000;
constexpr int kInFlight = 64;
constexpr int kTurns = 3;
constexpr double kSeconds = 1.5;

std::string Organisation() {
  std::string people = "people:\n  bench: {name: bench}\n";
  std::string voters;
  for (int i = 0; i < kVoters; ++i) {
    people += fmt::format("  voter{}: {{name: voter {}}}\n", i, i);
    voters += fmt::format("{}voter{}", i == 0 ? "" : ", ", i);
  }
  return people + "roles:\n  administrator: {title: administrator, members: [bench]}\n" +
         fmt::format("  voters: {{title: voters, members: [{}]}}\n", voters);
}

std::string Approvals(const std::string& name, int levels) {
  std::string text = fmt::format(
      "workflow: {}\ntitle: {}\nstart: {{by: [{{person: bench}}]}}\nstates:\n", name, name);
  for (int i = 1; i <= levels; ++i) {
    const std::string next = i == levels ? "done" : fmt::format("level{}", i + 1);
    text += fmt::format(
        "  level{}:\n    approval: {{title: level {}, by: {{person: bench}}, when_starter: self, "
        "notify: false}}\n"
        "    on: {{approved: {}, rejected: done}}\n",
        i, i, next);
  }
  return text + "  done: {final: true}\n";
}

std::string Vote() {
  return "workflow: vote\ntitle: vote\nstart: {by: [{person: bench}]}\nstates:\n"
         "  voting:\n    approval: {title: vote, by: {role: voters}, rule: all, notify: false}\n"
         "    on: {approved: done, rejected: done}\n  done: {final: true}\n";
}

// The limit is measured anew each time: the machine may have other work.
double EchoRate(const Echo& echo, const Server& server) {
  Client bare(echo.address(), server.TokenOf("bench"));
  Chains echoes;
  for (int i = 0; i < kInFlight; ++i)
    echoes.push_back(std::make_unique<Decisions>("0C8M2T1ZC0000"));
  return Run(bare, echoes, kSeconds).per_second;
}

void MeasureCases(const Echo& echo, const Server& server, Client& client,
                  const std::string& workflow, int tasks) {
  std::vector<double> echoes, rates, ratios, p50, p99;
  for (int turn = 0; turn < kTurns; ++turn) {
    echoes.push_back(EchoRate(echo, server));
    Chains cases;
    for (int i = 0; i < kInFlight; ++i) cases.push_back(std::make_unique<Cases>(workflow, tasks));
    const Result result = Run(client, cases, kSeconds);
    rates.push_back(result.per_second);
    ratios.push_back(result.per_second * (tasks + 1) / echoes.back());
    p50.push_back(result.p50_us);
    p99.push_back(result.p99_us);
  }
  fmt::print(
      "{{\"name\":\"case_complete\",\"approvals\":{},\"in_flight\":{},\"cases_per_second\":{:.0f},"
      "\"steps_per_second\":{:.0f},\"echo_per_second\":{:.0f},\"ratio\":{:.3f},\"p50_us\":{:.0f},"
      "\"p99_us\":{:.0f}}}\n",
      tasks, kInFlight, Median(rates), Median(rates) * (tasks + 1), Median(echoes), Median(ratios),
      Median(p50), Median(p99));
  std::fflush(stdout);
}

// The votes of one part of the voters, each with the credentials of the next of them.
class Votes : public Chain {
 public:
  Votes(const Server& server, std::string case_id, int first, int step)
      : server_(server), case_id_(std::move(case_id)), next_(first), step_(step) {}

  bool Send(Client& client) override {
    if (next_ >= kVoters) return false;
    const std::string task = fmt::format("{}-{}", case_id_, next_ + 1);
    v1::DecideRequest request;
    request.set_request_id(task);
    request.set_task_id(task);
    request.set_outcome("approved");
    context_ = std::make_unique<grpc::ClientContext>();
    client.Authorise(*context_, server_.TokenOf(fmt::format("voter{}", next_)));
    next_ += step_;
    response_.Clear();
    reader_ = client.tasks().AsyncDecide(context_.get(), request, &client.queue());
    reader_->Finish(&response_, &status, this);
    return true;
  }
  bool Done() override { return true; }

 private:
  const Server& server_;
  const std::string case_id_;
  int next_;
  const int step_;
  v1::DecideResponse response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DecideResponse>> reader_;
};

void MeasureVotes(const Echo& echo, const Server& server, Client& client) {
  const double limit = EchoRate(echo, server);
  std::vector<std::string> ids;
  Chains start;
  start.push_back(std::make_unique<Cases>("vote", 0, 1, &ids));
  Run(client, start, 0);
  Chains votes;
  for (int i = 0; i < kInFlight; ++i)
    votes.push_back(std::make_unique<Votes>(server, ids.front(), i, kInFlight));
  const double before = ProcessorSeconds(server.pid());
  const Result result = Run(client, votes, 0);
  const double cpu = ProcessorSeconds(server.pid()) - before;
  fmt::print(
      "{{\"name\":\"votes\",\"voters\":{},\"in_flight\":{},\"votes_per_second\":{:.0f},"
      "\"echo_per_second\":{:.0f},\"ratio\":{:.3f},\"p50_us\":{:.0f},\"p99_us\":{:.0f},"
      "\"server_cpu_us\":{:.0f}}}\n",
      kVoters, kInFlight, result.per_second, limit, result.per_second / limit, result.p50_us,
      result.p99_us, cpu / kVoters * 1e6);
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  const Echo echo;
  Server server({Organisation(), {}, Option(argc, argv, "fsync-delay-ms", 0)});
  server.Start();
  Client client(server.address(), server.TokenOf("bench"));
  Deploy(client, {{"campaign.yaml", "campaign: bench\n" + Approvals("one", 1)},
                  {"ten.yaml", Approvals("ten", kLevels)},
                  {"vote.yaml", Vote()},
                  {"organisation.yaml", Organisation()}});
  MeasureCases(echo, server, client, "one", 1);
  MeasureCases(echo, server, client, "ten", kLevels);
  MeasureVotes(echo, server, client);
  return 0;
}
