#include "services/duband/front.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace duban::duband {

Front::Front(Node& node) : node_(node) {}

Front::~Front() {
  Close(std::chrono::seconds(0));
  Stop();
}

void Front::Serve(const std::string& service, Methods methods) {
  services_.insert(std::ranges::lower_bound(services_, service), service);
  for (Method& method : methods) {
    const std::string path = '/' + service + '/' + method.name;
    methods_.emplace(path, std::move(method));
  }
}

bool Front::Start(grpc::ServerBuilder& builder) {
  builder.RegisterAsyncGenericService(&every_method_);
  queue_ = builder.AddCompletionQueue();
  server_ = builder.BuildAndStart();
  if (server_) new Call(*this);
  thread_ = std::thread([this] { Loop(); });
  if (server_) return true;
  Stop();
  return false;
}

const Method* Front::Find(const std::string& path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

void Front::Post(std::function<void()> job) {
  if (std::this_thread::get_id() == polling_) return job();
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  posted_.push_back(std::move(job));
  if (std::exchange(woken_, true)) return;
  alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), &woke_);
}

void Front::DoPosted() {
  std::vector<std::function<void()>> jobs;
  {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    jobs.swap(posted_);
  }
  for (const auto& job : jobs) job();
}

void Front::Loop() {
  pthread_setname_np(pthread_self(), "front");
  polling_ = std::this_thread::get_id();
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    static_cast<Event*>(tag)->happened(ok);
    EndWhenIdle();
  }
}

void Front::EndWhenIdle() {
  if (!stopping_ || calls_ > 0) return;
  const std::lock_guard lock(mutex_);
  if (!std::exchange(ended_, true)) queue_->Shutdown();
}

void Front::Close(std::chrono::seconds grace) {
  if (server_) server_->Shutdown(std::chrono::system_clock::now() + grace);
}

void Front::Stop() {
  if (!thread_.joinable()) return;
  Post([this] { stopping_ = true; });
  thread_.join();
  server_.reset();
}

}  // namespace duban::duband
