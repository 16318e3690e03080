// The last things that happened, as text for whoever reads a failure.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace duban::simulation {

class Trace {
 public:
  static constexpr std::size_t kLines = 80;
  explicit Trace(bool on) : on_(on) {}

  // `line` makes the text; it is not called while the trace is off.
  template <class Line>
  void Add(Line line) {
    if (!on_) return;
    lines_.push_back(line());
    if (lines_.size() > kLines) lines_.pop_front();
  }
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  const bool on_;
  std::deque<std::string> lines_;
};

}  // namespace duban::simulation
