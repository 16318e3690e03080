#include "services/duband/observe.h"

#include <array>
#include <atomic>
#include <string_view>

#include "services/duband/log.h"

namespace duban::duband {
namespace {

constexpr std::chrono::seconds kSlow{1};
constexpr int kLinesPerSecond = 20;  // so that a bad hour does not fill the disk with log

constexpr std::array kCodes = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

const char* NameOf(grpc::StatusCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodes.size() ? kCodes[index] : "UNKNOWN";
}

bool IsOurs(grpc::StatusCode code) {
  return code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNAVAILABLE ||
         code == grpc::StatusCode::UNKNOWN || code == grpc::StatusCode::DATA_LOSS;
}

// Whether this second has a line left.
bool MayWrite(std::chrono::steady_clock::time_point now) {
  static std::atomic<std::int64_t> second{0};
  static std::atomic<int> lines{0};
  const auto current =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second.exchange(current) != current) lines = 0;
  return lines++ < kLinesPerSecond;
}

}  // namespace

Observation::Observation(Metrics* metrics, const char* method, grpc::ServerContextBase& call)
    : metrics_(metrics), method_(method) {
  const auto found = call.client_metadata().find("traceparent");
  if (found == call.client_metadata().end()) return;
  trace_ = ReadTraceparent({found->second.data(), found->second.size()});
  if (trace_) call.AddTrailingMetadata("traceresponse", trace_->Response());
}

void Observation::End(const grpc::Status& status) const {
  const auto now = std::chrono::steady_clock::now();
  const auto took = now - begun_;
  const char* code = NameOf(status.error_code());
  if (metrics_ != nullptr) metrics_->Called(method_, code, took);
  const bool notable = IsOurs(status.error_code()) || took >= kSlow;
  const Level level = notable ? Level::kWarning : Level::kDebug;
  if (!Logs(level) || (notable && !Logs(Level::kDebug) && !MayWrite(now))) return;
  Fields fields{{"method", method_}, {"code", code}};
  fields.emplace_back(
      "ms", fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(took).count()));
  if (!request_id_.empty()) fields.emplace_back("request_id", request_id_);
  if (trace_) {
    fields.emplace_back("trace_id", trace_->trace_id);
    fields.emplace_back("span_id", trace_->span_id);
    fields.emplace_back("parent_id", trace_->parent_id);
  }
  Log(level, fields, took >= kSlow ? "slow call" : "call");
}

}  // namespace duban::duband
