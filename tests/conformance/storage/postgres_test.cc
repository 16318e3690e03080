// What only a PostgreSQL storage has: a server that goes and comes back, other nodes, a password.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;
using testing::HasSubstr;
using testing::Not;
using Code = StorageError::Code;

constexpr auto kPatience = std::chrono::seconds(60);  // for a loaded machine

class PostgresTest : public testing::Test {
 protected:
  PostgresTest() {
    static int last = 0;
    settings = {{"connection", Postgres().connection()},
                {"schema", "only_" + std::to_string(++last)},
                {"readers", "2"},
                {"lease_ms", "1000"}};
  }
  std::unique_ptr<Storage> Open(const plugin::Settings& how) {
    auto loaded = plugin::LoadStorage(ShippedStorage("postgres"), how);
    if (loaded) return std::move(*loaded);
    ADD_FAILURE() << loaded.error().en;
    return nullptr;
  }
  std::unique_ptr<Storage> Open() { return Open(settings); }
  std::string Refusal(const plugin::Settings& how) {
    const auto loaded = plugin::LoadStorage(ShippedStorage("postgres"), how);
    EXPECT_FALSE(loaded);
    return loaded ? "" : loaded.error().en;
  }
  std::string schema() const { return settings.at("schema"); }

  template <class Condition>
  static bool Within(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < end) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return condition();
  }

  plugin::Settings settings;
};

std::set<model::CaseId> DueCases(Storage& storage) {
  std::set<model::CaseId> ids;
  for (const TimerRow& row : Got(storage.DueTimers(At(9), kMaxPageSize))) ids.insert(row.case_id);
  return ids;
}

void SetTimers(Storage& storage, std::uint64_t cases) {
  Batch batch;
  for (std::uint64_t n = 1; n <= cases; ++n) {
    CaseWrite write = Step(Id(n << 22), 0);
    write.timers_set = {{write.row.case_id, 1, At(0)}};
    write.outbox = {Outgoing(write.row.case_id, 2, OutboxKind::kNotification, At(0))};
    batch.cases.push_back(write);
  }
  const auto committed = storage.Commit(batch);
  ASSERT_TRUE(committed) << committed.error().message;
}

TEST_F(PostgresTest, AfterARestartOfTheServerTheNextCommitGoesThrough) {
  auto storage = Open();
  for (model::Revision r = 0; r < 6; ++r) {
    const auto committed = storage->Commit(One(Step(Id(1), r)));
    ASSERT_TRUE(committed) << committed.error().message;
    ASSERT_TRUE(storage->LoadCase(Id(1)));
    Postgres().Control(r % 2 == 0 ? "restart -m immediate" : "restart -m fast");
    EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, r + 1);
  }
}

TEST_F(PostgresTest, WhenTheServerIsAwayNothingIsWrittenAndItSaysSo) {
  auto storage = Open();
  ASSERT_TRUE(storage->Commit(One(Step(Id(1), 0))));
  Postgres().Control("stop -m immediate");
  const auto refused = storage->Commit(One(Step(Id(1), 1)));
  const auto unread = storage->LoadCase(Id(1));
  Postgres().Control("start");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable) << refused.error().message;
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.error().code, Code::kUnavailable);
  EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, 1u);
  EXPECT_TRUE(storage->Commit(One(Step(Id(1), 1))));
}

// Connections are cut at any moment of a commit: what was acknowledged is there, what was refused
// is not, and what is unknown is one of both.
TEST_F(PostgresTest, ConnectionsCutAtAnyMomentLoseNothing) {
  auto storage = Open();
  std::atomic<bool> done = false;
  std::thread cutter([&] {
    while (!done) {
      Postgres().Query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
          "'duban'");
    }
  });
  int unknown = 0, refused = 0;
  model::Revision stored = 0;
  for (int i = 0; i < 400; ++i) {
    const auto committed = storage->Commit(One(Step(Id(1), stored)));
    if (committed) {
      ++stored;
      continue;
    }
    ASSERT_TRUE(committed.error().code == Code::kUnknown ||
                committed.error().code == Code::kUnavailable)
        << committed.error().message;
    std::optional<CaseRow> row;
    ASSERT_TRUE(Within([&] {
      auto read = storage->LoadCase(Id(1));
      if (read) row = std::move(*read);
      return read.has_value();
    }));
    const model::Revision now = row ? row->revision : 0;
    if (committed.error().code == Code::kUnavailable) {
      ++refused;
      EXPECT_EQ(now, stored) << committed.error().message;
    } else {
      ++unknown;
      EXPECT_TRUE(now == stored || now == stored + 1);
    }
    stored = now;
  }
  done = true;
  cutter.join();
  RecordProperty("unknown", unknown);
  RecordProperty("refused", refused);
  auto rows = storage->ReadChanges(0, kMaxPageSize);
  if (!rows) rows = storage->ReadChanges(0, kMaxPageSize);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), stored);
  for (std::size_t i = 0; i < rows->size(); ++i) EXPECT_EQ((*rows)[i].change, i + 1);
}

