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
  std::size_t bytes = 0;  // of its stored form; in memory it takes some times as much
  int writes = 0;         // that are not committed yet: what is stored is older than `state`
};

class CaseCache {
 public:
  CaseCache(std::size_t most_cases, std::size_t most_bytes)
      : most_cases_(most_cases), most_bytes_(most_bytes) {}

  // nullptr when it is not here. The pointer stays good until Forget, or the Trim that drops it.
  LiveCase* Find(model::CaseId id);
  LiveCase& Put(LiveCase live);
  // What Find or Put gave now takes so many bytes.
  void Resize(LiveCase& live, std::size_t bytes);
  void Forget(model::CaseId id);
  // Drops the longest unused beyond either limit, but for those with writes under way. Called
  // between batches, never within one.
  void Trim();

 private:
  const std::size_t most_cases_;
  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;  // of all
  std::list<LiveCase> by_use_;  // most recent first
  std::unordered_map<std::uint64_t, std::list<LiveCase>::iterator> by_id_;
};

}  // namespace duban::engine
