#include "core/engine/case_cache.h"

namespace duban::engine {

LiveCase* CaseCache::Find(model::CaseId id) {
  const auto it = by_id_.find(id.value);
  if (it == by_id_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, it->second);
  return &*it->second;
}

LiveCase& CaseCache::Put(LiveCase live) {
  Forget(live.state.id);
  by_use_.push_front(std::move(live));
  by_id_[by_use_.front().state.id.value] = by_use_.begin();
  bytes_ += by_use_.front().bytes;
  return by_use_.front();
}

void CaseCache::Resize(LiveCase& live, std::size_t bytes) {
  bytes_ += bytes - live.bytes;
  live.bytes = bytes;
}

void CaseCache::Forget(model::CaseId id) {
  const auto it = by_id_.find(id.value);
  if (it == by_id_.end()) return;
  bytes_ -= it->second->bytes;
  by_use_.erase(it->second);
  by_id_.erase(it);
}

void CaseCache::Trim() {
  for (auto it = by_use_.end(); it != by_use_.begin();) {
    if (by_use_.size() <= most_cases_ && bytes_ <= most_bytes_) return;
    --it;
    if (it->writes > 0) continue;
    const model::CaseId id = it->state.id;
    ++it;
    Forget(id);
  }
}

}  // namespace duban::engine
