// What survives a crash: a storage in memory that outlives the engine. It keeps every promise of
// ports/storage.h at once and never fails by itself; storage.h adds the failures.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ports/storage.h"

namespace duban::simulation {

struct StoredCase {
  ports::CaseRow row;
  std::map<model::Revision, ports::JournalRow> journal;
  std::map<model::Ordinal, ports::TaskRow> tasks;
  std::map<model::Ordinal, model::Timestamp> timers;
};

class Disk final : public ports::Storage {
 public:
  // Called when a batch has become durable, before Commit returns.
  std::function<void(const ports::Batch&, std::uint64_t last_change)> on_applied;

  // Commits that met what another had changed meanwhile.
  std::uint64_t conflicts() const { return conflicts_; }
  const std::map<model::CaseId, StoredCase>& cases() const { return cases_; }
  const std::map<ports::OutboxKey, ports::OutboxRow>& outbox() const { return outbox_; }
  const std::unordered_map<std::string, ports::RequestRow>& requests() const { return requests_; }
  const std::vector<std::pair<model::CaseId, model::Revision>>& changes() const { return changes_; }

  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override;
  ports::StorageResult<std::optional<ports::CaseRow>> LoadCase(model::CaseId id) override;
  ports::StorageResult<std::vector<ports::CaseRow>> ListCases(const ports::CaseQuery& q) override;
  ports::StorageResult<std::optional<ports::RequestRow>> FindRequest(
      const std::string& id) override;
  ports::StorageResult<std::optional<ports::TaskRow>> LoadTask(model::TaskId id) override;
  ports::StorageResult<std::vector<ports::TaskRow>> ListTasks(const ports::TaskQuery& q) override;
  ports::StorageResult<std::vector<ports::JournalRow>> ReadJournal(model::CaseId id,
                                                                   model::Revision after,
                                                                   std::uint32_t limit) override;
  ports::StorageResult<std::vector<ports::JournalRow>> ReadChanges(std::uint64_t after,
                                                                   std::uint32_t limit) override;
  ports::StorageResult<std::uint64_t> LastChange() override;
  ports::StorageResult<std::vector<ports::TimerRow>> DueTimers(model::Timestamp until,
                                                               std::uint32_t limit) override;
  ports::StorageResult<std::optional<model::Timestamp>> NextTimer() override;
  ports::StorageResult<std::vector<ports::OutboxRow>> PendingOutbox(ports::OutboxKind kind,
                                                                    model::Timestamp until,
                                                                    std::uint32_t limit) override;
  ports::StorageResult<std::vector<ports::OutboxRow>> PeekOutbox(ports::OutboxKind kind,
                                                                 ports::OutboxKey after,
                                                                 std::uint32_t limit) override;
  ports::StorageResult<std::vector<ports::OutboxRow>> DeadOutbox(ports::OutboxKey after,
                                                                 std::uint32_t limit) override;
  ports::StorageResult<std::uint64_t> LastCaseId() override;
  ports::StorageResult<void> SaveCampaign(const ports::CampaignRow& row) override;
  ports::StorageResult<std::vector<ports::CampaignRow>> ListCampaigns() override;
  ports::StorageResult<std::optional<ports::CampaignRow>> LoadCampaign(
      const std::string& digest) override;
  ports::StorageResult<void> Backup(const std::string& path) override;

 private:
  ports::StorageResult<void> Rehearse(const ports::Batch& batch) const;
  void Apply(const ports::CaseWrite& write);
  void Follow(const ports::OutboxRow& row);
  void ClearTimer(StoredCase& kept, model::CaseId id, model::Ordinal ordinal);

  std::map<model::CaseId, StoredCase> cases_;
  std::vector<std::pair<model::CaseId, model::Revision>> changes_;  // change - 1 → the step
  std::set<std::tuple<model::PersonId, model::CaseId, model::Ordinal>> inbox_;
  std::set<std::tuple<model::Timestamp, model::CaseId, model::Ordinal>> timers_;
  std::map<ports::OutboxKey, ports::OutboxRow> outbox_;
  std::map<ports::OutboxKind, std::map<ports::OutboxKey, model::Timestamp>> pending_;
  std::unordered_map<std::string, ports::RequestRow> requests_;
  std::vector<ports::CampaignRow> campaigns_;
  std::uint64_t conflicts_ = 0;
};

}  // namespace duban::simulation
