#include "core/engine/former_values.h"

#include <utility>

#include "core/model/codec.h"
#include "core/statechart/visible.h"

namespace duban::engine {
namespace {

// What a case, and a value, takes beside the bytes of the values.
constexpr std::size_t kOverhead = 128;

void Collect(const definition::Definition& definition, const model::JournalEntry& entry,
             FormerValues::Values& values) {
  for (const model::Event& event : entry.events) {
    const auto* assigned = std::get_if<model::FieldAssigned>(&event);
    if (assigned != nullptr && statechart::IsGuarded(definition, assigned->field))
      values.emplace(assigned->field, model::Encode(assigned->value));
  }
}

}  // namespace

ports::StorageResult<FormerValues::ValuesPtr> FormerValues::Until(
    const definition::Definition& definition, model::CaseId id, model::Revision last) {
  Learnt learnt = Known(id);
  if (learnt.until >= last) return learnt.values;
  if (auto read = Read(definition, last, learnt); !read) return std::unexpected(read.error());
  Keep(learnt);
  return learnt.values;
}

ports::StorageResult<void> FormerValues::Read(const definition::Definition& definition,
                                              model::Revision last, Learnt& learnt) {
  Values added;
  while (learnt.until < last) {
    const auto rows = storage_.ReadJournal(learnt.id, learnt.until, ports::kMaxPageSize);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) break;
    for (const ports::JournalRow& row : *rows)
      Collect(definition, model::Decode<model::JournalEntry>(row.body), added);
    learnt.until = rows->back().revision;
  }
  std::erase_if(added, [&](const auto& value) { return learnt.values->contains(value); });
  if (added.empty()) return {};
  for (const auto& [field, value] : added) learnt.bytes += value.size() + kOverhead;
  added.insert(learnt.values->begin(), learnt.values->end());
  learnt.values = std::make_shared<const Values>(std::move(added));
  return {};
}

FormerValues::Learnt FormerValues::Known(model::CaseId id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id.value);
  if (found == by_id_.end()) return {id, 0, std::make_shared<const Values>(), kOverhead};
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return *found->second;
}

// Another reader may have learnt more of it meanwhile.
void FormerValues::Keep(Learnt learnt) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_id_.find(learnt.id.value); found != by_id_.end()) {
    if (found->second->until >= learnt.until) return;
    Drop(found->second);
  }
  if (learnt.bytes > most_bytes_) return;
  bytes_ += learnt.bytes;
  by_use_.push_front(std::move(learnt));
  by_id_[by_use_.front().id.value] = by_use_.begin();
  while (bytes_ > most_bytes_) Drop(std::prev(by_use_.end()));
}

void FormerValues::Drop(std::list<Learnt>::iterator learnt) {
  bytes_ -= learnt->bytes;
  by_id_.erase(learnt->id.value);
  by_use_.erase(learnt);
}

}  // namespace duban::engine
