#include "tests/bench/fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <variant>

#include "core/engine/engine.h"
#include "core/model/codec.h"
#include "core/plugin/host.h"
#include "core/ports/clock.h"
#include "core/ports/directory.h"
#include "tests/bench/setting.h"

namespace duban::bench {
namespace {

constexpr std::size_t kTogether = 1'000;  // cases in one transaction

class Steady final : public ports::Clock {
 public:
  explicit Steady(model::Timestamp begin) : now_(begin) {}
  model::Timestamp Now() const override { return now_; }
  void Tick() { now_ = model::Timestamp::FromUnixMillis(now_.UnixMillis() + 1); }

 private:
  model::Timestamp now_;
};

class Given final : public ports::Directory {
 public:
  explicit Given(std::string organisation) : organisation_(std::move(organisation)) {}
  Snapshot Read() override { return {organisation_, {}}; }

 private:
  const std::string organisation_;
};

std::unique_ptr<ports::Storage> Open(const std::filesystem::path& database) {
  const auto plugin = BinDirectory().parent_path() / "plugins" / "storage" / "sqlite.so";
  auto storage = plugin::LoadStorage(plugin, {{"path", database.string()}, {"synchronous", "off"}});
  if (!storage) Fail("the database cannot be opened: " + storage.error().en);
  return std::move(*storage);
}

template <class T>
T Read(ports::StorageResult<T> result) {
  if (!result) Fail("the storage failed: " + result.error().message);
  return std::move(*result);
}

// No request id comes twice: the clock goes on with each transaction.
model::Command Start(model::Timestamp now, std::size_t number) {
  model::Command command;
  command.request_id = fmt::format("fill-{}-{}", now.UnixMillis(), number);
  command.actor.id = "bench";
  model::StartCase start;
  start.campaign = "bench";
  start.workflow = "bench";
  command.body = std::move(start);
  return command;
}

}  // namespace

std::uint64_t Fill(const std::filesystem::path& database, const std::string& organisation,
                   model::Timestamp begin, std::size_t count, std::vector<std::string>& ids) {
  const auto storage = Open(database);
  engine::World world;
  Given directory(organisation);
  if (!world.Refresh(directory).empty()) Fail("the organisation has errors");
  engine::Catalog catalog(*storage);
  if (const auto loaded = catalog.Load(); !loaded)
    Fail("the campaign cannot be read: " + loaded.error().message);
  engine::Limits limits;
  limits.batch = kTogether;
  limits.queue = 4 * kTogether;  // one caller gets half of it
  Steady clock(begin);
  engine::Engine engine(*storage, clock, catalog, world, limits);
  if (const auto opened = engine.Open(); !opened) Fail("no engine: " + opened.error().message);
  const std::size_t goal = ids.size() + count;
  while (ids.size() < goal) {
    const std::size_t before = ids.size();
    const std::size_t now = std::min(kTogether, goal - before);
    for (std::size_t i = 0; i < now; ++i) {
      engine.Submit(Start(clock.Now(), i), [&ids](const engine::Reply& reply) {
        const auto* receipt = std::get_if<engine::Receipt>(&reply);
        if (receipt == nullptr)
          Fail("a case was not started: " + std::get<model::Rejection>(reply).message.In("en"));
        ids.push_back(receipt->case_id.ToString());
      });
    }
    while (ids.size() < before + now && engine.Turn()) {
    }
    if (ids.size() != before + now) Fail("not all cases were started");
    clock.Tick();
  }
  return Read(storage->LastChange());
}

bool FiredInOrder(const std::filesystem::path& database, std::uint64_t after, std::size_t& fired) {
  const auto storage = Open(database);
  model::CaseId last;
  bool in_order = true;
  for (fired = 0;;) {
    const auto rows = Read(storage->ReadChanges(after, ports::kMaxPageSize));
    for (const ports::JournalRow& row : rows) {
      const auto entry = model::Decode<model::JournalEntry>(row.body);
      const bool by_timer = std::ranges::any_of(entry.events, [](const model::Event& event) {
        return std::holds_alternative<model::TimerFired>(event);
      });
      if (!by_timer) continue;
      ++fired;
      in_order &= last < row.case_id;
      last = row.case_id;
    }
    if (rows.size() < ports::kMaxPageSize) return in_order;
    after = rows.back().change;
  }
}

}  // namespace duban::bench
