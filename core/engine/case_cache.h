// Recently used cases, decoded. Only the engine's loop touches it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "core/engine/catalog.h"
#include "core/model/case.h"

namespace duban::engine {

struct LiveCase {
  model::Case state;
  Catalog::DefinitionPtr definition;
};

class CaseCache {
 public:
  explicit CaseCache(std::size_t capacity) : capacity_(capacity) {}

  // nullptr when it is not here. The pointer stays good until Forget, or the Trim that drops it.
  LiveCase* Find(model::CaseId id);
  LiveCase& Put(LiveCase live);
  void Forget(model::CaseId id);
  void Clear();
  // Drops the longest unused beyond the capacity. Called between batches, never within one.
  void Trim();

 private:
  std::size_t capacity_;
  std::list<LiveCase> by_use_;  // most recent first
  std::unordered_map<std::uint64_t, std::list<LiveCase>::iterator> by_id_;
};

}  // namespace duban::engine
