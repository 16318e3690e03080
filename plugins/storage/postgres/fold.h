// A batch as it will stand at its end. A case may come more than once in a batch, but a statement
// over arrays can write each row only once; so the writes of a case become one.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/plugin/sdk.h"

namespace duban::storage_postgres {

// Rows are not owned: they live as long as the batch. Everything is in the order of its key, so
// that two nodes lock rows in one order.
struct Folded {
  using Key = std::pair<model::CaseId, model::Ordinal>;
  struct Case {
    model::Revision expected = 0;
    const ports::CaseRow* row = nullptr;
  };
  std::map<model::CaseId, Case> cases;
  std::vector<const ports::JournalRow*> journal;  // in the order of the batch: it gives the changes
  std::map<Key, const ports::TaskRow*> tasks;
  std::map<Key, std::optional<model::Timestamp>> timers;  // nothing: cleared
  std::map<Key, const ports::OutboxRow*> outbox;
  std::map<Key, const ports::OutboxRow*> updated;
};

// Errors: kConflict, when a write does not follow the one before it in the batch; kInvalid, when a
// row is inserted twice.
ports::StorageResult<Folded> Fold(const ports::Batch& batch);

}  // namespace duban::storage_postgres
