#include "plugins/storage/sqlite/writer.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "core/model/codec.h"
#include "plugins/storage/sqlite/log_file.h"
#include "plugins/storage/sqlite/schema.h"

namespace duban::storage_sqlite {
namespace {

using ports::OutboxState;
constexpr int kCacheKibibytes = 64 * 1024;

}  // namespace

Writer::Writer(const std::string& path, const std::string& synchronous, Indexes& indexes)
    : path_(path),
      connection_(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kCacheKibibytes,
                  synchronous == "full" ? GatheringVfs() : nullptr),
      indexes_(indexes) {
  if (sqlite3_db_readonly(connection_.raw(), "main") == 1) {
    throw SqliteError(SQLITE_READONLY, 0, "the file is read-only");
  }
  OfferRequestHash(connection_);
  Migrate(connection_, path);
  connection_.Execute(fmt::format("PRAGMA synchronous = {}; PRAGMA journal_size_limit = 67108864; "
                                  "PRAGMA secure_delete = OFF;",
                                  synchronous)
                          .c_str());
  committed_ = {static_cast<std::uint64_t>(connection_.Integer("SELECT max(change) FROM journal")),
                connection_.Integer("SELECT max(number) FROM closed_tasks"),
                connection_.Integer("SELECT max(number) FROM requests")};
  for (BufferedIndex* index : indexes_.all()) index->Load(connection_);
  GiveBackLog();
}

template <class Body>
void Writer::Transact(Body body) {
  bool committing = false;
  try {
    Statement(connection_, "BEGIN").Run();
    body();
    committing = true;
    Statement(connection_, "COMMIT").Run();
  } catch (const SqliteError& e) {
    if (connection_.InTransaction())
      sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    // Written, but perhaps not synced: the log may hold it after a crash.
    if (committing && (e.code == SQLITE_IOERR_FSYNC || e.code == SQLITE_IOERR_DIR_FSYNC)) {
      throw Unknown(e.code, e.system, e.what());
    }
    throw;
  } catch (...) {
    sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

ports::CommitResult Writer::Commit(const ports::Batch& batch) {
  const std::scoped_lock lock(mutex_);
  if ((crowded_ || IsShortOfRoom()) && !GiveBackLog()) connection_.Throw();
  try {
    Write(batch);
  } catch (const SqliteError& e) {
    if ((e.code & 0xff) != SQLITE_FULL || !GiveBackLog()) throw;
    Write(batch);
  }
  return {committed_.change};
}

bool Writer::IsShortOfRoom() const {
  struct stat log{};
  struct statvfs disk{};
  if (stat((path_ + "-wal").c_str(), &log) != 0 || statvfs(path_.c_str(), &disk) != 0) return false;
  return static_cast<std::uint64_t>(log.st_size) > disk.f_bavail * disk.f_frsize;
}

bool Writer::GiveBackLog() {
  const int code = sqlite3_wal_checkpoint_v2(connection_.raw(), "main", SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  crowded_ = (code & 0xff) == SQLITE_FULL;
  return !crowded_;
}

void Writer::Write(const ports::Batch& batch) {
  ends_ = committed_;
  try {
    Transact([&] {
      for (const auto& key : batch.outbox_taken) {
        if (!HasOutbox(key)) throw Conflict{key.case_id};
      }
      for (const auto& write : batch.cases) Apply(write);
      for (const auto& request : batch.requests) AddRequest(request);
      for (const auto& key : batch.outbox_done) RemoveOutbox(key);
      for (const auto& row : batch.outbox_updated) UpdateOutbox(row);
      for (BufferedIndex* index : indexes_.all()) index->Move(connection_);
    });
  } catch (...) {
    for (BufferedIndex* index : indexes_.all()) index->RolledBack();
    throw;
  }
  for (BufferedIndex* index : indexes_.all()) index->Committed();
  committed_ = ends_;
}

void Writer::AddRequest(const ports::RequestRow& request) {
  const std::int64_t hash = HashOf(request.request_id);
  if (IsAnswered(request.request_id, hash)) throw Conflict{};
  Statement(connection_,
            "INSERT INTO requests (number, request_id, fingerprint, at, reply) VALUES (?, ?, ?, ?, "
            "?)",
            ++ends_.request, request.request_id, Blob{request.fingerprint}, request.at,
            Blob{request.reply})
      .Run();
  indexes_.requests.Add({hash, 0, ends_.request});
}

bool Writer::IsAnswered(const std::string& request_id, std::int64_t hash) {
  BufferedIndex::Cursor rows(indexes_.requests, connection_, hash, -1);
  while (rows.Next()) {
    if (Statement(connection_, "SELECT 1 FROM requests WHERE number = ? AND request_id = ?",
                  rows.row(), request_id)
            .Next())
      return true;
  }
  return false;
}

void Writer::Apply(const ports::CaseWrite& write) {
  const model::CaseId id = write.row.case_id;
  PutCase(write);
  AddJournal(write);
  for (const auto& task : write.tasks) task.open ? PutOpenTask(task) : CloseTask(task);
  for (const model::Ordinal ordinal : write.timers_cleared) {
    Statement(connection_, "DELETE FROM timers WHERE case_id = ? AND ordinal = ?", id, ordinal)
        .Run();
  }
  for (const auto& timer : write.timers_set) {
    Statement(connection_, "INSERT OR REPLACE INTO timers (case_id, ordinal, due) VALUES (?, ?, ?)",
              id, timer.ordinal, timer.due)
        .Run();
  }
  for (const auto& row : write.outbox) InsertOutbox(row);
}

// The common step leaves the indexed columns alone, and then no index is touched.
void Writer::PutCase(const ports::CaseWrite& write) {
  const ports::CaseRow& row = write.row;
  const Blob summary{row.summary};
  const Blob body{row.body};
  const OrNull parent{row.parent};
  if (write.expected_revision == 0) {
    Statement(connection_,
              "INSERT INTO cases (case_id, revision, campaign, workflow, parent, ended, outcome, "
              "summary, body) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO NOTHING",
              row.case_id, row.revision, row.campaign, row.workflow, parent, row.ended, row.outcome,
              summary, body)
        .Run();
    if (connection_.Changes() == 0) throw Conflict{row.case_id};
    return;
  }
  Statement(
      connection_,
      "UPDATE cases SET revision = ?1, campaign = ?2, outcome = ?3, summary = ?4, body = ?5 "
      "WHERE case_id = ?6 AND revision = ?7 AND workflow = ?8 AND parent IS ?9 AND ended = ?10",
      row.revision, row.campaign, row.outcome, summary, body, row.case_id, write.expected_revision,
      row.workflow, parent, row.ended)
      .Run();
  if (connection_.Changes() == 1) return;
  Statement(connection_,
            "UPDATE cases SET revision = ?1, campaign = ?2, outcome = ?3, summary = ?4, body = ?5, "
            "workflow = ?6, "
            "parent = ?7, ended = ?8 WHERE case_id = ?9 AND revision = ?10",
            row.revision, row.campaign, row.outcome, summary, body, row.workflow, parent, row.ended,
            row.case_id, write.expected_revision)
      .Run();
  if (connection_.Changes() == 0) throw Conflict{row.case_id};
}

// A revision that the case had already has its row.
void Writer::AddJournal(const ports::CaseWrite& write) {
  const model::CaseId id = write.row.case_id;
  model::Revision last = write.expected_revision;
  for (const auto& entry : write.journal) {
    if (entry.revision <= last)
      throw SqliteError(SQLITE_CONSTRAINT_UNIQUE, 0, "journal: case_id, revision");
    last = entry.revision;
    Statement(connection_,
              "INSERT INTO journal (change, case_id, revision, body) VALUES (?, ?, ?, ?)",
              ++ends_.change, id, entry.revision, Blob{entry.body})
        .Run();
    indexes_.journal.Add({ToColumn(id), static_cast<std::int64_t>(entry.revision),
                          static_cast<std::int64_t>(ends_.change)});
  }
}

// Nothing is read before it opens for the first time.
void Writer::PutOpenTask(const ports::TaskRow& task) {
  const std::string candidates = model::Encode(task.candidates);
  Statement(connection_,
            "INSERT INTO tasks (case_id, ordinal, due, candidates, body) VALUES (?, ?, ?, ?, ?) ON "
            "CONFLICT (case_id, ordinal) DO NOTHING",
            task.case_id, task.ordinal, task.due, Blob{candidates}, Blob{task.body})
      .Run();
  std::vector<model::PersonId> before;
  if (connection_.Changes() == 0) {
    before = HoldersOf(task).value();
    Statement(connection_,
              "UPDATE tasks SET due = ?, candidates = ?, body = ? WHERE case_id = ? AND ordinal = "
              "?",
              task.due, Blob{candidates}, Blob{task.body}, task.case_id, task.ordinal)
        .Run();
  }
  for (const auto& person : before) {
    if (std::ranges::find(task.candidates, person) == task.candidates.end())
      TakeFromInbox(person, task);
  }
  for (const auto& person : task.candidates) {
    if (std::ranges::find(before, person) == before.end()) PutInInbox(person, task);
  }
}

void Writer::CloseTask(const ports::TaskRow& task) {
  const std::string candidates = model::Encode(task.candidates);
  TakeFromTasks(task, candidates);
  Statement(connection_,
            "INSERT INTO closed_tasks (number, case_id, ordinal, due, candidates, body) VALUES (?, "
            "?, ?, ?, ?, ?)",
            ++ends_.closed_task, task.case_id, task.ordinal, task.due, Blob{candidates},
            Blob{task.body})
      .Run();
  indexes_.closed_tasks.Add(
      {ToColumn(task.case_id), std::int64_t{task.ordinal}, ends_.closed_task});
}

// Nothing is read when it still has the candidates that it is closed with.
void Writer::TakeFromTasks(const ports::TaskRow& task, std::string_view candidates) {
  Statement(connection_, "DELETE FROM tasks WHERE case_id = ? AND ordinal = ? AND candidates = ?",
            task.case_id, task.ordinal, Blob{candidates})
      .Run();
  if (connection_.Changes() == 1) {
    for (const auto& person : task.candidates) TakeFromInbox(person, task);
  } else if (const auto holders = HoldersOf(task)) {
    Statement(connection_, "DELETE FROM tasks WHERE case_id = ? AND ordinal = ?", task.case_id,
              task.ordinal)
        .Run();
    for (const auto& person : *holders) TakeFromInbox(person, task);
  }
}

std::optional<std::vector<model::PersonId>> Writer::HoldersOf(const ports::TaskRow& task) {
  Statement s(connection_, "SELECT candidates FROM tasks WHERE case_id = ? AND ordinal = ?",
              task.case_id, task.ordinal);
  if (!s.Next()) return std::nullopt;
  return model::Decode<std::vector<model::PersonId>>(s.Bytes(0));
}

void Writer::PutInInbox(const model::PersonId& person, const ports::TaskRow& task) {
  Statement(connection_, "INSERT OR IGNORE INTO inbox (person, case_id, ordinal) VALUES (?, ?, ?)",
            person, task.case_id, task.ordinal)
      .Run();
}

void Writer::TakeFromInbox(const model::PersonId& person, const ports::TaskRow& task) {
  Statement(connection_, "DELETE FROM inbox WHERE person = ? AND case_id = ? AND ordinal = ?",
            person, task.case_id, task.ordinal)
      .Run();
}

void Writer::InsertOutbox(const ports::OutboxRow& row) {
  const char* sql =
      row.state == OutboxState::kDead
          ? "INSERT INTO outbox_dead (case_id, ordinal, kind, attempts, next_attempt, last_error, "
            "body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)"
          : "INSERT INTO outbox (case_id, ordinal, kind, attempts, next_attempt, last_error, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)";
  Statement(connection_, sql, row.case_id, row.ordinal, static_cast<int>(row.kind), row.attempts,
            row.next_attempt, row.last_error, Blob{row.body})
      .Run();
}

bool Writer::HasOutbox(const ports::OutboxKey& key) {
  return Statement(connection_,
                   "SELECT 1 FROM outbox WHERE case_id = ?1 AND ordinal = ?2 UNION ALL "
                   "SELECT 1 FROM outbox_dead WHERE case_id = ?1 AND ordinal = ?2",
                   key.case_id, key.ordinal)
      .Next();
}

int Writer::RemoveOutbox(const ports::OutboxKey& key) {
  Statement(connection_, "DELETE FROM outbox WHERE case_id = ? AND ordinal = ?", key.case_id,
            key.ordinal)
      .Run();
  if (connection_.Changes() == 1) return 1;
  Statement(connection_, "DELETE FROM outbox_dead WHERE case_id = ? AND ordinal = ?", key.case_id,
            key.ordinal)
      .Run();
  return connection_.Changes();
}

void Writer::UpdateOutbox(const ports::OutboxRow& row) {
  if (RemoveOutbox({row.case_id, row.ordinal}) == 1) InsertOutbox(row);
}

void Writer::SaveCampaign(const ports::CampaignRow& row) {
  const std::scoped_lock lock(mutex_);
  const std::string files = model::Encode(row.files);
  Transact([&] {
    Statement(connection_,
              "INSERT INTO campaigns (digest, name, deployed_at, deployed_by, files) VALUES (?, ?, "
              "?, ?, ?) "
              "ON CONFLICT (digest) DO NOTHING",
              row.digest, row.name, row.deployed_at, row.deployed_by, Blob{files})
        .Run();
  });
}

}  // namespace duban::storage_sqlite
