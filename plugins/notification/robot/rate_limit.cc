#include "plugins/notification/robot/rate_limit.h"

#include <algorithm>

namespace duban::notification_robot {

RateLimit::RateLimit(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (const Rule& rule : rules_) longest_ = std::max(longest_, rule.span);
}

RateLimit::Span RateLimit::Take(Time now) {
  while (!sent_.empty() && now - sent_.front() >= longest_) sent_.pop_front();
  Time free = std::max(now, held_until_);
  for (const Rule& rule : rules_) {
    if (sent_.size() < rule.messages) continue;
    free = std::max(free, sent_[sent_.size() - rule.messages] + rule.span);
  }
  if (free > now) return std::chrono::ceil<Span>(free - now);
  sent_.push_back(now);
  return Span::zero();
}

void RateLimit::Hold(Time now, Span span) { held_until_ = std::max(held_until_, now + span); }

}  // namespace duban::notification_robot
