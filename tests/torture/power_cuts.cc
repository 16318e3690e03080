// Cuts the power of the SQLite storage again and again, and looks each time whether everything that
// was acknowledged is there, the database is sound, and nothing is there twice.
//
//   torture_power_cuts [--cuts N] [--seed N] [--synchronous full|normal|off]
//
// With `off` the storage promises nothing over a power cut, and the program must find losses: that
// shows that it can.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/plugin/host.h"
#include "tests/torture/power_cut_vfs.h"

namespace duban::torture {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCases = 40;

struct Tally {
  std::uint64_t cuts = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t found = 0;
  std::uint64_t lost = 0;
  std::uint64_t twice = 0;
  std::uint64_t unsound = 0;
  std::uint64_t sectors = 0;
};

// What the writer was told, by case: everything up to here is promised.
struct Promised {
  model::Revision revision[kCases + 1] = {};
  std::uint64_t last_change = 0;
};

model::Timestamp At(std::uint64_t seconds) {
  return {1'651'363'200 + static_cast<std::int64_t>(seconds), 0};
}

ports::CaseWrite StepOf(std::uint64_t number, model::Revision before, std::size_t size) {
  const model::CaseId id{number};
  ports::CaseWrite write;
  write.expected_revision = before;
  write.row.case_id = id;
  write.row.revision = before + 1;
  write.row.campaign = "digest";
  write.row.workflow = "workflow";
  write.row.summary = "summary";
  write.row.body = std::string(size, static_cast<char>('a' + before % 26));
  write.journal.push_back({id, before + 1, 0, fmt::format("step {} of {}", before + 1, number)});
  const auto ordinal = static_cast<model::Ordinal>(before + 1);
  write.tasks.push_back({id, ordinal, true, At(before), {"li", "wang"}, "task"});
  write.timers_set.push_back({id, ordinal, At(before)});
  ports::OutboxRow row;
  row.case_id = id;
  row.ordinal = ordinal;
  row.next_attempt = At(before);
  row.body = "message";
  write.outbox.push_back(row);
  return write;
}

class Torture {
 public:
  Torture(std::uint64_t seed, std::string synchronous)
      : random_(seed), synchronous_(std::move(synchronous)) {
    char name[] = "/tmp/duban-power-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    path_ = (directory_ / "duban.db").string();
  }
  ~Torture() { fs::remove_all(directory_); }
  Torture(const Torture&) = delete;
  Torture& operator=(const Torture&) = delete;

  void Once() {
    // Mostly soon, sometimes far enough for the log to be moved into the database meanwhile.
    const std::uint64_t reach = random_() % 5 == 0 ? 9'000 : 300;
    const bool large = random_() % 3 == 0;
    std::unique_ptr<ports::Storage> storage = Open();
    Look(*storage);
    PowerCutVfs::CutAfter(random_() % reach);
    for (int commits = 0; commits < 2'000 && !PowerCutVfs::is_cut(); ++commits) {
      if (!Commit(*storage, large)) break;
      if (random_() % 400 == 0) {  // an orderly end, during which the power may fail too
        storage.reset();
        auto again = plugin::LoadStorage(Plugin(), Settings());
        if (!again) break;
        storage = std::move(*again);
      }
    }
    storage.reset();
    tally_.sectors += PowerCutVfs::Restore(random_);
    ++tally_.cuts;
    storage = Open();
    Look(*storage);
    storage.reset();
    PowerCutVfs::Restore(random_);
    Check();
  }

  const Tally& tally() const { return tally_; }

 private:
  static fs::path Plugin() {
    const char* binary = std::getenv("DUBAN_BINARY");
    return fs::path(binary != nullptr ? binary : "build/dev") / "plugins/storage/sqlite.so";
  }
  plugin::Settings Settings() const { return {{"path", path_}, {"synchronous", synchronous_}}; }

  std::unique_ptr<ports::Storage> Open() {
    auto storage = plugin::LoadStorage(Plugin(), Settings());
    if (storage) return std::move(*storage);
    ++tally_.unsound;
    throw std::runtime_error("after a power cut it does not open: " + storage.error().en);
  }

  // False: it was refused, or nobody knows.
  bool Commit(ports::Storage& storage, bool large) {
    ports::Batch batch;
    const std::uint64_t first = random_() % kCases;
    const std::uint64_t width = 1 + random_() % 4;
    for (std::uint64_t i = 0; i < width; ++i) {
      const std::uint64_t number = (first + i) % kCases + 1;
      batch.cases.push_back(
          StepOf(number, stored_.revision[number], 1 + random_() % (large ? 60'000 : 2'000)));
    }
    batch.requests.push_back({fmt::format("li/{}", ++requests_), "print", "reply", At(0)});
    if (!storage.Commit(batch)) return false;
    promised_ = batch.requests.front().request_id;
    for (const ports::CaseWrite& write : batch.cases)
      stored_.revision[write.row.case_id.value] = write.row.revision;
    stored_.last_change += batch.cases.size();
    tally_.acknowledged += batch.cases.size();
    return true;
  }

  // Every promised step is there, each case has exactly its steps, and they are counted once. The
  // answer that was promised last is remembered.
  void Look(ports::Storage& storage) {
    std::uint64_t total = 0;
    for (std::uint64_t number = 1; number <= kCases; ++number) {
      const auto row = storage.LoadCase({number});
      const model::Revision there = row && *row ? (*row)->revision : 0;
      if (there < stored_.revision[number]) tally_.lost += stored_.revision[number] - there;
      std::uint64_t entries = 0;
      for (model::Revision after = 0;;) {
        const auto page = storage.ReadJournal({number}, after, 1'000);
        if (!page || page->empty()) break;
        entries += page->size();
        after = page->back().revision;
      }
      if (entries != there) ++tally_.unsound;
      total += there;
      stored_.revision[number] = there;
    }
    if (!promised_.empty()) {
      const auto request = storage.FindRequest(promised_);
      if (!request || !*request) ++tally_.lost;
    }
    const auto last = storage.LastChange();
    if (!last || *last != total) ++tally_.twice;
    if (total < stored_.last_change) ++tally_.unsound;
    stored_.last_change = total;
    tally_.found = std::max(tally_.found, total);
  }

  void Check() {
    sqlite3* database = nullptr;
    std::string said;
    sqlite3_open_v2(path_.c_str(), &database, SQLITE_OPEN_READWRITE, "unix");
    sqlite3_exec(
        database, "PRAGMA integrity_check",
        [](void* text, int, char** values, char**) {
          *static_cast<std::string*>(text) += values[0];
          return 0;
        },
        &said, nullptr);
    sqlite3_close(database);
    if (said != "ok") ++tally_.unsound;
  }

  std::mt19937_64 random_;
  const std::string synchronous_;
  fs::path directory_;
  std::string path_;
  Promised stored_;
  std::uint64_t requests_ = 0;
  std::string promised_;  // the request whose commit was acknowledged last
  Tally tally_;
};

int Main(int argc, char** argv) {
  std::uint64_t cuts = 300;
  std::uint64_t seed = std::random_device()();
  std::string synchronous = "full";
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--cuts") cuts = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--synchronous") synchronous = argv[i + 1];
    if (name != "--cuts" && name != "--seed" && name != "--synchronous") {
      fmt::print(stderr, "no option {}; there are --cuts, --seed, --synchronous\n", name);
      return 2;
    }
  }
  fmt::print("seed {}, synchronous {}\n", seed, synchronous);
  PowerCutVfs::Install();
  Torture torture(seed, synchronous);
  std::string why;
  try {
    for (std::uint64_t i = 0; i < cuts && torture.tally().lost + torture.tally().unsound == 0; ++i)
      torture.Once();
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  const Tally& tally = torture.tally();
  if (!why.empty()) fmt::print("{}\n", why);
  const std::uint64_t kept = tally.acknowledged - std::min(tally.lost, tally.acknowledged);
  fmt::print("{} sectors lost, {} databases damaged, {} steps there that nobody was told of\n",
             tally.sectors, tally.unsound, tally.found - std::min(tally.found, kept));
  fmt::print(
      R"({{"part": "power_cuts", "kills": {}, "acknowledged": {}, "found": {}, "lost": {}, "double": {}}})"
      "\n",
      tally.cuts, tally.acknowledged, kept, tally.lost + tally.unsound, tally.twice);
  const bool broken = tally.lost + tally.unsound + tally.twice > 0 || !why.empty();
  // Without syncing the losses have to be found, by cuts that took place.
  if (synchronous == "off") return broken && tally.cuts > 0 ? 0 : 1;
  return broken ? 1 : 0;
}

}  // namespace
}  // namespace duban::torture

int main(int argc, char** argv) { return duban::torture::Main(argc, argv); }
