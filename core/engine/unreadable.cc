#include "core/engine/unreadable.h"

namespace duban::engine {

model::Rejection Unreadable(const ports::StorageError& error) {
  using Code = ports::StorageError::Code;
  model::Rejection rejection;
  if (error.code == Code::kInvalid) {
    rejection.reason = model::Reason::kInvalidData;
    rejection.message = {"不能这样查询：" + error.message,
                         "this cannot be asked: " + error.message};
    return rejection;
  }
  rejection.reason = model::Reason::kUnavailable;
  rejection.message = {"存储暂时不可用：" + error.message,
                       "the storage is not available: " + error.message};
  // What is damaged does not mend by itself.
  if (error.code != Code::kCorrupt) rejection.retry_after_ms = 1'000;
  return rejection;
}

}  // namespace duban::engine
