// Moving a virtual clock: every timer on the way fires at its own time, in order.
#pragma once

#include <functional>

#include "services/duband/node.h"

namespace duban::duband {

// Of a node with a virtual clock. One at a time.
class Timeline {
 public:
  explicit Timeline(Node& node) : node_(node), fired_before_(node.engine.counters().timers_fired) {}

  // Blocks until everything that is due at `to` or before has been done and what it led to was
  // sent. Between two moments `cancelled` is asked; when it says so, the clock stays where it has
  // come to.
  grpc::Status MoveTo(model::Timestamp to, const std::function<bool()>& cancelled);

  std::int32_t timers_fired() const;

 private:
  grpc::Status Settle();

  Node& node_;
  std::uint64_t fired_before_;
};

}  // namespace duban::duband
