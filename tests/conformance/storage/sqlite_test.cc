// What only a database file can suffer: foreign, newer, damaged, read-only, out of space.
#include <gmock/gmock.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

namespace fs = std::filesystem;
using namespace ports;
using testing::AllOf;
using testing::HasSubstr;
using Code = StorageError::Code;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

// A disk of its own for a directory; false: mounting is not allowed here.
class SmallDisk {
 public:
  SmallDisk(std::string at, const char* size)
      : at_(std::move(at)), mounted_(mount("tmpfs", at_.c_str(), "tmpfs", 0, size) == 0) {}
  ~SmallDisk() {
    if (mounted_) umount2(at_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  explicit operator bool() const { return mounted_; }

 private:
  const std::string at_;
  const bool mounted_;
};

class SqliteTest : public testing::Test {
 protected:
  void Open(plugin::Settings more = {}) {
    storage.reset();
    auto loaded = Load(std::move(more));
    ASSERT_TRUE(loaded) << loaded.error().en;
    storage = std::move(*loaded);
  }
  std::expected<std::unique_ptr<Storage>, model::Text> Load(plugin::Settings settings = {}) {
    settings.emplace("path", path.string());
    return plugin::LoadStorage(ShippedStorage("sqlite"), settings);
  }
  std::string Refusal(plugin::Settings settings = {}) {
    auto loaded = Load(std::move(settings));
    if (loaded) return "was opened";
    EXPECT_NE(loaded.error().zh, loaded.error().en);
    return loaded.error().en;
  }
  void Sql(const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  TemporaryDirectory directory;
  fs::path path = directory.path() / "duban.db";
  std::unique_ptr<Storage> storage;
};

TEST_F(SqliteTest, SettingsAreReadStrictly) {
  EXPECT_THAT(Refusal({{"path", ""}}), HasSubstr("the setting path is missing"));
  EXPECT_THAT(Refusal({{"jurnal", "x"}}),
              AllOf(HasSubstr("no setting jurnal"), HasSubstr("path, synchronous")));
  EXPECT_THAT(Refusal({{"synchronous", "maybe"}}), HasSubstr("full, normal, off"));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(SqliteTest, ADirectoryThatDoesNotExistIsNamed) {
  const std::string missing = (directory.path() / "none" / "duban.db").string();
  EXPECT_THAT(Refusal({{"path", missing}}),
              AllOf(HasSubstr(missing), HasSubstr("directory exists")));
}

TEST_F(SqliteTest, OnlyItsOwnerMayReadTheDatabase) {
  Open();
  ASSERT_TRUE(storage->Commit(One(Step(Id(1), 0))));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat status{};
    ASSERT_EQ(stat((path.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteTest, ANewerSchemaIsRefusedWithBothVersionsAndLeftAlone) {
  Open();
  storage.reset();
  Sql("PRAGMA user_version = 70");
  const std::string before = ReadFile(path);
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("schema version 70"), HasSubstr("up to 4"),
                               HasSubstr(path.string())));
  EXPECT_EQ(ReadFile(path), before);
  EXPECT_FALSE(fs::exists(path.string() + "-wal"));
}

// More than the indexes keep in memory, so that what is read comes from there, from their tables
// and from both.
TEST_F(SqliteTest, JournalTasksAndAnswersAreFoundWhereverTheirKeysAre) {
  constexpr std::uint64_t kCases = 50;
  constexpr std::uint64_t kSteps = 1'600;
  Open({{"synchronous", "off"}});
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    Batch batch;
    for (std::uint64_t n = 1; n <= kCases; ++n) {
      CaseWrite write = Step(Id(n), step);
      const auto ordinal = static_cast<model::Ordinal>(step);
      write.tasks.push_back(Task(Id(n), ordinal, {"li"}));
      if (step > 0) {
        write.tasks.push_back(Task(Id(n), ordinal - 1, {"li"}));
        write.tasks.back().open = false;
      }
      batch.cases.push_back(std::move(write));
      batch.requests.push_back(
          {"li/" + std::to_string(n) + "-" + std::to_string(step), "f", "r", At(0)});
    }
    ASSERT_TRUE(storage->Commit(batch));
  }
  for (const bool reopened : {false, true}) {
    if (reopened) Open();
    for (const std::uint64_t n : {std::uint64_t{1}, kCases}) {
      std::uint64_t revision = 0;
      for (const auto& row : Got(storage->ReadJournal(Id(n), 0, 1000))) {
        EXPECT_EQ(row.revision, ++revision);
        EXPECT_EQ(row.change, (row.revision - 1) * kCases + n);
      }
      EXPECT_EQ(revision, 1000u);
      EXPECT_EQ(Got(storage->ReadJournal(Id(n), 1000, 1000)).size(), 600u);
      TaskQuery query{.case_id = Id(n), .include_closed = true, .page_size = 1000};
      std::vector<TaskRow> tasks = Got(storage->ListTasks(query));
      ASSERT_EQ(tasks.size(), 1000u);
      query.after = {Id(n), tasks.back().ordinal};
      tasks = Got(storage->ListTasks(query));
      ASSERT_EQ(tasks.size(), 600u);
      EXPECT_TRUE(tasks.back().open);
      EXPECT_FALSE(tasks[598].open);
      for (const model::Ordinal ordinal : {0u, 700u, 1598u})
        EXPECT_FALSE(Got(storage->LoadTask({Id(n), ordinal}))->open);
      for (const char* step : {"0", "700", "1599"}) {
        const std::string id = "li/" + std::to_string(n) + "-" + step;
        EXPECT_TRUE(Got(storage->FindRequest(id))) << id;
        Batch again;
        again.requests.push_back({id, "f", "r", At(0)});
        const auto refused = storage->Commit(again);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::kConflict);
      }
    }
  }
}

TEST_F(SqliteTest, AForeignDatabaseIsRefusedAndLeftAlone) {
  Sql("CREATE TABLE accounts (id)");
  const std::string before = ReadFile(path);
  EXPECT_THAT(Refusal(), HasSubstr("another program"));
  EXPECT_EQ(ReadFile(path), before);
}

TEST_F(SqliteTest, WhatIsNoDatabaseIsRefusedAndLeftAlone) {
  for (const std::string& content : {std::string("hello"), std::string(5000, 'x')}) {
    WriteFile(path, content);
    EXPECT_THAT(Refusal(), HasSubstr("is not a database"));
    EXPECT_EQ(ReadFile(path), content);
  }
}

TEST_F(SqliteTest, AnEmptyFileBecomesADatabase) {
  WriteFile(path, "");
  Open();
  EXPECT_TRUE(storage->Commit(One(Step(Id(1), 0))));
}

// Damage in the middle of the tables: whatever touches it says so, and nothing is overwritten.
TEST_F(SqliteTest, DamageIsReportedAndNotOverwritten) {
  Open();
  for (std::uint64_t n = 1; n <= 300; ++n) {
    CaseWrite write = Step(Id(n), 0);
    write.row.body = std::string(500, 'b');
    ASSERT_TRUE(storage->Commit(One(write)));
  }
  storage.reset();
  std::string content = ReadFile(path);
  constexpr std::size_t kPage = 4096;
  for (std::size_t at = kPage; at + kPage <= content.size(); at += kPage) {
    const bool holds_cases =
        content.substr(at, kPage).find("summary of revision") != std::string::npos;
    if (holds_cases) content.replace(at, 512, std::string(512, '\x5a'));
  }
  WriteFile(path, content);

  Open();
  Code found = Code::kInvalid;
  std::string message;
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const auto row = storage->LoadCase(Id(n));
    if (row) continue;
    found = row.error().code;
    message = row.error().message;
  }
  EXPECT_EQ(found, Code::kCorrupt);
  EXPECT_THAT(message, AllOf(HasSubstr("damaged"), HasSubstr(path.string())));
  const auto committed = storage->Commit(One(Step(Id(300), 1)));
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, Code::kCorrupt);
  storage.reset();
  EXPECT_EQ(ReadFile(path), content);
}

// Files may grow up to `bytes` and no further while the body runs, as on a full disk.
void WithLittleSpace(rlim_t bytes, const std::function<void()>& body) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  auto* handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit little{bytes, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  body();
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
}

TEST_F(SqliteTest, WithoutSpaceNothingIsHalfWrittenAndLaterItGoesOn) {
  Open();
  model::Revision revision = 0;
  Batch last;
  WithLittleSpace(400'000, [&] {
    for (; revision < 1000; ++revision) {
      CaseWrite write = Step(Id(1), revision);
      write.row.body = std::string(20'000, static_cast<char>('a' + revision % 26));
      write.tasks = {Task(Id(1), static_cast<model::Ordinal>(revision), {"li"})};
      last = One(write);
      const auto result = storage->Commit(last);
      if (result) continue;
      EXPECT_EQ(result.error().code, Code::kUnavailable);
      EXPECT_THAT(result.error().message,
                  AllOf(HasSubstr("nothing was written"), HasSubstr(path.string())));
      break;
    }
    ASSERT_GT(revision, 1u);
    ASSERT_LT(revision, 1000u);
    EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, revision);
    EXPECT_EQ(Got(storage->ListTasks({.candidate = "li"})).size(), revision);
    EXPECT_EQ(Got(storage->LastChange()), revision);
  });
  ASSERT_TRUE(storage->Commit(last));
  Open();
  EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, revision + 1);
}

