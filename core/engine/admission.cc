#include "core/engine/admission.h"

#include <algorithm>

namespace duban::engine {
namespace {

constexpr Admission::Millis kShortestDelay{100};
constexpr Admission::Millis kLongestDelay{10'000};

}  // namespace

std::size_t Admission::WeightOf(const Asked& asked) { return 1 + asked.bytes / kCommandUnit; }

std::optional<Admission::Millis> Admission::Add(std::list<Asked>& asked, Clock::time_point now) {
  Asked& first = asked.front();
  const auto known = by_id_.find(first.command.actor.id);
  const bool waits = known != by_id_.end();
  const std::size_t own_weight = waits ? known->second->weight : 0;
  const std::size_t own = waits ? known->second->waiting.size() : 0;
  const std::size_t callers = callers_.size() + (waits ? 0 : 1);
  const Millis wait = WaitOf(std::min(size_, (own + 1) * callers), now);
  const std::size_t room = limits_.queue > weight_ ? limits_.queue - weight_ : 0;
  if (own_weight >= room || wait > limits_.max_wait) {
    return std::clamp(wait, kShortestDelay, kLongestDelay);
  }
  const auto caller = waits ? known->second : callers_.emplace(callers_.end());
  if (!waits) {
    caller->id = first.command.actor.id;
    by_id_.emplace(caller->id, caller);
  }
  first.weight = WeightOf(first);
  first.since = now;
  caller->weight += first.weight;
  weight_ += first.weight;
  caller->waiting.splice(caller->waiting.end(), asked, asked.begin());
  ++size_;
  return std::nullopt;
}

std::list<Asked> Admission::Take(std::size_t most) {
  std::list<Asked> taken;
  while (size_ > 0 && taken.size() < most) {
    Caller& caller = callers_.front();
    const std::size_t weight = caller.waiting.front().weight;
    caller.weight -= weight;
    weight_ -= weight;
    --size_;
    taken.splice(taken.end(), caller.waiting, caller.waiting.begin());
    if (caller.waiting.empty()) {
      by_id_.erase(caller.id);
      callers_.pop_front();
    } else {
      callers_.splice(callers_.end(), callers_, callers_.begin());
    }
  }
  return taken;
}

void Admission::Began(Clock::time_point now) { begun_ = now; }

void Admission::Finished(Clock::time_point now) {
  if (!begun_) return;
  usual_ += (now - *begun_ - usual_) / 4;  // about the last four batches
  begun_.reset();
}

Admission::Millis Admission::OldestAge(Clock::time_point now) const {
  Clock::time_point oldest = now;
  for (const Caller& caller : callers_) oldest = std::min(oldest, caller.waiting.front().since);
  return std::chrono::duration_cast<Millis>(now - oldest);
}

// Less than a batch ahead: it goes with the next one, and nothing is in its way but the batch under
// way.
Admission::Millis Admission::WaitOf(std::size_t ahead, Clock::time_point now) const {
  const auto batches = static_cast<Clock::rep>(ahead / std::max<std::size_t>(limits_.batch, 1));
  const Clock::duration under_way = begun_ ? now - *begun_ : Clock::duration{};
  return std::chrono::duration_cast<Millis>(batches * usual_ + under_way);
}

}  // namespace duban::engine
