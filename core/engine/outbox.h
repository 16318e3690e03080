// Delivers committed notifications: at least once, with back-off, never lost: what cannot be
// delivered becomes a dead letter that an operator sees. Alarms leave at once and first; normal
// messages after quiet hours; digests when the schedule says, one message per person. In order
// within a case among those of a kind.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/delivery.h"
#include "core/engine/world.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"

namespace duban::engine {

// Thread-safe unless said otherwise.
class Outbox {
 public:
  // `finish` hands delivered and updated rows to the engine's loop, the only writer; it is
  // Engine::FinishOutbox. False: it is not known to be recorded, and will be handed over again.
  using Finish = std::function<bool(std::vector<ports::OutboxKey> done,
                                    std::vector<ports::OutboxRow> updated)>;

  Outbox(ports::Storage& storage, ports::Clock& clock, World& world, Channels channels,
         Finish finish, OutboxLimits limits = {});
  ~Outbox();  // Stop()

  void Start();
  void Stop();
  // Instead of Start, where everything runs in one thread: delivers what is deliverable now, in the
  // caller's thread. True: there may be more.
  bool Turn();
  // There may be something new; from Engine::OnNotification.
  void Wake();
  // Returns when nothing is deliverable now. For tests and virtual clocks.
  void Settle();

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace duban::engine
