#include "core/engine/unreadable.h"

namespace duban::engine {

model::Rejection Unreadable(const ports::StorageError& error) {
  using Code = ports::StorageError::Code;
  if (error.code == Code::kInvalid)
    return model::Refusal(model::Reason::kInvalidData, "不能这样查询：" + error.message,
                          "this cannot be asked: " + error.message);
  // What is damaged does not mend by itself.
  return model::Refusal(model::Reason::kUnavailable, "存储暂时不可用：" + error.message,
                        "the storage is not available: " + error.message,
                        error.code == Code::kCorrupt ? 0 : 1'000);
}

}  // namespace duban::engine
