// A storage that forgets everything when it is closed: for tests, scenarios and trying things out.
// No settings. Keeps every promise of ports/storage.h but durability and backup.
#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>
#include <unordered_map>

#include "core/plugin/sdk.h"

namespace duban::storage_memory {
namespace {

using namespace ports;
using model::CaseId;
using model::Ordinal;
using model::Revision;
using model::TaskId;
using model::Timestamp;
using plugin::Bilingual;

std::unexpected<StorageError> Fail(StorageError::Code code, CaseId id, std::string_view zh,
                                   std::string_view en) {
  return std::unexpected(StorageError{code, Bilingual(zh, en), id});
}

struct Case {
  CaseRow row;
  std::map<Revision, JournalRow> journal;
  std::map<Ordinal, TaskRow> tasks;
  std::map<Ordinal, Timestamp> timers;
};

// Would the batch apply? Follows its own writes, because a case may come more than once.
class Rehearsal {
 public:
  Rehearsal(const std::map<CaseId, Case>& cases, const std::map<OutboxKey, OutboxRow>& outbox)
      : cases_(cases), outbox_(outbox) {}

  StorageResult<void> Try(const CaseWrite& write) {
    const CaseId id = write.row.case_id;
    const auto stored = cases_.find(id);
    auto [revision, first] = revisions_.try_emplace(id, 0);
    if (first && stored != cases_.end()) revision->second = stored->second.row.revision;
    if (revision->second != write.expected_revision) {
      return Fail(StorageError::Code::kConflict, id, "事项已被别人修改",
                  "the case was changed meanwhile");
    }
    revision->second = write.row.revision;
    for (const JournalRow& entry : write.journal) {
      const bool is_stored =
          stored != cases_.end() && stored->second.journal.contains(entry.revision);
      if (is_stored || !journal_.emplace(id, entry.revision).second) return Duplicate(id);
    }
    for (const OutboxRow& row : write.outbox) {
      const OutboxKey key{id, row.ordinal};
      if (outbox_.contains(key) || !new_outbox_.insert(key).second) return Duplicate(id);
    }
    return {};
  }

  static std::unexpected<StorageError> Duplicate(CaseId id) {
    return Fail(StorageError::Code::kInvalid, id, "同一行写了两次",
                "a row that is inserted exists already");
  }

 private:
  const std::map<CaseId, Case>& cases_;
  const std::map<OutboxKey, OutboxRow>& outbox_;
  std::map<CaseId, Revision> revisions_;
  std::set<std::pair<CaseId, Revision>> journal_;
  std::set<OutboxKey> new_outbox_;
};

class MemoryStorage final : public Storage {
 public:
  explicit MemoryStorage(const plugin::Settings& settings) {
    plugin::SettingsReader(settings).Finish();
  }

  StorageResult<CommitResult> Commit(const Batch& batch) override {
    const std::unique_lock lock(mutex_);
    Rehearsal rehearsal(cases_, outbox_);
    for (const CaseWrite& write : batch.cases) {
      if (auto tried = rehearsal.Try(write); !tried) return std::unexpected(tried.error());
    }
    std::set<std::string> ids;
    for (const RequestRow& request : batch.requests) {
      if (requests_.contains(request.request_id) || !ids.insert(request.request_id).second) {
        return Fail(StorageError::Code::kConflict, {}, "请求已有答复",
                    "the request was answered meanwhile");
      }
    }
    for (const OutboxKey& key : batch.outbox_taken) {
      if (!outbox_.contains(key)) {
        return Fail(StorageError::Code::kConflict, key.case_id, "别的节点已处理这条消息",
                    "another node carried this message out");
      }
    }
    for (const CaseWrite& write : batch.cases) Apply(write);
    for (const RequestRow& request : batch.requests) requests_.emplace(request.request_id, request);
    for (const OutboxKey& key : batch.outbox_done) outbox_.erase(key);
    for (const OutboxRow& row : batch.outbox_updated) {
      if (const auto found = outbox_.find({row.case_id, row.ordinal}); found != outbox_.end())
        found->second = row;
    }
    return CommitResult{changes_.size()};
  }

  StorageResult<std::optional<CaseRow>> LoadCase(CaseId id) override {
    const std::shared_lock lock(mutex_);
    const auto found = cases_.find(id);
    if (found == cases_.end()) return std::nullopt;
    return found->second.row;
  }

