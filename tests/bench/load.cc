#include "tests/bench/load.h"

#include <algorithm>
#include <utility>

#include "duban/v1/definition_service.grpc.pb.h"
#include "tests/bench/setting.h"
#include "tests/bench/workflow.h"

namespace duban::bench {
namespace {

using Clock = std::chrono::steady_clock;

Clock::duration Seconds(double s) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
}

double Between(Clock::time_point a, Clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::string FreshId() {
  static std::uint64_t last = 0;
  return "bench-" + std::to_string(++last);
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Client::Client(const std::string& address, std::string token)
    : authorization_("Bearer " + std::move(token)) {
  static int next_channel = 0;
  grpc::ChannelArguments arguments;
  arguments.SetInt("bench.channel", next_channel++);  // its own connection
  channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  tasks_ = v1::TaskService::NewStub(channel_);
  cases_ = v1::CaseService::NewStub(channel_);
}

void Client::Authorise(grpc::ClientContext& context) const {
  context.AddMetadata("authorization", authorization_);
}

void Client::Authorise(grpc::ClientContext& context, const std::string& token) const {
  context.AddMetadata("authorization", "Bearer " + token);
}

grpc::ClientContext& Chain::NewContext(const Client& client) {
  context_ = std::make_unique<grpc::ClientContext>();
  client.Authorise(*context_);
  return *context_;
}

Result Run(Client& client, Chains& chains, double seconds, double warm_up) {
  const bool to_the_end = seconds == 0;
  const auto begin = Clock::now();
  const auto warm = to_the_end ? begin : begin + Seconds(warm_up);
  const auto end = warm + Seconds(seconds);
  std::size_t open = 0;
  const auto send = [&](Chain& chain) {
    chain.begun = Clock::now();
    if (!chain.Send(client)) return false;
    return true;
  };
  for (auto& chain : chains) open += send(*chain) ? 1 : 0;
  std::vector<double> micros;
  std::uint64_t units = 0;
  auto last = begin;
  void* tag = nullptr;
  bool ok = false;
  while (open > 0 && client.queue().Next(&tag, &ok)) {
    auto& chain = *static_cast<Chain*>(tag);
    const auto now = Clock::now();
    if (!chain.status.ok()) Fail("a call failed: " + chain.status.error_message());
    const bool measured = chain.begun >= warm && (to_the_end || now <= end);
    if (measured) micros.push_back(Between(chain.begun, now) * 1e6);
    if (chain.Done() && measured) ++units;
    last = now;
    const bool more = to_the_end || now < end;
    if (!more || !send(chain)) --open;
  }
  std::sort(micros.begin(), micros.end());
  Result result;
  result.seconds = to_the_end ? Between(begin, last) : seconds;
  result.calls = micros.size();
  result.per_second = static_cast<double>(units) / result.seconds;
  if (micros.empty()) return result;
  result.p50_us = micros[micros.size() / 2];
  result.p99_us = micros[micros.size() * 99 / 100];
  return result;
}

bool Decisions::Send(Client& client) {
  const std::string task = std::to_string(++task_);
  request_.set_request_id(case_id_ + '/' + task);
  request_.set_task_id(case_id_ + '-' + task);
  request_.set_outcome("submitted");
  request_.set_opinion(kOpinion);
  (*request_.mutable_form()->mutable_fields())["level"].set_string_value("major");
  response_.Clear();
  reader_ = client.tasks().AsyncDecide(&NewContext(client), request_, &client.queue());
  reader_->Finish(&response_, &status, this);
  return true;
}

bool Cases::Send(Client& client) {
  if (decided_ == 0 && start_.receipt().case_id().empty()) {
    if (most_ > 0 && started_ == most_) return false;
    v1::StartCaseRequest request;
    request.set_request_id(FreshId());
    request.set_campaign("bench");
    request.set_workflow(workflow_);
    ++started_;
    decided_ = -1;
    start_reader_ = client.cases().AsyncStartCase(&NewContext(client), request, &client.queue());
    start_reader_->Finish(&start_, &status, this);
    return true;
  }
  v1::DecideRequest request;
  const std::string task = start_.receipt().case_id() + '-' + std::to_string(decided_ + 1);
  request.set_request_id("d" + task);
  request.set_task_id(task);
  request.set_outcome("approved");
  decided_response_.Clear();
  decide_reader_ = client.tasks().AsyncDecide(&NewContext(client), request, &client.queue());
  decide_reader_->Finish(&decided_response_, &status, this);
  return true;
}

bool Cases::Done() {
  ++decided_;
  if (decided_ == 0 && ids_ != nullptr) ids_->push_back(start_.receipt().case_id());
  if (decided_ < tasks_) return false;
  start_.Clear();
  decided_ = 0;
  return true;
}

void Deploy(Client& client, const std::vector<std::pair<std::string, std::string>>& files) {
  const auto stub = v1::DefinitionService::NewStub(client.channel());
  v1::DeployRequest request;
  for (const auto& [path, text] : files) (*request.mutable_files())[path] = text;
  v1::DeployResponse response;
  grpc::ClientContext context;
  client.Authorise(context);
  const grpc::Status status = stub->Deploy(&context, request, &response);
  if (!status.ok()) Fail("cannot deploy: " + status.error_message());
}

}  // namespace duban::bench
