// Commits: one transaction, one round trip.
#pragma once

#include <memory>
#include <mutex>

#include "plugins/storage/postgres/session.h"

namespace duban::storage_postgres {

// Thread-safe: one commit at a time.
class Writer {
 public:
  struct Conflict {
    model::CaseId case_id;
  };
  // It is not known whether the commit happened.
  struct Unknown : PgError {
    using PgError::PgError;
  };

  explicit Writer(const Options& options) : options_(options) {}

  // Throws Conflict, Unknown, PgError (nothing was written). Connects when it has to, and repeats
  // what is known not to have been committed.
  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch);
  void SaveCampaign(const ports::CampaignRow& row);

 private:
  std::vector<Rows> Transact(const std::vector<Call>& calls);
  std::vector<Rows> Attempt(const std::vector<Call>& calls);

  const Options& options_;
  std::mutex mutex_;
  std::unique_ptr<Session> session_;
};

}  // namespace duban::storage_postgres
