// A storage that passes everything on to another, for tests that change one thing of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ports/storage.h"

namespace duban::doubles {

// `below` outlives it. What ports::Storage itself makes of other operations (Prefetch, Join) stays
// so, so that what is changed is seen through those as well.
class StorageProxy : public ports::Storage {
 public:
  explicit StorageProxy(ports::Storage& below) : below_(below) {}

  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    return below_.Commit(batch);
  }
  ports::StorageResult<std::optional<ports::CaseRow>> LoadCase(model::CaseId id) override {
    return below_.LoadCase(id);
  }
  ports::StorageResult<std::vector<ports::CaseRow>> ListCases(const ports::CaseQuery& q) override {
    return below_.ListCases(q);
  }
  ports::StorageResult<std::optional<ports::RequestRow>> FindRequest(
      const std::string& id) override {
    return below_.FindRequest(id);
  }
  ports::StorageResult<std::optional<ports::TaskRow>> LoadTask(model::TaskId id) override {
    return below_.LoadTask(id);
  }
  ports::StorageResult<std::vector<ports::TaskRow>> ListTasks(const ports::TaskQuery& q) override {
    return below_.ListTasks(q);
  }
  ports::StorageResult<std::vector<ports::JournalRow>> ReadJournal(model::CaseId id,
                                                                   model::Revision after,
                                                                   std::uint32_t limit) override {
    return below_.ReadJournal(id, after, limit);
  }
  ports::StorageResult<std::vector<ports::JournalRow>> ReadChanges(std::uint64_t after,
                                                                   std::uint32_t limit) override {
    return below_.ReadChanges(after, limit);
  }
  ports::StorageResult<std::uint64_t> LastChange() override { return below_.LastChange(); }
  ports::StorageResult<std::vector<ports::TimerRow>> DueTimers(model::Timestamp until,
                                                               std::uint32_t limit) override {
    return below_.DueTimers(until, limit);
  }
  ports::StorageResult<std::optional<model::Timestamp>> NextTimer() override {
    return below_.NextTimer();
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> PendingOutbox(ports::OutboxKind kind,
                                                                    model::Timestamp until,
                                                                    std::uint32_t limit) override {
    return below_.PendingOutbox(kind, until, limit);
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> PeekOutbox(ports::OutboxKind kind,
                                                                 ports::OutboxKey after,
                                                                 std::uint32_t limit) override {
    return below_.PeekOutbox(kind, after, limit);
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> DeadOutbox(ports::OutboxKey after,
                                                                 std::uint32_t limit) override {
    return below_.DeadOutbox(after, limit);
  }
  ports::StorageResult<std::uint64_t> LastCaseId() override { return below_.LastCaseId(); }
  ports::StorageResult<void> SaveCampaign(const ports::CampaignRow& row) override {
    return below_.SaveCampaign(row);
  }
  ports::StorageResult<std::vector<ports::CampaignRow>> ListCampaigns() override {
    return below_.ListCampaigns();
  }
  ports::StorageResult<std::optional<ports::CampaignRow>> LoadCampaign(
      const std::string& digest) override {
    return below_.LoadCampaign(digest);
  }
  ports::StorageResult<void> Backup(const std::string& path) override {
    return below_.Backup(path);
  }

 private:
  ports::Storage& below_;
};

}  // namespace duban::doubles
