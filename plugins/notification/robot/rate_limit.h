// How many messages a robot takes in a span of time. Exact over any span, which a bucket that
// refills is not: DingTalk shuts a robot out for ten minutes for the twenty-first message of a
// minute.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

namespace duban::notification_robot {

// Not thread-safe. Times come from the caller, of one steady clock.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::chrono::milliseconds;
  struct Rule {
    std::size_t messages = 0;
    Span span{};
  };

  explicit RateLimit(std::vector<Rule> rules);

  // Zero: go ahead, it is counted. Otherwise how long to wait, nothing is counted.
  Span Take(Time now);
  // The robot said that it is too much: nothing before `now` + `span`.
  void Hold(Time now, Span span);

 private:
  std::vector<Rule> rules_;
  Span longest_{};
  std::deque<Time> sent_;
  Time held_until_{};
};

}  // namespace duban::notification_robot
