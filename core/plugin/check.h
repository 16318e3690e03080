// The caller's mistakes that no storage has to look for: every request is checked once, where it
// enters a plugin. Each gives StorageError::Code::kInvalid, or nothing.
#pragma once

#include <optional>

#include "core/ports/storage.h"

namespace duban::plugin {

// Rows of a CaseWrite belong to its case, ids and revisions are given and below 2^63, and each time
// is between 1678 and 2262 (it fits nanoseconds in 64 bits).
std::optional<ports::StorageError> Check(const ports::Batch& batch);
std::optional<ports::StorageError> Check(const ports::CampaignRow& row);
// An inbox needs a person or a case; closed tasks are listed by case only.
std::optional<ports::StorageError> Check(const ports::TaskQuery& query);
// 1 … kMaxPageSize.
std::optional<ports::StorageError> CheckPage(std::uint32_t size);

}  // namespace duban::plugin
