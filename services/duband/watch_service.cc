#include "services/duband/watch_service.h"

#include <pthread.h>

#include <charconv>
#include <utility>
#include <vector>

#include "services/duband/method.h"
#include "services/duband/page_token.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/watch_stream.h"

namespace duban::duband {
namespace {

grpc::Status Stopping() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kShuttingDown;
  rejection.message = {"服务器正在停止，请用最后的 resume_token 重新调用",
                       "the server stops; call again with the last resume_token"};
  return ToStatus(rejection);
}

std::optional<std::uint64_t> ReadNumber(const std::string& text) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

WatchService::WatchService(Node& node) : node_(node), thread_([this] { Loop(); }) {}

WatchService::~WatchService() { Stop(); }

Methods WatchService::methods() {
  return {Streaming("Watch", Thread::kReader, this, &WatchService::Watch)};
}

void WatchService::Watch(Call& call, const v1::WatchRequest& request) {
  std::uint64_t after = 0;
  if (const auto status = Admit(call.who(), request, after); !status.ok())
    return call.Finish(status);
  const auto stream = std::make_shared<WatchStream>(*this, node_, call, request, after);
  bool late = false;
  {
    const std::lock_guard lock(mutex_);  // it is in the list before it can end, and is fed after
    late = stopping_;
    streams_.insert(stream);
    call.Become(stream);
    woken_ = true;
    wake_.notify_one();
  }
  if (late) stream->End(Stopping());
}

void WatchService::Wake() {
  const std::lock_guard lock(mutex_);
  if (streams_.empty()) return;
  woken_ = true;
  wake_.notify_one();
}

std::size_t WatchService::streams() {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void WatchService::Stop() {
  std::vector<std::shared_ptr<WatchStream>> streams;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    streams.assign(streams_.begin(), streams_.end());
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  for (const auto& stream : streams) stream->End(Stopping());
}

grpc::Status WatchService::Admit(const model::Principal& who, const v1::WatchRequest& request,
                                 std::uint64_t& after) {
  if (!request.case_id().empty()) {
    const auto id = ReadCaseId(request.case_id());
    if (!id) return id.error();
    if (const auto detail = node_.queries.GetCase(who, *id); !detail)
      return ToStatus(detail.error());
  }
  if (auto status = ReadPosition(request.resume_token(), after); !status.ok()) return status;
  const std::lock_guard lock(mutex_);
  const auto open = open_.find(who.id);
  if (open != open_.end() && open->second >= kStreamsPerPerson) {
    return Refuse(
        grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS",
        {"您已打开 100 个 Watch，请先关闭一些", "you have 100 streams open; close some first"});
  }
  if (opened_ >= kStreams) {
    return Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS",
                  {"服务器上的 Watch 已达上限，请稍后重试",
                   "the server has as many streams as it takes; try again later"});
  }
  ++open_[who.id];
  ++opened_;
  return grpc::Status::OK;
}

grpc::Status WatchService::ReadPosition(const std::string& resume_token, std::uint64_t& after) {
  if (resume_token == "start") return grpc::Status::OK;
  const auto last = node_.queries.LastChange();
  if (!last) return ToStatus(last.error());
  after = *last;
  if (resume_token.empty()) return grpc::Status::OK;
  const auto key = ReadToken('w', resume_token);
  const auto change = key ? ReadNumber(*key) : std::nullopt;
  if (!change || *change > *last) return BadToken("resume_token");
  after = *change;
  return grpc::Status::OK;
}

void WatchService::Forget(const std::shared_ptr<WatchStream>& stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
  const auto open = open_.find(stream->person());
  if (open != open_.end() && --open->second == 0) open_.erase(open);
  --opened_;
}

void WatchService::Loop() {
  pthread_setname_np(pthread_self(), "watch");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return woken_ || stopping_; });
    woken_ = false;
    std::vector<std::shared_ptr<WatchStream>> streams(streams_.begin(), streams_.end());
    lock.unlock();
    bool more = false;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& stream : streams) more |= stream->Feed(now);
    streams.clear();
    lock.lock();
    woken_ |= more;
  }
}

}  // namespace duban::duband
