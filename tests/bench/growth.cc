// What it costs that many cases are open: a decision on one of them, a page of the inbox, the start
// of the server, memory and the size of the file, each as the number of open cases grows.
//
//   bench_growth [--most N]       10000, then ten times as many, up to N; default 100000
#include <fmt/format.h>

#include <cstdio>

#include "tests/bench/load.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int kProbes = 500;
constexpr double kSeconds = 2;

constexpr const char* kOrganisation = R"(people:
  bench: {name: bench}
roles: {administrator: {title: administrator, members: [bench]}}
)";

constexpr const char* kWorkflow = R"(workflow: bench
campaign: bench
title: bench
start: {by: [{person: bench}]}
data:
  level: {type: text, default: major}
states:
  deciding:
    task: {title: decide, for: {person: bench}, notify: false, form: [level]}
    on: {submitted: deciding}
    after: {within: 300 days, to: done}
  done: {final: true}
)";

using Clock = std::chrono::steady_clock;

double MicrosSince(Clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
}

// Each decision on another case, spread over a part of them; no two chains share a case.
class Spread : public Chain {
 public:
  Spread(const std::vector<std::string>& ids, std::vector<int>& tasks, std::size_t part,
         std::size_t parts)
      : ids_(ids),
        tasks_(tasks),
        begin_(ids.size() * part / parts),
        size_(ids.size() * (part + 1) / parts - begin_) {}

  bool Send(Client& client) override {
    step_ = (step_ + 7'919) % size_;
    const std::size_t at = begin_ + step_;
    // Each entry of the state takes two ordinals, the timer's and the task's.
    const std::string task = fmt::format("{}-{}", ids_[at], 2 * ++tasks_[at]);
    request_.set_request_id(task);
    request_.set_task_id(task);
    request_.set_outcome("submitted");
    (*request_.mutable_form()->mutable_fields())["level"].set_string_value("major");
    response_.Clear();
    reader_ = client.tasks().AsyncDecide(&NewContext(client), request_, &client.queue());
    reader_->Finish(&response_, &status, this);
    return true;
  }
  bool Done() override { return true; }

 private:
  const std::vector<std::string>& ids_;
  std::vector<int>& tasks_;
  const std::size_t begin_;
  const std::size_t size_;
  std::size_t step_ = 0;
  v1::DecideRequest request_;
  v1::DecideResponse response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DecideResponse>> reader_;
};

double InboxPage(Client& client) {
  std::vector<double> micros;
  std::string token;
  for (int i = 0; i < kProbes; ++i) {
    v1::ListTasksRequest request;
    request.set_page_size(20);
    request.set_page_token(token);
    v1::ListTasksResponse response;
    grpc::ClientContext context;
    client.Authorise(context);
    const auto begun = Clock::now();
    const grpc::Status status = client.tasks().ListTasks(&context, request, &response);
    if (!status.ok()) Fail("the inbox cannot be read: " + status.error_message());
    micros.push_back(MicrosSince(begun));
    token = response.next_page_token();
  }
  return Median(micros);
}

struct Growth {
  Server server{{kOrganisation, {}, 0}};
  std::vector<std::string> ids;
  std::vector<int> tasks;

  void Fill(Client& client, std::size_t count) {
    Chains starts;
    const std::size_t missing = count - ids.size();
    for (int i = 0; i < kInFlight; ++i) {
      const std::size_t share =
          missing / kInFlight + (static_cast<std::size_t>(i) < missing % kInFlight);
      if (share > 0) starts.push_back(std::make_unique<Cases>("bench", 0, share, &ids));
    }
    Run(client, starts, 0);
    tasks.resize(ids.size(), 0);
  }

  Result Decide(Client& client, int in_flight) {
    Chains decisions;
    for (int i = 0; i < in_flight; ++i)
      decisions.push_back(std::make_unique<Spread>(ids, tasks, static_cast<std::size_t>(i),
                                                   static_cast<std::size_t>(in_flight)));
    return Run(client, decisions, kSeconds);
  }
};

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  const auto most = static_cast<std::size_t>(Option(argc, argv, "most", 100'000));
  const Echo echo;
  Growth growth;
  growth.server.Start();
  {
    Client client(growth.server.address(), growth.server.TokenOf("bench"));
    Deploy(client, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  }
  double first_latency = 0;
  for (std::size_t count = 10'000; count <= most; count *= 10) {
    {
      Client client(growth.server.address(), growth.server.TokenOf("bench"));
      growth.Fill(client, count);
    }
    growth.server.Stop();
    const double file = growth.server.DatabaseMegabytes();
    const auto begun = Clock::now();
    growth.server.Start();
    const double start_ms = MicrosSince(begun) / 1e3;
    Client client(growth.server.address(), growth.server.TokenOf("bench"));
    Client bare(echo.address(), growth.server.TokenOf("bench"));
    Chains echoes;
    echoes.push_back(std::make_unique<Decisions>("0C8M2T1ZC0000"));
    const Result limit = Run(bare, echoes, kSeconds);
    const Result one = growth.Decide(client, 1);
    const Result many = growth.Decide(client, kInFlight);
    const double relative = one.p50_us / limit.p50_us;
    if (first_latency == 0) first_latency = relative;
    fmt::print(
        "{{\"name\":\"growth\",\"open_cases\":{},\"decide_p50_us\":{:.0f},\"decide_p99_us\":{:.0f},"
        "\"echo_p50_us\":{:.0f},\"times_the_first\":{:.2f},\"decide_per_second_64\":{:.0f},"
        "\"inbox_page_us\":{:.0f},\"start_ms\":{:.0f},\"memory_mb\":{:.0f},\"file_mb\":{:.0f},"
        "\"bytes_per_case\":{:.0f}}}\n",
        count, one.p50_us, one.p99_us, limit.p50_us, relative / first_latency, many.per_second,
        InboxPage(client), start_ms, ResidentMegabytes(growth.server.pid()), file,
        file * 1e6 / static_cast<double>(count));
    std::fflush(stdout);
  }
  return 0;
}
