// What it costs that many cases are open: a decision on one of them, a page of the inbox, the start
// of the server, memory and the size of the file, each as the number of open cases grows. A server
// with the fewest cases stays up and takes turns with the one that grows: the ratios hold on a busy
// machine too.
//
//   bench_growth [--most N]       10000, then ten times as many, up to N; default 100000
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "tests/bench/fill.h"
#include "tests/bench/load.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int kFewest = 10'000;
constexpr int kTurns = 5;
constexpr int kPages = 200;
constexpr double kSeconds = 1;
constexpr double kWarmUp = 0.3;

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

// Each decision on another case, spread over a part of them; no two chains share a case.
class Spread : public Chain {
 public:
  Spread(const std::vector<std::string>& ids, std::vector<int>& tasks, std::size_t part,
         std::size_t parts, std::size_t turn)
      : ids_(ids),
        tasks_(tasks),
        begin_(ids.size() * part / parts),
        size_(ids.size() * (part + 1) / parts - begin_),
        step_(turn * 104'729) {}

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
  std::size_t step_;
  v1::DecideRequest request_;
  v1::DecideResponse response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DecideResponse>> reader_;
};

// What one size gave, a value a turn.
struct Series {
  std::vector<double> one_us, one_p99_us, many_us, many_rate, decide_cpu_us, page_us, page_cpu_us;
};

double Ratio(const std::vector<double>& values, const std::vector<double>& firsts) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < values.size(); ++i) ratios.push_back(values[i] / firsts[i]);
  return Median(ratios);
}

// A server and the cases in it, all in the inbox of one person.
class Size {
 public:
  Size() : server_({kOrganisation, {}, 0}) {
    server_.Start();
    Client client(server_.address(), server_.TokenOf("bench"));
    Deploy(client, {{"campaign.yaml", kWorkflow}, {"organisation.yaml", kOrganisation}});
  }

  // Leaves it running. Also measures the start: after a kill without an orderly end, too.
  void GrowTo(std::size_t count) {
    client_.reset();
    server_.Stop();
    const auto begun = Clock::now();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::size_t missing = count - ids_.size();
    Fill(server_.database(), kOrganisation, model::Timestamp::FromUnixMillis(millis), missing,
         ids_);
    tasks_.resize(ids_.size(), 0);
    const std::chrono::duration<double> took = Clock::now() - begun;
    filled_per_second_ = static_cast<double>(missing) / took.count();
    file_mb_ = server_.DatabaseMegabytes();
    server_.Start();
    Connect();
    Decide(kInFlight, kSeconds);
    client_.reset();
    server_.Kill();
    start_after_kill_ms_ = server_.StartMillis();
    server_.Stop();
    start_ms_ = server_.StartMillis();
    Connect();
  }

  void Turn() {
    const Result one = Decide(1, kSeconds);
    series_.one_us.push_back(one.p50_us);
    series_.one_p99_us.push_back(one.p99_us);
    const double before = ProcessorSeconds(server_.pid());
    const Result many = Decide(kInFlight, kSeconds);
    const double cpu = ProcessorSeconds(server_.pid()) - before;
    series_.many_us.push_back(many.p50_us);
    series_.many_rate.push_back(many.per_second);
    // The warm-up is in the processor time, and not among the counted calls.
    const double calls = static_cast<double>(many.calls) * (kSeconds + kWarmUp) / kSeconds;
    series_.decide_cpu_us.push_back(cpu / calls * 1e6);
    Pages();
  }

