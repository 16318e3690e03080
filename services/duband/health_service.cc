#include "services/duband/health_service.h"

#include <algorithm>
#include <utility>

#include "services/duband/front.h"
#include "services/duband/method.h"
#include "services/duband/status.h"

namespace duban::duband {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Tells how its service is, and ends when that is for the last time.
class HealthService::Watching : public Stream, public std::enable_shared_from_this<Watching> {
 public:
  Watching(HealthService& service, Call& call) : service_(service), call_(call) {}

  void Tell(Status status) {
    if (finished_) return;
    last_ = status;
    if (!std::exchange(writing_, true)) Write();
  }
  void End() {
    ending_ = true;
    if (!writing_) Finish();
  }

  void Written(bool ok) override {
    writing_ = false;
    if (ok && told_ != last_) return Write();
    if (!ok || ending_) Finish();
  }
  void Cancelled() override { End(); }
  void Ended() override { service_.watching_.erase(shared_from_this()); }

 private:
  void Write() {
    writing_ = true;
    told_ = last_;
    HealthCheckResponse response;
    response.set_status(told_);
    call_.Write(response);
  }
  void Finish() {
    if (std::exchange(finished_, true)) return;
    call_.Finish(Refuse(grpc::StatusCode::UNAVAILABLE, "SHUTTING_DOWN",
                        {"服务器正在停止", "the server stops"}));
  }

  HealthService& service_;
  Call& call_;
  Status last_ = HealthCheckResponse::UNKNOWN;
  Status told_ = HealthCheckResponse::UNKNOWN;
  bool writing_ = false;
  bool ending_ = false;
  bool finished_ = false;
};

Methods HealthService::methods() {
  return {ForAnyone(AtOnce("Check", this, &HealthService::Check)),
          ForAnyone(Streaming("Watch", Thread::kQueue, this, &HealthService::Watch))};
}

HealthService::Status HealthService::Of(const std::string& service) const {
  if (!service.empty() && !std::ranges::binary_search(front_.services(), service))
    return HealthCheckResponse::SERVICE_UNKNOWN;
  return stopping_ ? HealthCheckResponse::NOT_SERVING : HealthCheckResponse::SERVING;
}

grpc::Status HealthService::Check(const Call&, const HealthCheckRequest& request,
                                  HealthCheckResponse& response) {
  const Status status = Of(request.service());
  if (status == HealthCheckResponse::SERVICE_UNKNOWN)
    return Refuse(grpc::StatusCode::NOT_FOUND, "UNKNOWN_SERVICE",
                  {"没有这个服务", "there is no such service"});
  response.set_status(status);
  return grpc::Status::OK;
}

void HealthService::Watch(Call& call, const HealthCheckRequest& request) {
  if (watching_.size() >= kStreams) {
    return call.Finish(Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS",
                              {"健康检查的流已达上限，请稍后重试",
                               "the server has as many health streams as it takes; try again "
                               "later"}));
  }
  const auto stream = std::make_shared<Watching>(*this, call);
  watching_.insert(stream);
  call.Become(stream);
  stream->Tell(Of(request.service()));
  if (stopping_) stream->End();
}

void HealthService::Stop() {
  front_.Post([this] {
    stopping_ = true;
    for (const auto& stream : watching_) {
      stream->Tell(HealthCheckResponse::NOT_SERVING);
      stream->End();
    }
  });
}

}  // namespace duban::duband
