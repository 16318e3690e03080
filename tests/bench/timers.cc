// Timers that are all due in the same second, while people read their inbox: how many fire per
// second, and what a page of the inbox takes meanwhile, beside what it takes when nothing fires.
//
//   bench_timers [--count N]      default 20000; for a million say so
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include "duban/v1/operator_service.grpc.pb.h"
#include "tests/bench/load.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr int kInFlight = 64;

constexpr const char* kWorkflow = R"(workflow: bench
campaign: bench
title: bench
start: {by: [{person: bench}]}
states:
  waiting:
    task: {title: wait, for: {person: bench}, notify: false}
    on: {submitted: done}
    after: {within: 1 hours, to: late}
  late:
    task: {title: late, for: {person: bench}, notify: false}
    on: {submitted: done}
  done: {final: true}
)";

constexpr const char* kOrganisation = R"(people:
  bench: {name: bench}
roles: {administrator: {title: administrator, members: [bench]}}
)";

constexpr const char* kStart = "2022-05-16T09:00:00+08:00";
constexpr std::int64_t kTwoHoursLater = 1'652'662'800 + 7'200;

// One after the other until `stop`.
std::vector<double> ReadInbox(const Server& server, const std::atomic<bool>& stop, int at_most) {
  Client client(server.address(), server.TokenOf("bench"));
  std::vector<double> micros;
  while (!stop && static_cast<int>(micros.size()) < at_most) {
    v1::ListTasksRequest request;
    request.set_page_size(20);
    v1::ListTasksResponse response;
    grpc::ClientContext context;
    client.Authorise(context);
    const auto begun = std::chrono::steady_clock::now();
    const grpc::Status status = client.tasks().ListTasks(&context, request, &response);
    if (!status.ok()) Fail("the inbox cannot be read: " + status.error_message());
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
    micros.push_back(took.count());
  }
  return micros;
}

double Percentile99(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() * 99 / 100];
}

void Measure(const Server& server, Client& client, int count) {
  Chains starts;
  for (int i = 0; i < kInFlight; ++i) {
    starts.push_back(
        std::make_unique<Cases>("bench", 0, static_cast<std::uint64_t>(count / kInFlight)));
  }
  const Result started = Run(client, starts, 0);
  const std::vector<double> quiet = ReadInbox(server, false, 300);

  std::atomic<bool> fired = false;
  std::vector<double> meanwhile;
  std::thread reader([&] { meanwhile = ReadInbox(server, fired, 1'000'000); });
  const auto stub = v1::OperatorService::NewStub(client.channel());
  v1::AdvanceClockRequest request;
  request.mutable_to()->set_seconds(kTwoHoursLater);
  v1::AdvanceClockResponse response;
  grpc::ClientContext context;
  client.Authorise(context);
  const auto begun = std::chrono::steady_clock::now();
  const grpc::Status status = stub->AdvanceClock(&context, request, &response);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fired = true;
  reader.join();
  if (!status.ok()) Fail("the clock cannot be moved: " + status.error_message());
  fmt::print(
      "{{\"name\":\"timers\",\"due\":{},\"fired_per_second\":{:.0f},\"started_per_second\":{:.0f},"
      "\"seconds\":{:.2f},\"inbox_p50_us\":{:.0f},\"inbox_p99_us\":{:.0f},"
      "\"inbox_quiet_p50_us\":{:.0f},\"inbox_quiet_p99_us\":{:.0f}}}\n",
      response.timers_fired(), response.timers_fired() / took.count(), started.per_second,
      took.count(), Median(meanwhile), Percentile99(meanwhile), Median(quiet), Percentile99(quiet));
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  Server server({kOrganisation, kStart, Option(argc, argv, "fsync-delay-ms", 0)});
  server.Start();
  Client client(server.address(), server.TokenOf("bench"));
  Deploy(client, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  Measure(server, client, Option(argc, argv, "count", 20'000));
  return 0;
}
