// Reads from any thread, at any time, see all that was committed before they began, and whole
// batches only.
#include <atomic>
#include <thread>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;
constexpr int kReaders = 6;
constexpr model::Revision kSteps = 300;

class ConcurrencyTest : public StorageTest {};

TEST_P(ConcurrencyTest, ReadersSeeEveryCommitThatCameBeforeAndNoHalfOfOne) {
  std::atomic<model::Revision> committed = 0;
  std::atomic<bool> failed = false;
  const auto read = [&](int reader) {
    while (committed < kSteps && !failed) {
      const model::Revision floor = committed;
      const model::CaseId id = Id(static_cast<std::uint64_t>(reader % 2 + 1));
      const auto row = storage->LoadCase(id);
      const auto journal = storage->ReadJournal(id, floor == 0 ? 0 : floor - 1, 1000);
      const auto tasks = storage->ListTasks({.candidate = "li"});
      const auto change = storage->LastChange();
      const bool good = row && journal && tasks && change &&
                        (floor == 0 || (*row && (*row)->revision >= floor)) &&
                        (floor == 0 || (!journal->empty() && journal->front().revision == floor)) &&
                        *change >= 2 * floor && *change % 2 == 0 &&
                        (floor == 0 || tasks->size() == 2);
      if (!good) failed = true;
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back(read, i);
  for (model::Revision r = 0; r < kSteps && !failed; ++r) {
    Batch batch;
    batch.cases = {Step(Id(1), r), Step(Id(2), r)};
    for (auto& write : batch.cases) write.tasks = {Task(write.row.case_id, 1, {"li"})};
    const auto result = storage->Commit(batch);
    if (!result) {
      ADD_FAILURE() << result.error().message;
      failed = true;
    }
    committed = r + 1;
  }
  for (auto& reader : readers) reader.join();
  EXPECT_FALSE(failed);
}

TEST_P(ConcurrencyTest, ChangesAreGaplessWhileTheyGrow) {
  std::atomic<bool> done = false;
  std::uint64_t seen = 0;
  bool gapless = true;
  std::thread watcher([&] {
    for (bool last = false; !last && gapless;) {
      last = done;
      const auto rows = storage->ReadChanges(seen, 7);
      if (!rows) gapless = false;
      for (const auto& row : rows.value_or(std::vector<JournalRow>{}))
        gapless = gapless && row.change == ++seen;
      if (rows && !rows->empty()) last = false;
    }
  });
  for (model::Revision r = 0; r < kSteps; ++r) {
    Batch batch;
    for (std::uint64_t n = 1; n <= r % 3 + 1; ++n) batch.cases.push_back(Step(Id(r * 10 + n), 0));
    const auto result = storage->Commit(batch);
    if (!result) ADD_FAILURE() << result.error().message;
  }
  done = true;
  watcher.join();
  EXPECT_TRUE(gapless);
  EXPECT_EQ(seen, Got(storage->LastChange()));
}

DUBAN_EVERY_STORAGE(ConcurrencyTest);

}  // namespace
}  // namespace duban::conformance
