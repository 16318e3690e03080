// A channel that loses, repeats, hangs and refuses.
#pragma once

#include <fmt/format.h>

#include "core/ports/notifier.h"
#include "tests/simulation/effects.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/trace.h"

namespace duban::simulation {

class FaultyNotifier final : public ports::Notifier {
 public:
  FaultyNotifier(std::string name, Effects& effects, Random& random, VirtualClock& clock,
                 const Faults& faults, Trace& trace)
      : name_(std::move(name)),
        effects_(effects),
        random_(random),
        clock_(clock),
        faults_(faults),
        trace_(trace) {}

  std::expected<void, ports::NotifierError> Deliver(const ports::Message& message) override {
    using Kind = ports::NotifierError::Kind;
    if (random_.Happens(faults_.send_dies)) throw Crash{"before a message was sent"};
    if (random_.Happens(faults_.send_fails))
      return Fail(message, Kind::kTemporary, "refused", random_.Percent(20) ? 90'000 : 0);
    if (random_.Happens(faults_.send_hopeless))
      return Fail(message, Kind::kPermanent, "unknown", 0);
    if (random_.Happens(faults_.send_hangs)) {
      clock_.Pass(30'000);
      if (random_.Percent(50)) effects_.Delivered(name_, message, false);
      return Fail(message, Kind::kTemporary, "timed out", 0);
    }
    const bool lost = random_.Happens(faults_.send_lost);
    effects_.Delivered(name_, message, !lost);
    if (random_.Happens(faults_.send_dies)) throw Crash{"after a message was sent"};
    if (lost) return Fail(message, Kind::kTemporary, "the answer was lost", 0);
    trace_.Add([&] { return fmt::format("    {}: {} delivered", name_, message.idempotency_key); });
    return {};
  }

 private:
  std::unexpected<ports::NotifierError> Fail(const ports::Message& message,
                                             ports::NotifierError::Kind kind, const char* why,
                                             std::int64_t retry_after_ms) {
    trace_.Add([&] { return fmt::format("    {}: {} {}", name_, message.idempotency_key, why); });
    return std::unexpected(ports::NotifierError{kind, why, retry_after_ms});
  }

  const std::string name_;
  Effects& effects_;
  Random& random_;
  VirtualClock& clock_;
  const Faults& faults_;
  Trace& trace_;
};

}  // namespace duban::simulation