TEST_F(SqliteTest, ABackupWithoutSpaceLeavesNoHalfCopy) {
  Open();
  CaseWrite write = Step(Id(1), 0);
  write.row.body = std::string(500'000, 'b');
  ASSERT_TRUE(storage->Commit(One(write)));
  const fs::path copy = directory.path() / "copy.db";
  WithLittleSpace(100'000, [&] {
    const auto result = storage->Backup(copy.string());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kUnavailable);
  });
  EXPECT_FALSE(fs::exists(copy));
  EXPECT_FALSE(fs::exists(copy.string() + ".partial"));
}

TEST_F(SqliteTest, AReadOnlyFileOrDirectoryIsRefusedAtTheStart) {
  // Root may write everywhere, so the test gives up its rights over files for a while (fsuid is of
  // this thread).
  constexpr uid_t kNobody = 65534;
  const fs::path plugin = directory.path() / "sqlite.so";
  fs::copy_file(ShippedStorage("sqlite"), plugin);
  fs::permissions(directory.path(), fs::perms(0777));
  fs::permissions(plugin, fs::perms(0755));
  Open();
  storage.reset();
  fs::permissions(path, fs::perms(0444));
  fs::permissions(path.string() + ".lock", fs::perms(0666));
  const fs::path closed = directory.path() / "closed";
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms(0555));

  if (geteuid() == 0) setfsuid(kNobody);
  const auto file = plugin::LoadStorage(plugin, {{"path", path.string()}});
  const auto in_closed = plugin::LoadStorage(plugin, {{"path", (closed / "duban.db").string()}});
  if (geteuid() == 0) setfsuid(0);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().en, AllOf(HasSubstr("read-only"), HasSubstr(path.string())));
  ASSERT_FALSE(in_closed);
  EXPECT_THAT(in_closed.error().en, AllOf(HasSubstr("can be written"), HasSubstr(closed.string())));
}

