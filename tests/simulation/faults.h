// What may go wrong, and how often: chances in 100,000 per call.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/ports/clock.h"
#include "tests/simulation/random.h"

namespace duban::simulation {

// Thrown where the process dies: everything in memory is gone, the disk stays as it is. No
// std::exception, so that nobody mistakes it for an error.
struct Crash {
  std::string where;
};

// Thrown where a promise was broken.
struct Violation {
  std::string what;
};

struct Faults {
  std::uint32_t read_fails = 0;
  std::uint32_t read_dies = 0;
  std::uint32_t commit_refused = 0;       // nothing was written, and the caller is told
  std::uint32_t commit_conflict = 0;      // as if another node had been first
  std::uint32_t commit_unknown_none = 0;  // nothing was written, the caller cannot know
  std::uint32_t commit_unknown_all = 0;   // everything was written, the caller cannot know
  std::uint32_t dies_before_commit = 0;
  std::uint32_t dies_after_commit = 0;
  std::uint32_t disk_fills = 0;  // then every commit is refused for a while
  std::uint32_t slow = 0;        // a call takes seconds
  std::uint32_t send_fails = 0;  // temporary, nothing was delivered
  std::uint32_t send_lost = 0;   // delivered, but the answer says that it was not
  std::uint32_t send_hangs = 0;  // temporary, after half a minute
  std::uint32_t send_hopeless = 0;
  std::uint32_t send_dies = 0;       // the process dies while it sends, before or after
  std::uint32_t killed = 0;          // per step, between two things
  std::uint32_t stopped = 0;         // per step: an orderly restart
  std::uint32_t clock_set_back = 0;  // per step, and while a slow call lasts
  // With several nodes only.
  std::uint32_t overtaken = 0;  // another node takes a turn between a node's reading and its commit
  std::uint32_t share_wrong = 0;  // timers and messages of another node's share, or none of its own
};

// Which faults a run knows and how often they come differs from seed to seed: a run without crashes
// reaches states that one with many does not.
inline Faults RandomFaults(Random& random) {
  Faults faults;
  const auto sometimes = [&](std::uint32_t& chance, std::uint32_t most) {
    if (random.Percent(50)) chance = 1 + static_cast<std::uint32_t>(random.Below(most));
  };
  if (random.Percent(5)) return faults;
  sometimes(faults.read_fails, 2'000);
  sometimes(faults.read_dies, 300);
  sometimes(faults.commit_refused, 5'000);
  sometimes(faults.commit_conflict, 3'000);
  sometimes(faults.commit_unknown_none, 3'000);
  sometimes(faults.commit_unknown_all, 3'000);
  sometimes(faults.dies_before_commit, 2'000);
  sometimes(faults.dies_after_commit, 2'000);
  sometimes(faults.disk_fills, 500);
  sometimes(faults.slow, 2'000);
  sometimes(faults.send_fails, 20'000);
  sometimes(faults.send_lost, 10'000);
  sometimes(faults.send_hangs, 3'000);
  sometimes(faults.send_hopeless, 3'000);
  sometimes(faults.send_dies, 1'000);
  sometimes(faults.killed, 1'000);
  sometimes(faults.stopped, 300);
  sometimes(faults.clock_set_back, 1'000);
  sometimes(faults.overtaken, 30'000);
  sometimes(faults.share_wrong, 3'000);
  return faults;
}

// Moves only when it is told to; may be set back, as clocks are.
class VirtualClock final : public ports::Clock {
 public:
  explicit VirtualClock(std::int64_t millis) : millis_(millis) {}
  model::Timestamp Now() const override { return model::Timestamp::FromUnixMillis(millis_); }
  std::chrono::nanoseconds Monotonic() const override { return std::chrono::milliseconds(passed_); }
  void Pass(std::int64_t millis) {
    millis_ += millis;
    passed_ += millis;
  }
  void SetBack(std::int64_t millis) { millis_ -= millis; }

 private:
  std::int64_t millis_;
  std::int64_t passed_ = 1;
};

}  // namespace duban::simulation
