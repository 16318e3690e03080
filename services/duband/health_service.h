// grpc.health.v1.Health, as load balancers and supervisors ask it: every service that the front has
// is served, until the server stops.
#pragma once

#include <memory>
#include <set>

#include "grpc/health/v1/health.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

// Of the front's thread, but for Stop.
class HealthService {
 public:
  static constexpr std::size_t kStreams = 1'000;

  // `front` must outlive it.
  explicit HealthService(Front& front) : front_(front) {}
  Methods methods();

  // From now on NOT_SERVING, which every watch is told before it ends. From any thread, while the
  // front runs.
  void Stop();

 private:
  class Watching;
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  grpc::Status Check(const Call& call, const grpc::health::v1::HealthCheckRequest& request,
                     grpc::health::v1::HealthCheckResponse& response);
  void Watch(Call& call, const grpc::health::v1::HealthCheckRequest& request);
  Status Of(const std::string& service) const;

  Front& front_;
  bool stopping_ = false;
  std::set<std::shared_ptr<Watching>> watching_;
};

}  // namespace duban::duband