  StorageResult<std::vector<CaseRow>> ListCases(const CaseQuery& query) override {
    const std::shared_lock lock(mutex_);
    std::vector<CaseRow> page;
    for (auto it = cases_.upper_bound(query.after);
         it != cases_.end() && page.size() < query.page_size; ++it) {
      const CaseRow& row = it->second.row;
      if (!query.workflow.empty() && row.workflow != query.workflow) continue;
      if (query.parent && row.parent != query.parent) continue;
      if (query.ended && row.ended != *query.ended) continue;
      page.push_back(row);
      page.back().body.clear();
    }
    return page;
  }

  StorageResult<std::optional<RequestRow>> FindRequest(const std::string& request_id) override {
    const std::shared_lock lock(mutex_);
    const auto found = requests_.find(request_id);
    if (found == requests_.end()) return std::nullopt;
    return found->second;
  }

  StorageResult<std::optional<TaskRow>> LoadTask(TaskId id) override {
    const std::shared_lock lock(mutex_);
    const TaskRow* task = Find(id);
    if (task == nullptr) return std::nullopt;
    return *task;
  }

  StorageResult<std::vector<TaskRow>> ListTasks(const TaskQuery& query) override {
    const std::shared_lock lock(mutex_);
    return query.case_id ? OfCase(query) : Inbox(query);
  }

  StorageResult<std::vector<JournalRow>> ReadJournal(CaseId id, Revision after,
                                                     std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<JournalRow> page;
    const auto found = cases_.find(id);
    if (found == cases_.end()) return page;
    const auto& journal = found->second.journal;
    for (auto it = journal.upper_bound(after); it != journal.end() && page.size() < limit; ++it) {
      page.push_back(it->second);
    }
    return page;
  }

  StorageResult<std::vector<JournalRow>> ReadChanges(std::uint64_t after,
                                                     std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<JournalRow> page;
    for (std::uint64_t change = after; change < changes_.size() && page.size() < limit; ++change) {
      const auto& [id, revision] = changes_[change];
      page.push_back(cases_.at(id).journal.at(revision));
    }
    return page;
  }

  StorageResult<std::uint64_t> LastChange() override {
    const std::shared_lock lock(mutex_);
    return changes_.size();
  }

  StorageResult<std::vector<TimerRow>> DueTimers(Timestamp until, std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<TimerRow> page;
    for (const auto& [due, id, ordinal] : timers_) {
      if (due > until || page.size() == limit) break;
      page.push_back({id, ordinal, due});
    }
    return page;
  }

  StorageResult<std::optional<Timestamp>> NextTimer() override {
    const std::shared_lock lock(mutex_);
    if (timers_.empty()) return std::nullopt;
    return std::get<Timestamp>(*timers_.begin());
  }

  StorageResult<std::vector<OutboxRow>> PendingOutbox(OutboxKind kind, Timestamp until,
                                                      std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<OutboxRow> page;
    CaseId waiting;
    for (const auto& [key, row] : outbox_) {
      if (page.size() == limit) break;
      if (row.kind != kind || row.state != OutboxState::kPending || key.case_id == waiting)
        continue;
      if (row.next_attempt > until) {
        waiting = key.case_id;
      } else {
        page.push_back(row);
      }
    }
    return page;
  }

  StorageResult<std::vector<OutboxRow>> PeekOutbox(OutboxKind kind, OutboxKey after,
                                                   std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<OutboxRow> page;
    for (auto it = outbox_.upper_bound(after); it != outbox_.end() && page.size() < limit; ++it) {
      const OutboxRow& row = it->second;
      if (row.kind == kind && row.state == OutboxState::kPending) page.push_back(row);
    }
    return page;
  }

  StorageResult<std::vector<OutboxRow>> DeadOutbox(OutboxKey after, std::uint32_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<OutboxRow> page;
    for (auto it = outbox_.upper_bound(after); it != outbox_.end() && page.size() < limit; ++it) {
      if (it->second.state == OutboxState::kDead) page.push_back(it->second);
    }
    return page;
  }

  StorageResult<std::uint64_t> LastCaseId() override {
    const std::shared_lock lock(mutex_);
    return cases_.empty() ? 0 : cases_.rbegin()->first.value;
  }

  StorageResult<void> SaveCampaign(const CampaignRow& row) override {
    const std::unique_lock lock(mutex_);
    if (FindCampaign(row.digest) == nullptr) campaigns_.push_back(row);
    return {};
  }