TEST_F(PostgresTest, WhatTakesTooLongIsGivenUpAndNothingIsWritten) {
  settings["statement_timeout_ms"] = "300";
  auto storage = Open();
  ASSERT_TRUE(storage->Commit(One(Step(Id(1), 0))));
  std::thread holder([&] {
    Postgres().Query("BEGIN; SELECT last FROM " + schema() +
                     ".changes FOR UPDATE; SELECT pg_sleep(5); COMMIT");
  });
  ASSERT_TRUE(Within([&] {
    return Postgres().Query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") !=
           "0\n";
  }));
  const auto late = storage->Commit(One(Step(Id(1), 1)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::kUnavailable) << late.error().message;
  holder.join();
  EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, 1u);
  EXPECT_TRUE(storage->Commit(One(Step(Id(1), 1))));
}

TEST_F(PostgresTest, TwoNodesShareTimersAndMessagesAndTheOneThatGoesLeavesThemToTheOther) {
  auto first = Open();
  SetTimers(*first, 200);
  EXPECT_EQ(DueCases(*first).size(), 200u) << "alone it has everything";
  auto second = Open();
  const Membership a = Got(first->Join()), b = Got(second->Join());
  EXPECT_TRUE(a.shared && b.shared);
  EXPECT_NE(a.node, b.node);
  const auto pending = [](Storage& storage) {
    return Got(storage.PendingOutbox(OutboxKind::kNotification, At(9), kMaxPageSize)).size();
  };
  // Notifications change hands only when the page of them that is under way is done: each looks
  // again.
  EXPECT_TRUE(
      Within([&] { return pending(*first) + pending(*second) == 200 && pending(*second); }));
  const auto mine = DueCases(*first), its = DueCases(*second);
  EXPECT_GT(mine.size(), 40u);
  EXPECT_GT(its.size(), 40u);
  EXPECT_EQ(mine.size() + its.size(), 200u);
  for (const model::CaseId id : mine) EXPECT_FALSE(its.contains(id));
  EXPECT_GT(Got(first->Join()).generation, a.generation) << "the share has changed";
  first.reset();
  EXPECT_TRUE(Within([&] { return DueCases(*second).size() == 200; }));
}

TEST_F(PostgresTest, ALookAtTheOutboxDoesNotEndThePageThatIsBeingSent) {
  auto first = Open();
  SetTimers(*first, 200);
  const auto node = std::to_string(Got(first->Join()).node);
  const auto parts = [&] {
    return Postgres().Query("SELECT count(*) FROM " + schema() + ".parts WHERE node = " + node);
  };
  const auto renewed = [&] {
    return Postgres().Query("SELECT until FROM " + schema() + ".nodes WHERE node = " + node);
  };
  const std::string all = parts();
  ASSERT_EQ(Got(first->PendingOutbox(OutboxKind::kNotification, At(9), kMaxPageSize)).size(), 200u);
  auto second = Open();
  ASSERT_TRUE(Within([&] { return DueCases(*first).size() < 200; })) << "a part is to be given up";
  for (int renewals = 0; renewals < 3; ++renewals) {
    EXPECT_EQ(Got(first->PeekOutbox(OutboxKind::kNotification, {}, kMaxPageSize)).size(), 200u);
    const std::string before = renewed();
    ASSERT_TRUE(Within([&] { return renewed() != before; }));
  }
  EXPECT_EQ(parts(), all) << "its page is not sent yet";
  Got(first->PendingOutbox(OutboxKind::kNotification, At(9), kMaxPageSize));
  EXPECT_TRUE(Within([&] { return parts() != all; }));
  EXPECT_EQ(Got(first->PeekOutbox(OutboxKind::kNotification, {}, kMaxPageSize)).size(), 200u)
      << "a look sees what other nodes are to send as well";
}

