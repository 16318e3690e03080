#include "services/duband/stock.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>

#include "core/engine/projection.h"
#include "core/model/codec.h"
#include "services/duband/log.h"

namespace duban::duband {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Families {
 public:
  // Begins a family; Add puts values into the last one begun.
  Families& Begin(MetricType type, const char* name, const char* help) {
    families_.push_back({name, help, type, {}});
    return *this;
  }
  template <class T>
  Families& Add(T value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (families_.back().type == MetricType::Counter) {
      metric.counter.value = static_cast<double>(value);
    } else {
      metric.gauge.value = static_cast<double>(value);
    }
    families_.back().metric.push_back(std::move(metric));
    return *this;
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

// By workflow, those beyond the limit together.
template <class Value, class Of>
void AddWorkflows(Families& families, const std::map<std::string, Value>& values, Of of) {
  double other = 0;
  std::size_t added = 0;
  for (const auto& [workflow, value] : values) {
    if (++added <= Metrics::kWorkflows) {
      families.Add(of(value), {{"workflow", workflow}});
    } else {
      other += static_cast<double>(of(value));
    }
  }
  if (added > Metrics::kWorkflows) families.Add(other, {{"workflow", "other"}});
}

double ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  double all = 0;
  double resident = 0;
  in >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void AddEngine(Families& families, const engine::Engine::Counters& counters) {
  families.Begin(MetricType::Gauge, "duban_queue_commands", "Commands that wait for the engine")
      .Add(counters.waiting)
      .Begin(MetricType::Gauge, "duban_queue_oldest_seconds", "How long the oldest of them waits")
      .Add(static_cast<double>(counters.oldest_waits.count()) / 1000)
      .Begin(MetricType::Counter, "duban_queue_refused_total", "Commands refused as OVERLOADED")
      .Add(counters.overloaded)
      .Begin(MetricType::Gauge, "duban_internal_commands", "Messages between cases on their way")
      .Add(counters.internal)
      .Begin(MetricType::Counter, "duban_rejections_total", "Commands that were not taken")
      .Add(counters.rejections)
      .Begin(MetricType::Counter, "duban_timers_fired_total", "Timers that fired")
      .Add(counters.timers_fired)
      .Begin(MetricType::Counter, "duban_steps_total", "Committed steps of cases");
  AddWorkflows(families, counters.steps_of, [](std::uint64_t steps) { return steps; });
}

void AddCensus(Families& families, const engine::Census& census, double age) {
  using Workflow = engine::Census::Workflow;
  families.Begin(MetricType::Gauge, "duban_open_cases", "Cases that have not ended");
  AddWorkflows(families, census.workflows, [](const Workflow& w) { return w.cases; });
  families.Begin(MetricType::Gauge, "duban_open_tasks", "Tasks that wait for somebody");
  AddWorkflows(families, census.workflows, [](const Workflow& w) { return w.tasks; });
  families.Begin(MetricType::Gauge, "duban_overdue_tasks", "Open tasks past their due date");
  AddWorkflows(families, census.workflows, [](const Workflow& w) { return w.overdue; });
  families
      .Begin(MetricType::Gauge, "duban_tasks_without_holder",
             "Open tasks that nobody of the organisation can take")
      .Add(census.without_holder)
      .Begin(MetricType::Gauge, "duban_provisional_deadlines",
             "Open tasks whose due date rests on a year without a holiday notice")
      .Add(census.provisional)
      .Begin(MetricType::Gauge, "duban_unreadable_cases",
             "Open cases that are damaged or whose workflow is not there")
      .Add(census.unreadable)
      .Begin(MetricType::Gauge, "duban_cases_to_recount",
             "Open cases whose dates the present holidays would move")
      .Add(census.not_recounted)
      .Begin(MetricType::Gauge, "duban_census_age_seconds", "How old the figures of open cases are")
      .Add(age);
}

}  // namespace

Stock::Stock(Metrics::Sources sources)
    : sources_(std::move(sources)), thread_([this] { Walk(); }) {}

Stock::~Stock() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::vector<MetricFamily> Stock::Collect() const {
  Families families;
  families.Begin(MetricType::Gauge, "duban_build_info", "The release")
      .Add(1, {{"version", DUBAN_VERSION}})
      .Begin(MetricType::Gauge, "process_resident_memory_bytes", "Resident memory")
      .Add(ResidentBytes())
      .Begin(MetricType::Gauge, "duban_watch_streams", "Open streams of WatchService")
      .Add(sources_.streams());
  AddEngine(families, sources_.engine.counters());
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (!outbox_read_ || now - *outbox_read_ >= Metrics::kKept) {
    outbox_ = ReadOutbox();
    outbox_read_ = now;
  }
  if (outbox_) {
    families
        .Begin(MetricType::Gauge, "duban_outbox_pending",
               "Notifications not delivered yet, to 1000")
        .Add(outbox_->pending)
        .Begin(MetricType::Gauge, "duban_outbox_oldest_seconds", "Age of the oldest of them")
        .Add(outbox_->oldest_seconds)
        .Begin(MetricType::Gauge, "duban_dead_letters", "Messages given up, to 1000")
        .Add(outbox_->dead);
  }
  if (census_)
    AddCensus(families, *census_, std::chrono::duration<double>(now - census_taken_).count());
  wanted_ = true;
  changed_.notify_all();
  return families.Take();
}

std::optional<Stock::Outbox> Stock::ReadOutbox() const {
  Outbox outbox;
  try {
    const auto dead = sources_.storage.DeadOutbox({}, ports::kMaxPageSize);
    if (!dead) return std::nullopt;
    outbox.dead = dead->size();
    const double now = static_cast<double>(sources_.clock.Now().UnixMillis());
    // Not what gathers for a digest: its age means nothing.
    for (const auto kind : {ports::OutboxKind::kAlarm, ports::OutboxKind::kNotification}) {
      const auto rows = sources_.storage.PeekOutbox(kind, {}, ports::kMaxPageSize);
      if (!rows) return std::nullopt;
      outbox.pending += rows->size();
      for (const auto& row : *rows) {
        const auto at = model::Decode<engine::OutboxMessage>(row.body).created_at;
        outbox.oldest_seconds =
            std::max(outbox.oldest_seconds, (now - static_cast<double>(at.UnixMillis())) / 1000);
      }
    }
  } catch (const std::exception& e) {
    Log(Level::kError, "metrics: the outbox cannot be read: {}", e.what());
    return std::nullopt;
  }
  return outbox;
}

void Stock::Walk() {
  pthread_setname_np(pthread_self(), "stock");
  std::unique_lock lock(mutex_);
  const auto rest = [&](Clock::duration pause) {
    changed_.wait_for(lock, pause, [this] { return stopping_; });
  };
  while (!stopping_) {
    changed_.wait(lock, [this] { return wanted_ || stopping_; });
    if (stopping_) return;
    wanted_ = false;
    lock.unlock();
    auto page_begun = Clock::now();
    const auto go_on = [&] {
      const std::lock_guard nothing_held(mutex_);
      return !stopping_;
    };
    std::optional<engine::Census> census;
    try {
      auto taken = engine::TakeCensus(
          sources_.storage, sources_.catalog, *sources_.world.Now(), sources_.clock.Now(), [&] {
            const auto worked = Clock::now() - page_begun;
            std::this_thread::sleep_for(
                std::min<Clock::duration>(4 * worked, std::chrono::seconds(1)));
            page_begun = Clock::now();
            return go_on();
          });
      if (taken && taken->complete) census = std::move(*taken);
    } catch (const std::exception& e) {
      Log(Level::kError, "metrics: the census failed: {}", e.what());
    }
    lock.lock();
    if (census) {
      census_ = std::move(census);
      census_taken_ = Clock::now();
    }
    rest(Metrics::kKept);
  }
}

}  // namespace duban::duband
