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
  return by_use_.front();
}

void CaseCache::Forget(model::CaseId id) {
  const auto it = by_id_.find(id.value);
  if (it == by_id_.end()) return;
  by_use_.erase(it->second);
  by_id_.erase(it);
}

void CaseCache::Clear() {
  by_use_.clear();
  by_id_.clear();
}

void CaseCache::Trim() {
  while (by_use_.size() > capacity_) {
    by_id_.erase(by_use_.back().state.id.value);
    by_use_.pop_back();
  }
}

}  // namespace duban::engine
