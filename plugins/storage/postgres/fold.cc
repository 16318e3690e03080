#include "plugins/storage/postgres/fold.h"

#include <set>

namespace duban::storage_postgres {
namespace {

using Code = ports::StorageError::Code;
using plugin::Bilingual;

std::unexpected<ports::StorageError> Twice(model::CaseId id) {
  return std::unexpected(ports::StorageError{
      Code::kInvalid, Bilingual("同一行写了两次", "a row that is inserted exists already"), id});
}

}  // namespace

ports::StorageResult<Folded> Fold(const ports::Batch& batch) {
  Folded folded;
  std::set<std::pair<model::CaseId, model::Revision>> entries;
  for (const ports::CaseWrite& write : batch.cases) {
    const model::CaseId id = write.row.case_id;
    const auto [known, first] = folded.cases.try_emplace(id, write.expected_revision, &write.row);
    if (!first) {
      if (known->second.row->revision != write.expected_revision) {
        return std::unexpected(ports::StorageError{
            Code::kConflict, Bilingual("事项已被别人修改", "the case was changed meanwhile"), id});
      }
      known->second.row = &write.row;
    }
    for (const ports::JournalRow& entry : write.journal) {
      if (!entries.emplace(id, entry.revision).second) return Twice(id);
      folded.journal.push_back(&entry);
    }
    for (const ports::TaskRow& task : write.tasks) folded.tasks[{id, task.ordinal}] = &task;
    for (const model::Ordinal ordinal : write.timers_cleared)
      folded.timers[{id, ordinal}] = std::nullopt;
    for (const ports::TimerRow& timer : write.timers_set)
      folded.timers[{id, timer.ordinal}] = timer.due;
    for (const ports::OutboxRow& row : write.outbox) {
      if (!folded.outbox.emplace(Folded::Key{id, row.ordinal}, &row).second) return Twice(id);
    }
  }
  for (const ports::OutboxRow& row : batch.outbox_updated)
    folded.updated[{row.case_id, row.ordinal}] = &row;
  return folded;
}

}  // namespace duban::storage_postgres
