#include "core/engine/unreadable.h"

namespace duban::engine {

model::Rejection Unreadable(const ports::StorageError& error) {
  const bool ours = error.code == ports::StorageError::Code::kInvalid;
  model::Rejection rejection;
  rejection.reason = ours ? model::Reason::kInvalidData : model::Reason::kUnavailable;
  rejection.message = {"存储暂时不可用：" + error.message,
                       "the storage is not available: " + error.message};
  if (!ours) rejection.retry_after_ms = 1'000;
  return rejection;
}

}  // namespace duban::engine
