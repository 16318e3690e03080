// Why a task is there no more although its holder never said a word: for the refusal that they
// meet.
#pragma once

#include <optional>
#include <span>

#include "core/definition/definition.h"
#include "core/model/event.h"
#include "core/ports/storage.h"

namespace duban::engine {

struct Closing {
  model::PersonId by;  // kSystem: a clock or another case
  model::Timestamp at;
  model::Text how;  // "退回了案件" / "returned the case"
};

// Looks through the last steps of the case, at most kLookedBack of those that are stored, and then
// those that are about to be, for how the task of `state` ended; nullopt: it was longer ago, or the
// storage cannot be read now.
inline constexpr std::uint32_t kLookedBack = 100;
std::optional<Closing> FindClosing(ports::Storage& storage, const model::TaskId& task,
                                   model::StateIndex state, model::Revision now,
                                   std::span<const ports::JournalRow> staged);

}  // namespace duban::engine
