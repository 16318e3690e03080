#include "services/duband/timeline.h"

#include <algorithm>

#include "core/engine/unreadable.h"
#include "services/duband/status.h"

namespace duban::duband {

grpc::Status Timeline::MoveTo(model::Timestamp to, const std::function<bool()>& cancelled) {
  for (;;) {
    if (cancelled()) return {grpc::StatusCode::CANCELLED, "cancelled on the way"};
    if (auto status = Settle(); !status.ok()) return status;
    const auto next = node_.storage.NextTimer();
    if (!next) return ToStatus(engine::Unreadable(next.error()));
    if (!*next) break;
    // The first millisecond at which it is due, and never the same one twice.
    const auto due = (*next)->UnixMillis() + ((*next)->nanos % 1'000'000 > 0 ? 1 : 0);
    const auto moment =
        model::Timestamp::FromUnixMillis(std::max(due, node_.clock.Now().UnixMillis() + 1));
    if (moment > to) break;
    node_.virtual_clock->Set(moment);
  }
  node_.virtual_clock->Set(to);
  return Settle();
}

grpc::Status Timeline::Settle() {
  node_.engine.Wake();
  if (!node_.engine.Settle()) {
    model::Rejection rejection;
    rejection.reason = model::Reason::kShuttingDown;
    rejection.message = {"服务器正在停止", "the server stops"};
    return ToStatus(rejection);
  }
  node_.outbox.Settle();
  return grpc::Status::OK;
}

std::int32_t Timeline::timers_fired() const {
  return static_cast<std::int32_t>(node_.engine.counters().timers_fired - fired_before_);
}

}  // namespace duban::duband
