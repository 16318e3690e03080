// The one connection that writes.
#pragma once

#include <mutex>
#include <string>

#include "plugins/storage/sqlite/indexes.h"

namespace duban::storage_sqlite {

// Throws SqliteError; nothing was written then, except where Commit says so. Thread-safe.
class Writer {
 public:
  // `synchronous`: of PRAGMA synchronous.
  Writer(const std::string& path, const std::string& synchronous, Indexes& indexes);

  struct Conflict {
    model::CaseId case_id;
  };
  // The COMMIT itself failed, so that it may or may not be there after a crash.
  struct Unknown : SqliteError {
    using SqliteError::SqliteError;
  };

  // One transaction. Throws Conflict, or Unknown.
  ports::CommitResult Commit(const ports::Batch& batch);
  void SaveCampaign(const ports::CampaignRow& row);

  Connection& connection() { return connection_; }
  // Held while nothing may be committed.
  std::mutex& mutex() { return mutex_; }

 private:
  template <class Body>
  void Transact(Body body);
  void Write(const ports::Batch& batch);
  // Less is free than the pages of the log may need in the database.
  bool IsShortOfRoom() const;
  // At the start, and when the disk is nearly full, perhaps of the log alone: moves all of it and
  // makes its file empty. False: even that has no room, and nothing more is written before it has.
  // Whatever is freed would only become log again.
  bool GiveBackLog();
  void Apply(const ports::CaseWrite& write);
  void PutCase(const ports::CaseWrite& write);
  void AddJournal(const ports::CaseWrite& write);
  void AddRequest(const ports::RequestRow& request);
  bool IsAnswered(const std::string& request_id, std::int64_t hash);
  void PutOpenTask(const ports::TaskRow& task);
  void CloseTask(const ports::TaskRow& task);
  void TakeFromTasks(const ports::TaskRow& task, std::string_view candidates);
  // Those in whose inbox the task lies, as it is open now.
  std::optional<std::vector<model::PersonId>> HoldersOf(const ports::TaskRow& task);
  void PutInInbox(const model::PersonId& person, const ports::TaskRow& task);
  void TakeFromInbox(const model::PersonId& person, const ports::TaskRow& task);
  void InsertOutbox(const ports::OutboxRow& row);
  void UpdateOutbox(const ports::OutboxRow& row);
  bool HasOutbox(const ports::OutboxKey& key);
  int RemoveOutbox(const ports::OutboxKey& key);

  const std::string path_;
  std::mutex mutex_;
  Connection connection_;
  Indexes& indexes_;
  bool crowded_ = false;  // the log could not be given back
  // The last rows of what grows at its end: committed, and within the transaction.
  struct Ends {
    std::uint64_t change = 0;
    std::int64_t closed_task = 0;
    std::int64_t request = 0;
  };
  Ends committed_;
  Ends ends_;
};

}  // namespace duban::storage_sqlite
