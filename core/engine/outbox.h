// Delivers committed notifications: at least once, in order within a case, with back-off, never
// lost: what cannot be delivered becomes a dead letter that an operator sees.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/world.h"
#include "core/ports/clock.h"
#include "core/ports/notifier.h"
#include "core/ports/storage.h"

namespace duban::engine {

// Which notifiers carry what; names as in the configuration. Not owned.
struct Channels {
  struct Channel {
    std::string name;  // "email": also the key of a person's address
    ports::Notifier* notifier = nullptr;
  };
  std::vector<Channel> normal;
  std::vector<Channel> urgent;
};

struct OutboxLimits {
  std::uint32_t max_attempts = 10;        // then it is a dead letter
  std::int64_t first_backoff_ms = 1'000;  // doubles each time …
  std::int64_t max_backoff_ms = 600'000;  // … up to here
  std::uint32_t page = 100;
};

// Thread-safe unless said otherwise.
class Outbox {
 public:
  // `finish` hands delivered and updated rows to the engine's loop, the only writer; it is
  // Engine::FinishOutbox.
  using Finish = std::function<void(std::vector<ports::OutboxKey> done,
                                    std::vector<ports::OutboxRow> updated)>;

  Outbox(ports::Storage& storage, ports::Clock& clock, World& world, Channels channels,
         Finish finish, OutboxLimits limits = {});
  ~Outbox();  // Stop()

  void Start();
  void Stop();
  // Instead of Start, where everything runs in one thread: delivers what is deliverable now, in the
  // caller's thread. True: there may be more.
  bool Turn();
  // There may be something new; from Engine::OnCommit.
  void Wake();
  // Returns when nothing is deliverable now. For tests and virtual clocks.
  void Settle();

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace duban::engine
