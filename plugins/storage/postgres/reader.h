// Everything that is read.
#pragma once

#include "plugins/storage/postgres/pool.h"

namespace duban::storage_postgres {

// Thread-safe. Throws PgError; model::CodecError when what is stored is damaged. `parts`: the share
// of this node.
class Reader {
 public:
  explicit Reader(const Options& options) : pool_(options) {}

  std::optional<ports::CaseRow> LoadCase(model::CaseId id);
  std::vector<ports::CaseRow> ListCases(const ports::CaseQuery& query);
  std::optional<ports::RequestRow> FindRequest(const std::string& request_id);
  std::optional<ports::TaskRow> LoadTask(model::TaskId id);
  std::vector<ports::TaskRow> ListTasks(const ports::TaskQuery& query);
  std::vector<ports::JournalRow> ReadJournal(model::CaseId id, model::Revision after,
                                             std::uint32_t limit);
  std::vector<ports::JournalRow> ReadChanges(std::uint64_t after, std::uint32_t limit);
  std::uint64_t LastChange();
  std::vector<ports::TimerRow> DueTimers(const Array& parts, model::Timestamp until,
                                         std::uint32_t limit);
  std::optional<model::Timestamp> NextTimer(const Array& parts);
  std::vector<ports::OutboxRow> PendingOutbox(const Array& parts, ports::OutboxKind kind,
                                              model::Timestamp until, std::uint32_t limit);
  std::vector<ports::OutboxRow> PeekOutbox(ports::OutboxKind kind, ports::OutboxKey after,
                                           std::uint32_t limit);
  std::vector<ports::OutboxRow> DeadOutbox(ports::OutboxKey after, std::uint32_t limit);
  std::uint64_t LastCaseId();
  std::vector<ports::CampaignRow> ListCampaigns();
  std::optional<ports::CampaignRow> LoadCampaign(const std::string& digest);
  ports::Found Prefetch(const ports::Lookup& lookup);

 private:
  Rows FirstTimers(const Array& parts, model::Timestamp until, std::uint32_t limit,
                   std::uint32_t of_each);
  std::vector<ports::TaskRow> OfCase(const ports::TaskQuery& query);
  std::vector<ports::TaskRow> Inbox(const ports::TaskQuery& query);

  Pool pool_;
};

}  // namespace duban::storage_postgres
