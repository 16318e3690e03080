// What time it is. The only source of "now" in the engine.
#pragma once

#include <chrono>

#include "core/model/time.h"

namespace duban::ports {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual model::Timestamp Now() const = 0;
  // For waiting: it only ever passes, wherever Now() is set to. Its beginning means nothing.
  virtual std::chrono::nanoseconds Monotonic() const {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

}  // namespace duban::ports
