// Ctrl-C while something runs.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>

namespace duban::cli {

// While it lives, SIGINT and SIGTERM call `stop`, from a thread of its own, instead of ending the
// program. One at a time.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> stop);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  bool happened() const { return happened_; }

 private:
  std::atomic<bool> happened_ = false;
  struct sigaction old_interrupt_ = {};
  struct sigaction old_terminate_ = {};
  std::thread waiter_;
};

}  // namespace duban::cli
