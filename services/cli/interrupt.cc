#include "services/cli/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace duban::cli {
namespace {

constexpr std::uint64_t kSignal = 1;
constexpr std::uint64_t kOver = 1ULL << 32;
volatile sig_atomic_t wake_descriptor = -1;

void Tell(std::uint64_t what) {
  const int saved = errno;
  while (write(wake_descriptor, &what, sizeof what) < 0 && errno == EINTR) {
  }
  errno = saved;
}

extern "C" void OnSignal(int) { Tell(kSignal); }

}  // namespace

Interrupt::Interrupt(std::function<void()> stop) {
  wake_descriptor = eventfd(0, EFD_CLOEXEC);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
  waiter_ = std::thread([this, stop = std::move(stop)] {
    for (std::uint64_t what = 0; what < kOver;) {
      if (read(wake_descriptor, &what, sizeof what) < 0) {
        if (errno == EINTR) continue;
        return;
      }
      if (what % kOver != 0) {
        happened_ = true;
        stop();
      }
    }
  });
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
  Tell(kOver);
  waiter_.join();
  close(wake_descriptor);
}

}  // namespace duban::cli