  StorageResult<std::vector<CampaignRow>> ListCampaigns() override {
    const std::shared_lock lock(mutex_);
    std::vector<CampaignRow> list = campaigns_;
    for (CampaignRow& row : list) row.files.clear();
    return list;
  }

  StorageResult<std::optional<CampaignRow>> LoadCampaign(const std::string& digest) override {
    const std::shared_lock lock(mutex_);
    const CampaignRow* row = FindCampaign(digest);
    if (row == nullptr) return std::nullopt;
    return *row;
  }

  StorageResult<void> Backup(const std::string&) override {
    return Fail(StorageError::Code::kInvalid, {}, "内存存储无法备份，请使用 sqlite",
                "the memory storage cannot be backed up; use sqlite");
  }

 private:
  void Apply(const CaseWrite& write) {
    const CaseId id = write.row.case_id;
    Case& kept = cases_[id];
    kept.row = write.row;
    for (const JournalRow& entry : write.journal) {
      changes_.emplace_back(id, entry.revision);
      JournalRow& row = kept.journal[entry.revision] = entry;
      row.change = changes_.size();
    }
    for (const TaskRow& task : write.tasks) {
      TaskRow& row = kept.tasks[task.ordinal];
      for (const auto& person : row.candidates) inbox_.erase({person, id, task.ordinal});
      row = task;
      if (!row.open) continue;
      for (const auto& person : row.candidates) inbox_.emplace(person, id, task.ordinal);
    }
    for (const Ordinal ordinal : write.timers_cleared) ClearTimer(kept, id, ordinal);
    for (const TimerRow& timer : write.timers_set) {
      ClearTimer(kept, id, timer.ordinal);
      kept.timers[timer.ordinal] = timer.due;
      timers_.emplace(timer.due, id, timer.ordinal);
    }
    for (const OutboxRow& row : write.outbox) outbox_.emplace(OutboxKey{id, row.ordinal}, row);
  }

  void ClearTimer(Case& kept, CaseId id, Ordinal ordinal) {
    const auto found = kept.timers.find(ordinal);
    if (found == kept.timers.end()) return;
    timers_.erase({found->second, id, ordinal});
    kept.timers.erase(found);
  }

  const TaskRow* Find(TaskId id) const {
    const auto found = cases_.find(id.case_id);
    if (found == cases_.end()) return nullptr;
    const auto task = found->second.tasks.find(id.ordinal);
    return task == found->second.tasks.end() ? nullptr : &task->second;
  }

  std::vector<TaskRow> OfCase(const TaskQuery& query) const {
    std::vector<TaskRow> page;
    const auto found = cases_.find(query.case_id);
    if (found == cases_.end()) return page;
    for (const auto& [ordinal, task] : found->second.tasks) {
      if (page.size() == query.page_size) break;
      if (TaskId{query.case_id, ordinal} <= query.after) continue;
      if (!task.open && !query.include_closed) continue;
      const auto& people = task.candidates;
      if (!query.candidate.empty() && std::ranges::find(people, query.candidate) == people.end())
        continue;
      page.push_back(task);
    }
    return page;
  }

  std::vector<TaskRow> Inbox(const TaskQuery& query) const {
    std::vector<TaskRow> page;
    auto it = inbox_.upper_bound({query.candidate, query.after.case_id, query.after.ordinal});
    for (; it != inbox_.end() && page.size() < query.page_size; ++it) {
      const auto& [person, id, ordinal] = *it;
      if (person != query.candidate) break;
      page.push_back(*Find({id, ordinal}));
    }
    return page;
  }

  const CampaignRow* FindCampaign(const std::string& digest) const {
    const auto found = std::ranges::find(campaigns_, digest, &CampaignRow::digest);
    return found == campaigns_.end() ? nullptr : &*found;
  }

  std::shared_mutex mutex_;
  std::map<CaseId, Case> cases_;
  std::vector<std::pair<CaseId, Revision>> changes_;  // change - 1 → the step
  std::set<std::tuple<model::PersonId, CaseId, Ordinal>> inbox_;
  std::set<std::tuple<Timestamp, CaseId, Ordinal>> timers_;
  std::map<OutboxKey, OutboxRow> outbox_;
  std::unordered_map<std::string, RequestRow> requests_;
  std::vector<CampaignRow> campaigns_;  // in the order of deployment
};

}  // namespace
}  // namespace duban::storage_memory

DUBAN_STORAGE(duban::storage_memory::MemoryStorage, "memory", "1.0")
