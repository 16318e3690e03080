// What hidden and confidential fields of cases held before, as their journals tell. A journal only
// grows, so what was learnt of one is kept between calls, for all readers together; what was kept
// longest without use makes room. Thread-safe.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/definition/definition.h"
#include "core/model/event.h"
#include "core/ports/storage.h"

namespace duban::engine {

class FormerValues {
 public:
  // Each once: the field, and the value in its stored form.
  using Values = std::set<std::pair<model::FieldIndex, std::string>>;
  using ValuesPtr = std::shared_ptr<const Values>;

  // At most so many bytes are kept of all cases together.
  static constexpr std::size_t kKeptBytes = std::size_t{16} << 20;

  explicit FormerValues(ports::Storage& storage, std::size_t most_bytes = kKeptBytes)
      : storage_(storage), most_bytes_(most_bytes) {}

  // What the guarded fields of the case came to hold in its steps to `last`, perhaps in later ones
  // too. Reads nothing when that is known, what was added when the case was asked for before, and
  // otherwise, once, its whole journal; in pages of ports::kMaxPageSize. A case of which there is
  // more than may be kept is read whole each time.
  ports::StorageResult<ValuesPtr> Until(const definition::Definition& definition, model::CaseId id,
                                        model::Revision last);

 private:
  struct Learnt {
    model::CaseId id;
    model::Revision until = 0;
    ValuesPtr values;
    std::size_t bytes = 0;
  };

  ports::StorageResult<void> Read(const definition::Definition& definition, model::Revision last,
                                  Learnt& learnt);
  Learnt Known(model::CaseId id);
  void Keep(Learnt learnt);
  void Drop(std::list<Learnt>::iterator learnt);

  ports::Storage& storage_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;     // of all
  std::list<Learnt> by_use_;  // most recent first
  std::unordered_map<std::uint64_t, std::list<Learnt>::iterator> by_id_;
};

}  // namespace duban::engine