// The log is given back before it takes the room that its pages need in the database: a full disk
// is full of what has to be there, and whatever is freed can be used at once.
TEST_F(SqliteTest, TheLogDoesNotFillASmallDisk) {
  SmallDisk disk(directory.path(), "size=8m");
  if (!disk) GTEST_SKIP() << "mounting is not allowed here";
  Open();
  const auto commit = [&](std::uint64_t id, model::Revision expected) {
    CaseWrite write = Step(Id(id), expected);
    write.row.body.assign(20'000, 'b');
    const auto committed = storage->Commit(One(write));
    if (committed) return true;
    EXPECT_EQ(committed.error().code, Code::kUnavailable);
    EXPECT_THAT(committed.error().message, HasSubstr("the disk is full"));
    return false;
  };
  for (model::Revision n = 0; n < 2'000; ++n)
    ASSERT_TRUE(commit(n % 20 + 1, n / 20)) << "forty megabytes of log, at " << n;
  const fs::path filler = directory.path() / "filler";
  std::ofstream(filler) << std::string(fs::space(directory.path()).available, 'f');
  std::uint64_t next = 100;
  while (next < 1'000 && commit(next, 0)) ++next;
  ASSERT_LT(next, 1'000u);
  EXPECT_FALSE(commit(next, 0));
  fs::resize_file(filler, fs::file_size(filler) / 2);
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(commit(next++, 0));
  storage.reset();
  Open();
  EXPECT_TRUE(commit(1, 100));
  storage.reset();
}

TEST_F(SqliteTest, TheLogDoesNotGrowWithoutBound) {
  Open({{"synchronous", "off"}});
  const std::string body(100'000, 'b');
  for (model::Revision r = 0; r < 4000; ++r) {
    CaseWrite write = Step(Id(r % 50 + 1), r / 50);
    write.row.body = body;
    ASSERT_TRUE(storage->FindRequest("li/" + std::to_string(r)));
    ASSERT_TRUE(storage->Commit(One(write)));
  }
  EXPECT_LT(fs::file_size(path.string() + "-wal"), 300u << 20) << "400 MB were written";
}

}  // namespace
}  // namespace duban::conformance