  void Print(Size& fewest, double echo_us) {
    const Series& first = fewest.series_;
    const double count = static_cast<double>(ids_.size());
    fmt::print(
        "{{\"name\":\"growth\",\"open_cases\":{},\"times_the_first\":{:.2f},"
        "\"times_the_first_64\":{:.2f},\"times_the_first_cpu\":{:.2f},\"decide_p50_us\":{:.0f},"
        "\"decide_p99_us\":{:.0f},\"echo_p50_us\":{:.0f},\"decide_64_p50_us\":{:.0f},"
        "\"decide_64_per_second\":{:.0f},\"decide_cpu_us\":{:.0f},\"inbox_page_us\":{:.0f},"
        "\"inbox_times_the_first\":{:.2f},\"inbox_cpu_us\":{:.0f},",
        ids_.size(), Ratio(series_.one_us, first.one_us), Ratio(series_.many_us, first.many_us),
        Ratio(series_.decide_cpu_us, first.decide_cpu_us), Median(series_.one_us),
        Median(series_.one_p99_us), echo_us, Median(series_.many_us), Median(series_.many_rate),
        Median(series_.decide_cpu_us), Median(series_.page_us),
        Ratio(series_.page_us, first.page_us), Median(series_.page_cpu_us));
    fmt::print(
        "\"start_ms\":{:.0f},\"start_after_kill_ms\":{:.0f},\"memory_mb\":{:.0f},"
        "\"file_mb\":{:.0f},\"bytes_per_case\":{:.0f},\"filled_per_second\":{:.0f}}}\n",
        start_ms_, start_after_kill_ms_, PeakMegabytes(server_.pid()), file_mb_,
        file_mb_ * 1e6 / count, filled_per_second_);
    std::fflush(stdout);
  }

  void Forget() { series_ = {}; }
  std::string token() const { return server_.TokenOf("bench"); }

 private:
  void Connect() { client_.emplace(server_.address(), server_.TokenOf("bench")); }

  Result Decide(int in_flight, double seconds) {
    Chains decisions;
    for (int i = 0; i < in_flight; ++i)
      decisions.push_back(std::make_unique<Spread>(ids_, tasks_, static_cast<std::size_t>(i),
                                                   static_cast<std::size_t>(in_flight), turn_));
    ++turn_;
    return Run(*client_, decisions, seconds, kWarmUp);
  }

  // Each page follows the one before.
  void Pages() {
    const double before = ProcessorSeconds(server_.pid());
    std::vector<double> micros;
    for (int i = 0; i < kPages; ++i) {
      v1::ListTasksRequest request;
      request.set_page_size(20);
      request.set_page_token(page_);
      v1::ListTasksResponse response;
      grpc::ClientContext context;
      client_->Authorise(context);
      const auto begun = Clock::now();
      const grpc::Status status = client_->tasks().ListTasks(&context, request, &response);
      if (!status.ok()) Fail("the inbox cannot be read: " + status.error_message());
      micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun).count());
      page_ = response.next_page_token();
    }
    series_.page_us.push_back(Median(micros));
    series_.page_cpu_us.push_back((ProcessorSeconds(server_.pid()) - before) / kPages * 1e6);
  }

  Server server_;
  std::optional<Client> client_;
  std::vector<std::string> ids_;
  std::vector<int> tasks_;  // how many of each were decided
  std::string page_;        // of the inbox: the next
  std::size_t turn_ = 0;
  Series series_;
  double filled_per_second_ = 0, file_mb_ = 0, start_ms_ = 0, start_after_kill_ms_ = 0;
};

void Measure(Size& size, Size& fewest, const Echo& echo) {
  Client bare(echo.address(), size.token());
  std::vector<double> echoes;
  size.Forget();
  fewest.Forget();
  for (int turn = 0; turn < kTurns; ++turn) {
    Chains calls;
    calls.push_back(std::make_unique<Decisions>("0C8M2T1ZC0000"));
    echoes.push_back(Run(bare, calls, kSeconds).p50_us);
    fewest.Turn();
    if (&size != &fewest) size.Turn();
  }
  size.Print(fewest, Median(echoes));
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban::bench;
  const auto most = static_cast<std::size_t>(Option(argc, argv, "most", 100'000));
  const Echo echo;  // before gRPC has threads in this process
  Size fewest;
  fewest.GrowTo(kFewest);
  Measure(fewest, fewest, echo);
  if (most <= kFewest) return 0;
  Size size;
  for (std::size_t count = 10 * kFewest; count <= most; count *= 10) {
    size.GrowTo(count);
    Measure(size, fewest, echo);
  }
  return 0;
}
