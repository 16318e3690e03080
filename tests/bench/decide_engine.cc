// Decisions through the engine alone, in one thread: no gRPC, no storage that keeps anything, no
// waking of threads. What is measured is what the loop itself does for a decision: access, step,
// rows, encoding, answer. Prints one JSON line: nanoseconds of processor time for a decision, the
// median of several rounds, and how often memory is taken, which nothing else on the machine
// changes.
//
//   bench_decide_engine [--decisions N]   for each of the 64 cases in each round; few for valgrind
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>

#include "core/engine/engine.h"
#include "core/plugin/host.h"
#include "core/ports/clock.h"
#include "core/ports/directory.h"
#include "tests/bench/load.h"
#include "tests/bench/setting.h"
#include "tests/bench/workflow.h"
#include "tests/doubles/storage_proxy.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace duban::bench {
namespace {

constexpr std::size_t kCases = 64;
constexpr int kRounds = 9;

class MachineClock final : public ports::Clock {
 public:
  model::Timestamp Now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return model::Timestamp::FromUnixMillis(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  }
};

class Given final : public ports::Directory {
 public:
  Snapshot Read() override { return {kOrganisation, {}}; }
};

// Keeps the campaign; of the cases nothing. The engine has them all in memory.
class Forgetful final : public doubles::StorageProxy {
 public:
  using StorageProxy::StorageProxy;
  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    return ports::CommitResult{changes_ += batch.cases.size()};
  }

 private:
  std::uint64_t changes_ = 0;
};

double ProcessorNanos() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// As the server makes it of a call of `Decisions`.
model::Command DecisionOf(model::CaseId id, model::Ordinal task) {
  model::Command command;
  command.request_id = fmt::format("{}/{}", id.ToString(), task);
  command.actor.id = "bench";
  command.case_id = id;
  command.body = model::Decide{
      .task = task, .outcome = "submitted", .opinion = kOpinion, .form = {{"level", "major"}}};
  return command;
}

class Driver {
 public:
  explicit Driver(engine::Engine& engine) : engine_(engine) {}

  // All at once, until each is answered.
  void Ask(std::vector<model::Command> commands) {
    answered_.clear();
    const std::size_t all = commands.size();
    for (model::Command& command : commands) {
      engine_.Submit(std::move(command), [this](const engine::Reply& reply) {
        const auto* receipt = std::get_if<engine::Receipt>(&reply);
        if (receipt == nullptr) Fail(std::get<model::Rejection>(reply).message.In("en"));
        answered_.push_back(receipt->case_id);
      });
    }
    while (answered_.size() < all && engine_.Turn()) {
    }
    if (answered_.size() != all) Fail("not all commands were answered");
  }
  const std::vector<model::CaseId>& answered() const { return answered_; }

 private:
  engine::Engine& engine_;
  std::vector<model::CaseId> answered_;
};

std::vector<model::CaseId> StartCases(Driver& driver) {
  std::vector<model::Command> starts(kCases);
  for (std::size_t i = 0; i < kCases; ++i) {
    starts[i].request_id = fmt::format("start-{}", i);
    starts[i].actor.id = "bench";
    starts[i].body = model::StartCase{"bench", "bench", {}, {}};
  }
  driver.Ask(std::move(starts));
  return driver.answered();
}

void Measure(engine::Engine& engine, int decisions) {
  Driver driver(engine);
  const std::vector<model::CaseId> cases = StartCases(driver);
  std::vector<double> nanos, taken;
  model::Ordinal task = 0;
  for (int round = 0; round < kRounds; ++round) {
    double spent = 0;
    std::size_t took = 0;
    for (int i = 0; i < decisions; ++i) {
      ++task;
      std::vector<model::Command> commands;
      for (const model::CaseId id : cases) commands.push_back(DecisionOf(id, task));
      const double start = ProcessorNanos();
      const std::size_t before = allocations;
      driver.Ask(std::move(commands));
      took += allocations - before;
      spent += ProcessorNanos() - start;
    }
    const double count = static_cast<double>(cases.size()) * decisions;
    nanos.push_back(spent / count);
    taken.push_back(static_cast<double>(took) / count);
  }
  fmt::print(
      "{{\"name\":\"decide_engine\",\"in_flight\":{},\"ns\":{:.0f},\"allocations\":{:.1f}}}\n",
      kCases, Median(nanos), Median(taken));
}

}  // namespace
}  // namespace duban::bench

int main(int argc, char** argv) {
  using namespace duban;
  using namespace duban::bench;
  const auto plugin = BinDirectory().parent_path() / "plugins" / "storage" / "memory.so";
  const auto memory = plugin::LoadStorage(plugin, {});
  if (!memory) Fail("no storage: " + memory.error().en);
  Forgetful storage(**memory);
  Given directory;
  engine::World world;
  if (!world.Refresh(directory).empty()) Fail("the organisation has errors");
  engine::Catalog catalog(storage);
  const auto deployed = catalog.Deploy({{"campaign.yaml", kWorkflow}}, "bench", {});
  if (!deployed || !deployed->campaign) Fail("the campaign cannot be deployed");
  MachineClock clock;
  engine::Engine engine(storage, clock, catalog, world);
  if (const auto opened = engine.Open(); !opened) Fail("no engine: " + opened.error().message);
  Measure(engine, std::max(Option(argc, argv, "decisions", 200), 1));
  return 0;
}
