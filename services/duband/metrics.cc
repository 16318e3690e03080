#include "services/duband/metrics.h"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <exception>
#include <map>
#include <mutex>
#include <string_view>

#include "services/duband/stock.h"

namespace duban::duband {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildHistogram;
using Seconds = std::chrono::duration<double>;

const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const prometheus::Histogram::BucketBoundaries kCommands = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

}  // namespace

class Metrics::Parts {
 public:
  explicit Parts(Sources sources) : stock_(std::make_shared<Stock>(std::move(sources))) {}

  std::expected<void, model::Text> Listen(const std::string& address) {
    try {
      exposer_ = std::make_unique<prometheus::Exposer>(address, 1);
    } catch (const std::exception& e) {
      return std::unexpected(model::Text(
          fmt::format("无法在 {} 提供指标（{}）：端口可能已被占用，请检查 [metrics] listen",
                      address, e.what()),
          fmt::format("metrics cannot be served at {} ({}): the port may be in use; check "
                      "[metrics] listen",
                      address, e.what())));
    }
    exposer_->RegisterCollectable(registry_);
    exposer_->RegisterCollectable(stock_);
    return {};
  }

  void Called(const char* method, const char* code, std::chrono::nanoseconds took) {
    const std::lock_guard lock(mutex_);
    Method& known = methods_[method];
    if (known.seconds == nullptr)
      known.seconds = &call_seconds_.Add({{"method", method}}, kSeconds);
    prometheus::Counter*& ended = known.ended[code];
    if (ended == nullptr) ended = &calls_.Add({{"method", method}, {"code", code}});
    ended->Increment();
    known.seconds->Observe(Seconds(took).count());
  }

  void Batch(const engine::Engine::BatchReport& report) {
    batch_commands_.Observe(static_cast<double>(report.commands));
    batch_seconds_.Observe(Seconds(report.took).count());
    if (report.commit.count() > 0) commit_seconds_.Observe(Seconds(report.commit).count());
    if (report.failed) commit_failures_.Increment();
  }

 private:
  struct Method {
    prometheus::Histogram* seconds = nullptr;
    std::map<std::string_view, prometheus::Counter*> ended;
  };

  const std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>& calls_ =
      BuildCounter().Name("duban_calls_total").Help("Calls that ended").Register(*registry_);
  prometheus::Family<prometheus::Histogram>& call_seconds_ = BuildHistogram()
                                                                 .Name("duban_call_seconds")
                                                                 .Help("From arrival to answer")
                                                                 .Register(*registry_);
  prometheus::Histogram& batch_commands_ = BuildHistogram()
                                               .Name("duban_batch_commands")
                                               .Help("Commands decided in one transaction")
                                               .Register(*registry_)
                                               .Add({}, kCommands);
  prometheus::Histogram& batch_seconds_ = BuildHistogram()
                                              .Name("duban_batch_seconds")
                                              .Help("From gathering a batch to its last answer")
                                              .Register(*registry_)
                                              .Add({}, kSeconds);
  prometheus::Histogram& commit_seconds_ = BuildHistogram()
                                               .Name("duban_commit_seconds")
                                               .Help("One durable transaction of the storage")
                                               .Register(*registry_)
                                               .Add({}, kSeconds);
  prometheus::Counter& commit_failures_ = BuildCounter()
                                              .Name("duban_commit_failures_total")
                                              .Help("Transactions that the storage refused")
                                              .Register(*registry_)
                                              .Add({});
  std::mutex mutex_;
  std::map<std::string_view, Method> methods_;
  const std::shared_ptr<Stock> stock_;
  std::unique_ptr<prometheus::Exposer> exposer_;  // last: it reads the others until it is gone
};

Metrics::Metrics(Sources sources) : parts_(std::make_unique<Parts>(std::move(sources))) {}
Metrics::~Metrics() = default;
std::expected<void, model::Text> Metrics::Listen(const std::string& address) {
  return parts_->Listen(address);
}
void Metrics::Called(const char* method, const char* code, std::chrono::nanoseconds took) {
  parts_->Called(method, code, took);
}
void Metrics::Batch(const engine::Engine::BatchReport& report) { parts_->Batch(report); }

}  // namespace duban::duband
