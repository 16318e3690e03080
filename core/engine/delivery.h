// One message on its way to one person: by which channels, and what becomes of its row.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/engine/projection.h"
#include "core/engine/schedule.h"
#include "core/engine/world.h"
#include "core/ports/clock.h"
#include "core/ports/notifier.h"
#include "core/ports/storage.h"

namespace duban::engine {

// Names as in the configuration; the notifier is not owned.
struct Channel {
  std::string name;  // "email": also the key of a person's address
  ports::Notifier* notifier = nullptr;
  bool otherwise = false;  // only where the one before it cannot reach the person
};
// Every channel gets the message, but those that stand behind another as the other way.
using Route = std::vector<Channel>;

// Which channels carry what, and when. A route that is empty is that of the urgency below it:
// statutory → urgent → normal, digest → normal. Without any, nobody is told.
struct Channels {
  Route normal;
  Route urgent;
  Route statutory{};
  Route digest{};
  Schedule schedule{};

  const Route& For(model::Urgency urgency) const;
};

struct OutboxLimits {
  std::uint32_t max_attempts = 10;        // then the other way, or it is a dead letter
  std::int64_t first_backoff_ms = 1'000;  // doubles each time …
  std::int64_t max_backoff_ms = 600'000;  // … up to here
  std::uint32_t page = 100;
};

// Lines of one digest, in bytes; what is more goes into a second one. Fits every channel.
inline constexpr std::size_t kMaxDigestBytes = 3'000;
inline constexpr std::size_t kMaxDigestLineBytes = 400;

// Not thread-safe.
class Delivery {
 public:
  Delivery(ports::Clock& clock, World& world, const Channels& channels, const OutboxLimits& limits)
      : clock_(clock), world_(world), channels_(channels), limits_(limits) {}

  // True: delivered, the row is done with. Otherwise the row says when to try again, or that it is
  // dead: a channel refused for good, or none has an address of the person.
  bool Deliver(ports::OutboxRow& row);

  // The same for rows of one person that go as one message. All of them end alike.
  bool DeliverTogether(std::vector<ports::OutboxRow>& rows);

 private:
  struct Attempt;
  using Compose = std::function<ports::Message(const std::string& channel)>;
  // Brings `message` and `row` to what is to be stored; other rows of a digest copy it.
  bool Try(ports::OutboxRow& row, OutboxMessage& message, const Compose& compose);
  void Serve(std::span<const Channel> ways, const OutboxMessage& message, const Compose& compose,
             bool last, Attempt& attempt);
  bool Conclude(ports::OutboxRow& row, OutboxMessage& message, Attempt attempt);
  // Recipient, language and address filled in.
  ports::Message Envelope(const model::PersonId& recipient, const std::string& channel) const;

  ports::Clock& clock_;
  World& world_;
  const Channels& channels_;
  const OutboxLimits& limits_;
  std::map<std::string, model::Timestamp> paused_;  // channels that said when they take more
};

// The rows that go as one message, in order, as far as they fit into one; at least the first.
std::size_t FitsOneDigest(const std::vector<ports::OutboxRow>& rows);

}  // namespace duban::engine
