// What is there when a scrape asks: the engine's counters and queue, the outbox, and a census of
// the open cases, each at most as old as it says.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/engine/census.h"
#include "services/duband/metrics.h"

namespace duban::duband {

// The census is walked on a thread of its own, only while somebody scrapes, and at most a fifth of
// the time: with very many open cases it is minutes old, and duban_census_age_seconds says so.
class Stock : public prometheus::Collectable {
 public:
  explicit Stock(Metrics::Sources sources);
  ~Stock() override;

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  using Clock = std::chrono::steady_clock;
  // Of the outbox; counts stop at ports::kMaxPageSize.
  struct Outbox {
    std::size_t pending = 0;
    double oldest_seconds = 0;
    std::size_t dead = 0;
  };

  // Nothing when it cannot be read: no figure is better than a wrong one.
  std::optional<Outbox> ReadOutbox() const;
  void Walk();

  const Metrics::Sources sources_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable bool wanted_ = false;  // somebody scraped
  bool stopping_ = false;
  mutable std::optional<Outbox> outbox_;
  mutable std::optional<Clock::time_point> outbox_read_;
  std::optional<engine::Census> census_;
  Clock::time_point census_taken_;
  std::thread thread_;
};

}  // namespace duban::duband
