// Timers that are all due in the same second, while a person reads the inbox and decides: how many
// fire per second, whether in the order of their due times, and what a page and a decision take
// meanwhile, beside what they take when nothing fires.
//
//   bench_timers [--count N]      default 20000; for a million say so
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include "duban/v1/operator_service.grpc.pb.h"
#include "tests/bench/fill.h"
#include "tests/bench/load.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr std::size_t kQuiet = 500;

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
constexpr const char* kHalfAnHourLater = "2022-05-16T09:30:00+08:00";
constexpr std::int64_t kWhenDue = 1'652'662'800 + 75 * 60;  // and those of the later ones are not

double MicrosSince(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun)
      .count();
}

double Percentile99(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() * 99 / 100];
}

// What a person does, one after the other until `stop`: a page of the inbox, then a decision.
struct Person {
  std::vector<double> page_us, decide_us;
  std::size_t next = 0;  // of the cases to decide

  void Work(const Server& server, const std::vector<std::string>& cases,
            const std::atomic<bool>& stop, std::size_t at_most) {
    Client client(server.address(), server.TokenOf("bench"));
    page_us.clear();
    decide_us.clear();
    while (!stop && page_us.size() < at_most) {
      ReadPage(client);
      if (next < cases.size()) Decide(client, cases[next++]);
    }
  }

  void ReadPage(Client& client) {
    v1::ListTasksRequest request;
    request.set_page_size(20);
    v1::ListTasksResponse response;
    grpc::ClientContext context;
    client.Authorise(context);
    const auto begun = std::chrono::steady_clock::now();
    const grpc::Status status = client.tasks().ListTasks(&context, request, &response);
    if (!status.ok()) Fail("the inbox cannot be read: " + status.error_message());
    page_us.push_back(MicrosSince(begun));
  }

  // Ordinal 1 is the timer, 2 the task.
  void Decide(Client& client, const std::string& case_id) {
    v1::DecideRequest request;
    request.set_request_id(case_id);
    request.set_task_id(case_id + "-2");
    request.set_outcome("submitted");
    v1::DecideResponse response;
    grpc::ClientContext context;
    client.Authorise(context);
    const auto begun = std::chrono::steady_clock::now();
    const grpc::Status status = client.tasks().Decide(&context, request, &response);
    if (!status.ok()) Fail("a decision was refused: " + status.error_message());
    decide_us.push_back(MicrosSince(begun));
  }
};

std::int32_t Advance(Client& client) {
  const auto stub = v1::OperatorService::NewStub(client.channel());
  v1::AdvanceClockRequest request;
  request.mutable_to()->set_seconds(kWhenDue);
  v1::AdvanceClockResponse response;
  grpc::ClientContext context;
  client.Authorise(context);
  const grpc::Status status = stub->AdvanceClock(&context, request, &response);
  if (!status.ok()) Fail("the clock cannot be moved: " + status.error_message());
  return response.timers_fired();
}

// The first `count` cases wait for their timers; those behind them are for the person to decide.
void Measure(Server& server, std::size_t count) {
  server.Stop();
  std::vector<std::string> waiting, for_person;
  const auto begin = *model::ParseRfc3339(kStart);
  Fill(server.database(), kOrganisation, begin, count, waiting);
  const auto later = *model::ParseRfc3339(kHalfAnHourLater);
  const std::uint64_t filled =
      Fill(server.database(), kOrganisation, later, kQuiet + 2'000 + count / 10, for_person);
  server.Start();
  Person person;
  std::atomic<bool> fired = false;
  person.Work(server, for_person, fired, kQuiet);
  const Person quiet = person;

  Client client(server.address(), server.TokenOf("bench"));
  std::thread works([&] { person.Work(server, for_person, fired, SIZE_MAX); });
  const double cpu_before = ProcessorSeconds(server.pid());
  const auto begun = std::chrono::steady_clock::now();
  const std::int32_t reported = Advance(client);
  const double seconds = MicrosSince(begun) / 1e6;
  const double cpu = ProcessorSeconds(server.pid()) - cpu_before;
  fired = true;
  works.join();
  const double memory = PeakMegabytes(server.pid());
  server.Stop();
  std::size_t found = 0;
  const bool in_order = FiredInOrder(server.database(), filled, found);
  fmt::print(
      "{{\"name\":\"timers\",\"due\":{},\"fired\":{},\"in_due_order\":{},\"seconds\":{:.2f},"
      "\"fired_per_second\":{:.0f},\"cpu_us_per_timer\":{:.1f},\"memory_mb\":{:.0f},"
      "\"inbox_p50_us\":{:.0f},\"inbox_p99_us\":{:.0f},\"inbox_quiet_p50_us\":{:.0f},"
      "\"inbox_quiet_p99_us\":{:.0f},\"decide_p50_us\":{:.0f},\"decide_p99_us\":{:.0f},"
      "\"decide_quiet_p50_us\":{:.0f},\"decide_quiet_p99_us\":{:.0f},\"decided_meanwhile\":{}}}\n",
      count, found, in_order, seconds, reported / seconds, cpu / reported * 1e6, memory,
      Median(person.page_us), Percentile99(person.page_us), Median(quiet.page_us),
      Percentile99(quiet.page_us), Median(person.decide_us), Percentile99(person.decide_us),
      Median(quiet.decide_us), Percentile99(quiet.decide_us), person.decide_us.size());
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  Server server({kOrganisation, kStart, Option(argc, argv, "fsync-delay-ms", 0)});
  server.Start();
  {
    Client client(server.address(), server.TokenOf("bench"));
    Deploy(client, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  }
  Measure(server, static_cast<std::size_t>(Option(argc, argv, "count", 20'000)));
  return 0;
}
