// What a caller is told when the storage cannot be asked.
#pragma once

#include "core/model/rejection.h"
#include "core/ports/storage.h"

namespace duban::engine {

// kInvalidData where the caller asked for something impossible, else kUnavailable, with a delay
// where asking again may help.
model::Rejection Unreadable(const ports::StorageError& error);

}  // namespace duban::engine
