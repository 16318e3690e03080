// The two clocks of a server: the machine's, and one that only moves when it is told to.
#pragma once

#include <atomic>
#include <chrono>

#include "core/ports/clock.h"

namespace duban::duband {

class SystemClock : public ports::Clock {
 public:
  model::Timestamp Now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return model::Timestamp::FromUnixMillis(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  }
};

// For demonstrations and for trying a campaign out; milliseconds.
class VirtualClock : public ports::Clock {
 public:
  explicit VirtualClock(model::Timestamp start) : millis_(start.UnixMillis()) {}
  model::Timestamp Now() const override { return model::Timestamp::FromUnixMillis(millis_.load()); }
  void Set(model::Timestamp t) { millis_.store(t.UnixMillis()); }

 private:
  std::atomic<std::int64_t> millis_;
};

}  // namespace duban::duband
