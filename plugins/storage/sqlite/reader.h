// Every question of ports/storage.h, asked on a connection that only reads.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/storage/sqlite/indexes.h"

namespace duban::storage_sqlite {

// Not thread-safe. Throws SqliteError, or model::CodecError where stored bytes are damaged.
class Reader {
 public:
  Reader(const std::string& path, const Indexes& indexes);

  std::optional<ports::CaseRow> LoadCase(model::CaseId id);
  std::vector<ports::CaseRow> ListCases(const ports::CaseQuery& query);
  std::optional<ports::RequestRow> FindRequest(const std::string& request_id);
  std::optional<ports::TaskRow> LoadTask(model::TaskId id);
  std::vector<ports::TaskRow> ListTasks(const ports::TaskQuery& query);
  std::vector<ports::JournalRow> ReadJournal(model::CaseId id, model::Revision after,
                                             std::uint32_t limit);
  std::vector<ports::JournalRow> ReadChanges(std::uint64_t after, std::uint32_t limit);
  std::uint64_t LastChange();
  std::vector<ports::TimerRow> DueTimers(model::Timestamp until, std::uint32_t limit);
  std::optional<model::Timestamp> NextTimer();
  std::vector<ports::OutboxRow> PendingOutbox(ports::OutboxKind kind, model::Timestamp until,
                                              std::uint32_t limit);
  std::vector<ports::OutboxRow> PeekOutbox(ports::OutboxKind kind, ports::OutboxKey after,
                                           std::uint32_t limit);
  std::vector<ports::OutboxRow> DeadOutbox(ports::OutboxKey after, std::uint32_t limit);
  std::uint64_t LastCaseId();
  std::vector<ports::CampaignRow> ListCampaigns();
  std::optional<ports::CampaignRow> LoadCampaign(const std::string& digest);

  Connection& connection() { return connection_; }

 private:
  std::vector<ports::TaskRow> OfCase(const ports::TaskQuery& query);
  std::vector<ports::TaskRow> Inbox(const ports::TaskQuery& query);
  std::vector<ports::TaskRow> OpenTasks(model::CaseId id, std::int64_t after);

  const Indexes& indexes_;
  Connection connection_;
};

// A few readers, opened as they are needed and lent to one thread at a time. Thread-safe.
class ReaderPool {
 public:
  static constexpr std::size_t kMaxReaders = 4;
  ReaderPool(std::string path, const Indexes& indexes)
      : path_(std::move(path)), indexes_(indexes) {}

  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<Reader> reader)
        : pool_(pool), reader_(std::move(reader)) {}
    ~Loan() { pool_.Return(std::move(reader_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Reader* operator->() { return reader_.get(); }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Reader> reader_;
  };
  // Waits until one is free.
  Loan Borrow();

 private:
  void Return(std::unique_ptr<Reader> reader);

  const std::string path_;
  const Indexes& indexes_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Reader>> idle_;
  std::size_t open_ = 0;
};

}  // namespace duban::storage_sqlite
