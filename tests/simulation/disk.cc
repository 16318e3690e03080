#include "tests/simulation/disk.h"

#include <algorithm>

namespace duban::simulation {

using namespace ports;
using model::CaseId;
using model::Ordinal;
using model::Revision;
using model::TaskId;
using model::Timestamp;

StorageResult<void> Disk::Rehearse(const Batch& batch) const {
  using Code = StorageError::Code;
  for (const OutboxKey& key : batch.outbox_taken) {
    if (!outbox_.contains(key))
      return std::unexpected(
          StorageError{Code::kConflict, "the message was taken meanwhile", key.case_id});
  }
  std::map<CaseId, Revision> revisions;
  std::set<std::pair<CaseId, Revision>> journal;
  std::set<OutboxKey> outbox;
  for (const CaseWrite& write : batch.cases) {
    const CaseId id = write.row.case_id;
    const auto stored = cases_.find(id);
    const auto [at, first] = revisions.try_emplace(id, 0);
    if (first && stored != cases_.end()) at->second = stored->second.row.revision;
    if (at->second != write.expected_revision)
      return std::unexpected(StorageError{Code::kConflict, "the case was changed meanwhile", id});
    at->second = write.row.revision;
    const StorageError twice{Code::kInvalid,
                             "a row that is inserted exists already: " + id.ToString(), id};
    for (const JournalRow& row : write.journal) {
      const bool known = stored != cases_.end() && stored->second.journal.contains(row.revision);
      if (known || row.case_id != id || !journal.emplace(id, row.revision).second)
        return std::unexpected(twice);
    }
    for (const OutboxRow& row : write.outbox) {
      const OutboxKey key{id, row.ordinal};
      if (outbox_.contains(key) || row.case_id != id || !outbox.insert(key).second)
        return std::unexpected(twice);
    }
  }
  std::set<std::string> ids;
  for (const RequestRow& row : batch.requests) {
    if (requests_.contains(row.request_id) || !ids.insert(row.request_id).second)
      return std::unexpected(StorageError{Code::kConflict, "a request is there already", {}});
  }
  return {};
}

StorageResult<CommitResult> Disk::Commit(const Batch& batch) {
  if (auto tried = Rehearse(batch); !tried) {
    conflicts_ += tried.error().code == StorageError::Code::kConflict;
    return std::unexpected(tried.error());
  }
  for (const CaseWrite& write : batch.cases) Apply(write);
  for (const RequestRow& row : batch.requests) requests_.emplace(row.request_id, row);
  for (const OutboxKey& key : batch.outbox_done) {
    const auto found = outbox_.find(key);
    if (found == outbox_.end()) continue;
    pending_[found->second.kind].erase(key);
    outbox_.erase(found);
  }
  for (const OutboxRow& row : batch.outbox_updated) {
    const auto found = outbox_.find({row.case_id, row.ordinal});
    if (found == outbox_.end()) continue;
    found->second = row;
    Follow(row);
  }
  if (on_applied) on_applied(batch, changes_.size());
  return CommitResult{changes_.size()};
}

void Disk::Apply(const CaseWrite& write) {
  const CaseId id = write.row.case_id;
  StoredCase& kept = cases_[id];
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
  for (const OutboxRow& row : write.outbox) {
    outbox_.emplace(OutboxKey{id, row.ordinal}, row);
    Follow(row);
  }
}

void Disk::Follow(const OutboxRow& row) {
  const OutboxKey key{row.case_id, row.ordinal};
  if (row.state == OutboxState::kPending) {
    pending_[row.kind][key] = row.next_attempt;
  } else {
    pending_[row.kind].erase(key);
  }
}

void Disk::ClearTimer(StoredCase& kept, CaseId id, Ordinal ordinal) {
  const auto found = kept.timers.find(ordinal);
  if (found == kept.timers.end()) return;
  timers_.erase({found->second, id, ordinal});
  kept.timers.erase(found);
}

StorageResult<std::optional<CaseRow>> Disk::LoadCase(CaseId id) {
  const auto found = cases_.find(id);
  if (found == cases_.end()) return std::nullopt;
  return found->second.row;
}

StorageResult<std::vector<CaseRow>> Disk::ListCases(const CaseQuery& query) {
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

StorageResult<std::optional<RequestRow>> Disk::FindRequest(const std::string& id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return std::nullopt;
  return found->second;
}

StorageResult<std::optional<TaskRow>> Disk::LoadTask(TaskId id) {
  const auto found = cases_.find(id.case_id);
  if (found == cases_.end()) return std::nullopt;
  const auto task = found->second.tasks.find(id.ordinal);
  if (task == found->second.tasks.end()) return std::nullopt;
  return task->second;
}

StorageResult<std::vector<TaskRow>> Disk::ListTasks(const TaskQuery& query) {
  std::vector<TaskRow> page;
  if (!query.case_id) {
    auto it = inbox_.upper_bound({query.candidate, query.after.case_id, query.after.ordinal});
    for (; it != inbox_.end() && page.size() < query.page_size; ++it) {
      const auto& [person, id, ordinal] = *it;
      if (person != query.candidate) break;
      page.push_back(cases_.at(id).tasks.at(ordinal));
    }
    return page;
  }
  const auto found = cases_.find(query.case_id);
  if (found == cases_.end()) return page;
  for (const auto& [ordinal, task] : found->second.tasks) {
    if (page.size() == query.page_size) break;
    if (TaskId{query.case_id, ordinal} <= query.after) continue;
    if (!task.open && !query.include_closed) continue;
    if (!query.candidate.empty() &&
        std::ranges::find(task.candidates, query.candidate) == task.candidates.end())
      continue;
    page.push_back(task);
  }
  return page;
}

StorageResult<std::vector<JournalRow>> Disk::ReadJournal(CaseId id, Revision after,
                                                         std::uint32_t limit) {
  std::vector<JournalRow> page;
  const auto found = cases_.find(id);
  if (found == cases_.end()) return page;
  const auto& journal = found->second.journal;
  for (auto it = journal.upper_bound(after); it != journal.end() && page.size() < limit; ++it)
    page.push_back(it->second);
  return page;
}

StorageResult<std::vector<JournalRow>> Disk::ReadChanges(std::uint64_t after, std::uint32_t limit) {
  std::vector<JournalRow> page;
  for (std::uint64_t change = after; change < changes_.size() && page.size() < limit; ++change) {
    const auto& [id, revision] = changes_[change];
    page.push_back(cases_.at(id).journal.at(revision));
  }
  return page;
}

StorageResult<std::uint64_t> Disk::LastChange() { return changes_.size(); }

StorageResult<std::vector<TimerRow>> Disk::DueTimers(Timestamp until, std::uint32_t limit) {
  std::vector<TimerRow> page;
  for (const auto& [due, id, ordinal] : timers_) {
    if (due > until || page.size() == limit) break;
    page.push_back({id, ordinal, due});
  }
  return page;
}

StorageResult<std::optional<Timestamp>> Disk::NextTimer() {
  if (timers_.empty()) return std::nullopt;
  return std::get<Timestamp>(*timers_.begin());
}

StorageResult<std::vector<OutboxRow>> Disk::PendingOutbox(OutboxKind kind, Timestamp until,
                                                          std::uint32_t limit) {
  std::vector<OutboxRow> page;
  CaseId waiting;
  for (const auto& [key, next_attempt] : pending_[kind]) {
    if (page.size() == limit) break;
    if (key.case_id == waiting) continue;
    if (next_attempt > until) {
      waiting = key.case_id;
    } else {
      page.push_back(outbox_.at(key));
    }
  }
  return page;
}

StorageResult<std::vector<OutboxRow>> Disk::PeekOutbox(OutboxKind kind, OutboxKey after,
                                                       std::uint32_t limit) {
  std::vector<OutboxRow> page;
  const auto& pending = pending_[kind];
  for (auto it = pending.upper_bound(after); it != pending.end() && page.size() < limit; ++it)
    page.push_back(outbox_.at(it->first));
  return page;
}

StorageResult<std::vector<OutboxRow>> Disk::DeadOutbox(OutboxKey after, std::uint32_t limit) {
  std::vector<OutboxRow> page;
  for (auto it = outbox_.upper_bound(after); it != outbox_.end() && page.size() < limit; ++it) {
    if (it->second.state == OutboxState::kDead) page.push_back(it->second);
  }
  return page;
}

StorageResult<std::uint64_t> Disk::LastCaseId() {
  return cases_.empty() ? 0 : cases_.rbegin()->first.value;
}

StorageResult<void> Disk::SaveCampaign(const CampaignRow& row) {
  if (std::ranges::find(campaigns_, row.digest, &CampaignRow::digest) == campaigns_.end())
    campaigns_.push_back(row);
  return {};
}

StorageResult<std::vector<CampaignRow>> Disk::ListCampaigns() {
  std::vector<CampaignRow> list;
  for (const CampaignRow& row : campaigns_)
    list.push_back({row.digest, row.name, row.deployed_at, row.deployed_by, {}});
  return list;
}

StorageResult<std::optional<CampaignRow>> Disk::LoadCampaign(const std::string& digest) {
  const auto found = std::ranges::find(campaigns_, digest, &CampaignRow::digest);
  if (found == campaigns_.end()) return std::nullopt;
  return *found;
}

StorageResult<void> Disk::Backup(const std::string&) {
  return std::unexpected(
      StorageError{StorageError::Code::kInvalid, "the simulated disk is not copied", {}});
}

}  // namespace duban::simulation
