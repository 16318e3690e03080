// What time it is. The only source of "now" in the engine.
#pragma once

#include "core/model/time.h"

namespace duban::ports {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual model::Timestamp Now() const = 0;
};

}  // namespace duban::ports
