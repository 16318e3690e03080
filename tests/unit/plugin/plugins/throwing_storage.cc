// A storage in which everything throws.
#include <stdexcept>

#include "core/plugin/sdk.h"

namespace {

using namespace duban::ports;
namespace model = duban::model;

class ThrowingStorage : public Storage {
 public:
  explicit ThrowingStorage(const duban::plugin::Settings&) {}
  [[noreturn]] static void Throw() { throw std::runtime_error("the disk went for a walk"); }

  StorageResult<CommitResult> Commit(const Batch&) override { Throw(); }
  StorageResult<std::optional<CaseRow>> LoadCase(model::CaseId) override { Throw(); }
  StorageResult<std::vector<CaseRow>> ListCases(const CaseQuery&) override { throw 42; }
  StorageResult<std::optional<RequestRow>> FindRequest(const std::string&) override { Throw(); }
  StorageResult<std::optional<TaskRow>> LoadTask(model::TaskId) override { Throw(); }
  StorageResult<std::vector<TaskRow>> ListTasks(const TaskQuery&) override { Throw(); }
  StorageResult<std::vector<JournalRow>> ReadJournal(model::CaseId, model::Revision,
                                                     std::uint32_t) override {
    Throw();
  }
  StorageResult<std::vector<JournalRow>> ReadChanges(std::uint64_t, std::uint32_t) override {
    Throw();
  }
  StorageResult<std::uint64_t> LastChange() override { Throw(); }
  StorageResult<std::vector<TimerRow>> DueTimers(model::Timestamp, std::uint32_t) override {
    Throw();
  }
  StorageResult<std::optional<model::Timestamp>> NextTimer() override { Throw(); }
  StorageResult<std::vector<OutboxRow>> PendingOutbox(OutboxKind, model::Timestamp,
                                                      std::uint32_t) override {
    Throw();
  }
  StorageResult<std::vector<OutboxRow>> PeekOutbox(OutboxKind, OutboxKey, std::uint32_t) override {
    Throw();
  }
  StorageResult<std::vector<OutboxRow>> DeadOutbox(OutboxKey, std::uint32_t) override { Throw(); }
  StorageResult<std::uint64_t> LastCaseId() override { Throw(); }
  StorageResult<void> SaveCampaign(const CampaignRow&) override { Throw(); }
  StorageResult<std::vector<CampaignRow>> ListCampaigns() override { Throw(); }
  StorageResult<std::optional<CampaignRow>> LoadCampaign(const std::string&) override { Throw(); }
  StorageResult<void> Backup(const std::string&) override { Throw(); }
};

}  // namespace

DUBAN_STORAGE(ThrowingStorage, "throwing", "0.1")
