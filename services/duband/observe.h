// One call as operators see it: counted and timed, traced, and told in the log when it ended badly
// or took long; every call at level debug.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <optional>
#include <string>

#include "services/duband/metrics.h"
#include "services/duband/trace.h"

namespace duban::duband {

// Lives from the call's arrival to its end; copied along with it. `metrics` may be null.
class Observation {
 public:
  // `method`: a literal. Answers a valid `traceparent` in the trailing metadata.
  Observation(Metrics* metrics, const char* method, grpc::ServerContextBase& call);

  void set_request_id(std::string id) { request_id_ = std::move(id); }

  // Once, just before the status is handed to gRPC.
  void End(const grpc::Status& status) const;

 private:
  Metrics* metrics_;
  const char* method_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::string request_id_;
  std::optional<Trace> trace_;
};

}  // namespace duban::duband