TEST_F(PostgresTest, ANodeThatIsKilledLosesItsShareWithinSeconds) {
  auto storage = Open();
  SetTimers(*storage, 200);
  storage.reset();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto other = Open();
    const char ready = other ? '1' : '0';
    if (write(ends[1], &ready, 1) == 1) pause();
    _exit(1);
  }
  char ready = 0;
  ASSERT_EQ(read(ends[0], &ready, 1), 1);
  storage = Open();
  EXPECT_LT(DueCases(*storage).size(), 200u) << "the other holds its share";
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto killed = std::chrono::steady_clock::now();
  EXPECT_TRUE(Within([&] { return DueCases(*storage).size() == 200; }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - killed;
  RecordProperty("seconds", std::to_string(took.count()));
}

TEST_F(PostgresTest, CommitsOfTwoNodesOnTheSameCasesAreInOneGaplessOrder) {
  constexpr std::uint64_t kCases = 4;
  constexpr int kCommits = 150;
  std::atomic<int> conflicts = 0;
  const auto run = [&] {
    auto storage = Open();
    for (int i = 0; i < kCommits;) {
      Batch batch;
      for (std::uint64_t n = 0; n < 2; ++n) {
        const model::CaseId id = Id((static_cast<std::uint64_t>(i) + n) % kCases + 1);
        const auto row = Got(storage->LoadCase(id));
        batch.cases.push_back(Step(id, row ? row->revision : 0));
      }
      const auto committed = storage->Commit(batch);
      i += committed.has_value();
      if (committed) continue;
      EXPECT_EQ(committed.error().code, Code::kConflict) << committed.error().message;
      ++conflicts;
    }
  };
  std::thread a(run), b(run);
  a.join();
  b.join();
  auto storage = Open();
  std::uint64_t steps = 0;
  for (std::uint64_t n = 1; n <= kCases; ++n) steps += Got(storage->LoadCase(Id(n)))->revision;
  EXPECT_EQ(steps, 4u * kCommits);
  const auto rows = Got(storage->ReadChanges(0, kMaxPageSize));
  ASSERT_EQ(rows.size(), steps);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].change, i + 1);
  RecordProperty("conflicts", conflicts);
}

TEST_F(PostgresTest, ADatabaseOfANewerReleaseIsRefusedByName) {
  Open().reset();
  Postgres().Query("COMMENT ON SCHEMA " + schema() + " IS 'duban schema version 99'");
  EXPECT_THAT(Refusal(settings), AllOf(HasSubstr(schema()), HasSubstr("99"), HasSubstr("newer")));
}

TEST_F(PostgresTest, ASchemaOfAnotherProgramIsRefusedAndNotTouched) {
  Postgres().Query("CREATE SCHEMA " + schema() + "; CREATE TABLE " + schema() + ".theirs (x int)");
  EXPECT_THAT(Refusal(settings), AllOf(HasSubstr(schema()), HasSubstr("another program")));
  EXPECT_EQ(Postgres().Query("SELECT count(*) FROM pg_class WHERE relnamespace = '" + schema() +
                             "'::regnamespace"),
            "1\n");
}

TEST_F(PostgresTest, ManyNodesThatStartAtOnceMakeOneSchema) {
  std::vector<std::thread> starts;
  std::atomic<int> up = 0;
  for (int i = 0; i < 6; ++i) starts.emplace_back([&] { up += Open() != nullptr; });
  for (auto& start : starts) start.join();
  EXPECT_EQ(up, 6);
}

TEST_F(PostgresTest, APasswordIsTakenFromAFileAndNeverShown) {
  settings["connection"] = "host=/nowhere password=hush-hush";
  EXPECT_THAT(Refusal(settings), AllOf(HasSubstr("password_file"), Not(HasSubstr("hush-hush"))));
  settings["connection"] = "host=/nowhere user = hush-hush more";
  EXPECT_THAT(Refusal(settings), Not(HasSubstr("hush-hush")));
  settings["connection"] = "host=/nowhere";
  setenv("DUBAN_TEST_PASSWORD", "hush-hush", 1);
  settings["password_env"] = "DUBAN_TEST_PASSWORD";
  EXPECT_THAT(Refusal(settings), AllOf(HasSubstr("/nowhere"), Not(HasSubstr("hush-hush"))));

  settings.erase("password_env");
  Postgres().Query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  settings["connection"] = Postgres().connection("latin");
  EXPECT_THAT(Refusal(settings), AllOf(HasSubstr("LATIN1"), HasSubstr("UTF8")));
}

}  // namespace
}  // namespace duban::conformance
