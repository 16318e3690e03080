// A closed loop of calls: so many in flight, each followed by the next one of its own. One thread,
// one completion queue, one connection; the same for the server and for the echo.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "duban/v1/case_service.grpc.pb.h"
#include "duban/v1/task_service.grpc.pb.h"

namespace duban::bench {

struct Result {
  double per_second = 0;  // units, which Chain::Done counts
  double p50_us = 0;      // of one call
  double p99_us = 0;
  double seconds = 0;
  std::uint64_t calls = 0;
};

// What is shared by the calls of a load.
class Client {
 public:
  Client(const std::string& address, std::string token);
  v1::TaskService::Stub& tasks() { return *tasks_; }
  v1::CaseService::Stub& cases() { return *cases_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  grpc::CompletionQueue& queue() { return queue_; }
  void Authorise(grpc::ClientContext& context) const;
  void Authorise(grpc::ClientContext& context, const std::string& token) const;

 private:
  std::string authorization_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TaskService::Stub> tasks_;
  std::unique_ptr<v1::CaseService::Stub> cases_;
  grpc::CompletionQueue queue_;
};

// One of the calls in flight, again and again.
class Chain {
 public:
  virtual ~Chain() = default;
  // Sends the next call; its tag is this chain. False: there is nothing more to send.
  virtual bool Send(Client& client) = 0;
  // The call was answered with OK; true: that completed a unit.
  virtual bool Done() = 0;

  grpc::Status status;
  std::chrono::steady_clock::time_point begun;

 protected:
  grpc::ClientContext& NewContext(const Client& client);
  std::unique_ptr<grpc::ClientContext> context_;
};

using Chains = std::vector<std::unique_ptr<Chain>>;

// Runs the chains for warm_up + seconds and measures the last part; with seconds 0 until each chain
// has nothing more to send, all of which is measured. A call that fails ends the program.
Result Run(Client& client, Chains& chains, double seconds, double warm_up = 0.3);

// Decides the tasks of one case one after the other: 1, 2, 3 …
class Decisions : public Chain {
 public:
  explicit Decisions(std::string case_id) : case_id_(std::move(case_id)) {}
  bool Send(Client& client) override;
  bool Done() override { return true; }

 private:
  std::string case_id_;
  int task_ = 0;
  v1::DecideRequest request_;
  v1::DecideResponse response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DecideResponse>> reader_;
};

// Starts a case of the workflow and, with `tasks` of them, approves its tasks in turn; a unit is a
// case. `most`: cases to start, 0 without end. Ids of the started ones go to `ids` if it is given.
class Cases : public Chain {
 public:
  Cases(std::string workflow, int tasks, std::uint64_t most = 0,
        std::vector<std::string>* ids = nullptr)
      : workflow_(std::move(workflow)), tasks_(tasks), most_(most), ids_(ids) {}
  bool Send(Client& client) override;
  bool Done() override;

 private:
  const std::string workflow_;
  const int tasks_;
  const std::uint64_t most_;
  std::vector<std::string>* ids_;
  std::uint64_t started_ = 0;
  int decided_ = 0;  // of the current case; -1: it is being started
  v1::StartCaseResponse start_;
  v1::DecideResponse decided_response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::StartCaseResponse>> start_reader_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DecideResponse>> decide_reader_;
};

// Deploys the files; a failure ends the program.
void Deploy(Client& client, const std::vector<std::pair<std::string, std::string>>& files);

// A request id that no other call of this program has.
std::string FreshId();

// The middle of the values.
double Median(std::vector<double> values);

}  // namespace duban::bench
