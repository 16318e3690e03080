// The index against a plain list of what was committed: small sizes, so that everything is kept,
// moved, rolled back and loaded again many times.
#include "plugins/storage/sqlite/buffered_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace duban::storage_sqlite {
namespace {

using Entry = BufferedIndex::Entry;

constexpr BufferedIndex::Sql kSql{
    "things", "SELECT key, place, row FROM things WHERE row > ?1 ORDER BY row",
    "INSERT OR IGNORE INTO things_index (key, place, row) VALUES (?, ?, ?)",
    "SELECT place, row FROM things_index WHERE key = ?1 AND place > ?2 ORDER BY place, row"};

class BufferedIndexTest : public testing::Test {
 protected:
  BufferedIndexTest() {
    connection.Execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
        "CREATE TABLE indexed (name TEXT PRIMARY KEY, through INTEGER NOT NULL);"
        "CREATE TABLE things (row INTEGER PRIMARY KEY, key INTEGER, place INTEGER);"
        "CREATE TABLE things_index (key, place, row, PRIMARY KEY (key, place, row)) WITHOUT "
        "ROWID;");
  }
  ~BufferedIndexTest() override {
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((path + suffix).c_str());
  }

  void Add(const Entry& entry) {
    Statement(connection, "INSERT INTO things (row, key, place) VALUES (?, ?, ?)", entry.row,
              entry.key, entry.place)
        .Run();
    index->Add(entry);
  }
  void Commit(const std::vector<Entry>& entries) {
    Statement(connection, "BEGIN").Run();
    for (const Entry& entry : entries) Add(entry);
    index->Move(connection);
    Statement(connection, "COMMIT").Run();
    index->Committed();
  }
  void RollBack(const std::vector<Entry>& entries) {
    Statement(connection, "BEGIN").Run();
    for (const Entry& entry : entries) Add(entry);
    index->Move(connection);
    Statement(connection, "ROLLBACK").Run();
    index->RolledBack();
  }
  // A start after a kill: what was in memory is gone.
  void Reopen() {
    index.emplace(kSql, kSizes);
    index->Load(connection);
  }
  std::vector<Entry> Find(std::int64_t key, std::int64_t after) {
    return Find(connection, key, after);
  }
  std::vector<Entry> Find(Connection& by, std::int64_t key, std::int64_t after) {
    BufferedIndex::Cursor cursor(*index, by, key, after);
    std::vector<Entry> found;
    while (cursor.Next()) found.push_back({key, cursor.place(), cursor.row()});
    return found;
  }
  std::int64_t Indexed() { return connection.Integer("SELECT count(*) FROM things_index"); }

  static constexpr BufferedIndex::Sizes kSizes{.kept = 40, .moved = 8};
  const std::string path =
      testing::TempDir() + "buffered_index_" + std::to_string(getpid()) + ".db";
  Connection connection{path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 1024};
  std::optional<BufferedIndex> index{std::in_place, kSql, kSizes};
};

TEST_F(BufferedIndexTest, WhatWasAddedIsFoundInOrderAndOnlyBehindAPlace) {
  Commit({{7, 3, 1}, {8, 1, 2}, {7, 1, 3}});
  EXPECT_EQ(Find(7, -1), (std::vector<Entry>{{7, 1, 3}, {7, 3, 1}}));
  EXPECT_EQ(Find(7, 1), (std::vector<Entry>{{7, 3, 1}}));
  EXPECT_EQ(Find(9, -1), std::vector<Entry>{});
}

TEST_F(BufferedIndexTest, NothingIsMovedBeforeManyAreKept) {
  for (int row = 1; row < 40; ++row) Commit({{row, 0, row}});
  EXPECT_EQ(Indexed(), 0);
  for (int row = 40; row < 80; ++row) Commit({{row, 0, row}});
  EXPECT_EQ(Indexed(), 40);
  EXPECT_EQ(connection.Integer("SELECT through FROM indexed"), 40);
}

TEST_F(BufferedIndexTest, WhatIsBeingMovedIsFoundOnce) {
  for (int row = 1; row <= 44; ++row) Commit({{row % 3, row, row}});
  ASSERT_GT(Indexed(), 0);
  ASSERT_LT(Indexed(), 40);
  EXPECT_EQ(Find(0, -1).size(), 14u);
  Reopen();
  EXPECT_EQ(Find(0, -1).size(), 14u);
}

TEST_F(BufferedIndexTest, ARolledBackKeyIsNotFoundAndItsRowMayBeAnothers) {
  Commit({{1, 1, 1}});
  RollBack({{1, 2, 2}, {2, 1, 3}});
  EXPECT_EQ(Find(1, -1).size(), 1u);
  EXPECT_EQ(Find(2, -1), std::vector<Entry>{});
  Commit({{2, 5, 2}});
  EXPECT_EQ(Find(2, -1), (std::vector<Entry>{{2, 5, 2}}));
}

TEST_F(BufferedIndexTest, AnyOrderOfCommitsRollbacksAndStartsFindsWhatWasCommitted) {
  std::mt19937 random(20'220'516);
  const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % n); };
  std::vector<Entry> committed;
  for (int turn = 0; turn < 4'000; ++turn) {
    std::vector<Entry> entries;
    auto row = static_cast<std::int64_t>(committed.size());
    for (auto n = below(6); n >= 0; --n) entries.push_back({below(30), below(1000), ++row});
    const auto kind = below(20);
    if (kind == 0) {
      Reopen();
    } else if (kind < 4) {
      RollBack(entries);
    } else {
      Commit(entries);
      std::ranges::copy(entries, std::back_inserter(committed));
    }
    const std::int64_t key = below(31);
    const std::int64_t after = below(1000) - 1;
    std::vector<Entry> expected;
    std::ranges::copy_if(committed, std::back_inserter(expected), [&](const Entry& entry) {
      return entry.key == key && entry.place > after;
    });
    std::ranges::sort(expected);
    ASSERT_EQ(Find(key, after), expected) << "turn " << turn;
  }
  EXPECT_GT(Indexed(), static_cast<std::int64_t>(committed.size()) - 100);
}

// Places of the one key are 1, 2, 3 … in the order of the commits, so a gap would be a row that was
// lost on its way from the memory to the table.
TEST_F(BufferedIndexTest, AReaderBesideTheCommitsMissesNothing) {
  constexpr std::int64_t kRows = 20'000;
  std::atomic<std::int64_t> committed = 0;
  std::jthread reader([&](const std::stop_token& stop) {
    Connection own(path, SQLITE_OPEN_READONLY, 1024);
    while (!stop.stop_requested()) {
      const std::int64_t least = committed;
      const auto found = Find(own, 1, least - 50);
      std::int64_t next = std::max<std::int64_t>(least - 50, 0);
      for (const Entry& entry : found) ASSERT_EQ(entry.place, ++next);
      ASSERT_GE(next, least);
    }
  });
  for (std::int64_t row = 1; row <= kRows; ++row) {
    Commit({{1, row, row}});
    committed = row;
  }
}

}  // namespace
}  // namespace duban::storage_sqlite
