#include "core/expression/evaluation.h"

namespace duban::expression {

// Sets the variables to each item in turn. False: the range itself is an error.
template <class Visit>
bool Evaluation::ForEach(const Node& n, Visit visit) {
  Value made;
  const Reference range = Eval(n.a, made);
  if (range == nullptr) return false;
  const bool two = n.count == 2;
  if (const auto* list = range->IfList()) {
    Value position;
    for (std::size_t i = 0; i < list->size(); ++i) {
      position = static_cast<std::int64_t>(i);
      locals_[n.index] = two ? &position : &(*list)[i];
      if (two) locals_[n.index + 1] = &(*list)[i];
      if (!visit()) break;
    }
    return true;
  }
  const auto* map = range->IfMap();
  if (map == nullptr) {
    Fail(n, Fault::kNoOverload, std::string(KindName(range->kind())) + "[…]");
    return false;
  }
  for (const auto& [key, value] : *map) {
    locals_[n.index] = &key;
    if (two) locals_[n.index + 1] = &value;
    if (!visit()) break;
  }
  return true;
}

// all and exists: one item may decide the result, and then errors of the others do not matter.
Truth Evaluation::TestQuantifier(const Node& n) {
  const Truth decisive = n.op == Op::kAll ? Truth::kFalse : Truth::kTrue;
  Truth out = n.op == Op::kAll ? Truth::kTrue : Truth::kFalse;
  Absorbed absorbed;
  const bool ran = ForEach(n, [&] {
    const Truth truth = Test(n.b);
    const bool decided = truth == decisive || (truth == Truth::kError && !Absorb(absorbed));
    if (decided) out = truth;
    return !decided;
  });
  if (!ran || out == Truth::kError) return Truth::kError;
  return out != decisive && absorbed ? Restore(*absorbed) : out;
}

Truth Evaluation::TestExistsOne(const Node& n) {
  int found = 0;
  bool failed = false;
  const bool ran = ForEach(n, [&] {
    const Truth truth = Test(n.b);
    failed = truth == Truth::kError;
    if (truth == Truth::kTrue) ++found;
    return !failed;
  });
  if (!ran || failed) return Truth::kError;
  return ToTruth(found == 1);
}

// Whether the predicate, where there is one, holds for the item.
Truth Evaluation::Accepts(const Node& n) { return n.b == kAbsent ? Truth::kTrue : Test(n.b); }

Evaluation::Reference Evaluation::EvalCollect(const Node& n, Value& scratch) {
  model::List items;
  bool failed = false;
  const bool ran = ForEach(n, [&] {
    const Truth accepted = Accepts(n);
    failed = accepted == Truth::kError;
    if (accepted != Truth::kTrue) return !failed;
    Value item;
    if (n.c == kAbsent) {
      failed = !work_.Charge(1) || !ChargeCopy(*locals_[n.index], work_);
      if (failed) FailedAt(n);
      if (!failed) item = *locals_[n.index];
    } else {
      failed = !Copy(n.c, item);
    }
    if (!failed) items.push_back(std::move(item));
    return !failed;
  });
  if (!ran || failed) return nullptr;
  scratch = Value(std::move(items));
  return &scratch;
}

Evaluation::Reference Evaluation::EvalTransformMap(const Node& n, Value& scratch) {
  std::vector<model::Map::Entry> entries;
  bool failed = false;
  const bool ran = ForEach(n, [&] {
    const Truth accepted = Accepts(n);
    failed = accepted == Truth::kError;
    if (accepted != Truth::kTrue) return !failed;
    model::Map::Entry entry;
    failed = !ChargeCopy(*locals_[n.index], work_);
    if (failed) {
      FailedAt(n);
      return false;
    }
    entry.first = *locals_[n.index];
    failed = !Copy(n.c, entry.second);
    if (!failed) entries.push_back(std::move(entry));
    return !failed;
  });
  if (!ran || failed) return nullptr;
  scratch = Value(model::Map(std::move(entries)));
  return &scratch;
}

}  // namespace duban::expression
