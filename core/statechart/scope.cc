#include "core/statechart/scope.h"

#include <algorithm>
#include <map>

namespace duban::statechart {
namespace {

using model::Map;
using model::Value;

const Value kNull;

struct Counts {
  std::int64_t total = 0;
  std::int64_t ended = 0;
  std::map<std::string_view, std::int64_t> outcomes;

  Value ToValue() const {
    std::vector<Map::Entry> by_outcome;
    for (const auto& [outcome, count] : outcomes) by_outcome.emplace_back(outcome, count);
    return Map({{"total", total},
                {"ended", ended},
                {"open", total - ended},
                {"outcomes", Map(std::move(by_outcome))}});
  }
};

std::expected<std::string_view, std::string> TextArgument(std::span<const Value> arguments) {
  if (arguments.size() == 1) {
    if (const auto* text = arguments[0].If<std::string>()) return std::string_view(*text);
    if (arguments[0].is_null()) return std::string_view();
  }
  return std::unexpected("a text was expected");
}

}  // namespace

bool IsActive(const model::Case& state, model::StateIndex index) {
  return std::ranges::binary_search(state.configuration, index);
}

bool Matches(std::string_view descriptor, std::string_view event) {
  if (descriptor == "*") return true;
  if (descriptor.ends_with(".*")) descriptor.remove_suffix(2);
  if (descriptor.ends_with('.')) descriptor.remove_suffix(1);
  if (!event.starts_with(descriptor)) return false;
  return event.size() == descriptor.size() || event[descriptor.size()] == '.';
}

bool Matches(const std::vector<std::string>& descriptors, std::string_view event) {
  return std::ranges::any_of(descriptors, [&](const std::string& d) { return Matches(d, event); });
}

const Value* Scope::Get(int slot) const {
  const definition::Slots& slots = definition_.slots;
  if (slot < slots.event) {  // a field
    const auto index = static_cast<std::size_t>(slot);
    return index < case_.data.size() ? &case_.data[index] : &kNull;
  }
  if (slot == slots.event) return EventValue();
  if (slot == slots.now) {
    if (!now_value_) now_value_ = now_;
    return &*now_value_;
  }
  if (slot == slots.self) {
    if (!self_) self_ = Self();
    return &*self_;
  }
  if (slot == slots.children) {
    if (!children_) children_ = Children();
    return &*children_;
  }
  if (slot == slots.item) return item_ != nullptr ? item_ : &kNull;
  return nullptr;
}

const Value& Scope::event_data() const { return event_ != nullptr ? event_->data : kNull; }

const Value* Scope::EventValue() const {
  if (event_value_ != nullptr) return event_value_;
  if (event_ == nullptr) return &kNull;
  std::vector<Map::Entry> entries;  // in the order of the keys, which saves sorting
  entries.reserve(4);
  entries.emplace_back("actor", event_->actor);
  entries.emplace_back("data", event_->data);
  entries.emplace_back("name", event_->name);
  entries.emplace_back("reason", event_->reason);
  built_event_ = Map(std::move(entries));
  return event_value_ = &built_event_;
}

Value Scope::Self() const {
  return Map({{"id", case_.id.ToString()},
              {"workflow", definition_.workflow},
              {"starter", case_.starter},
              {"started", case_.started_at}});
}

Value Scope::Children() const {
  std::map<std::string_view, Counts> by_slot;
  for (const std::string& slot : definition_.child_slots) by_slot.try_emplace(slot);
  for (const model::Child& child : case_.children) {
    Counts& counts = by_slot[child.slot];
    ++counts.total;
    if (!child.ended) continue;
    ++counts.ended;
    ++counts.outcomes[child.outcome];
  }
  std::vector<Map::Entry> entries;
  for (const auto& [slot, counts] : by_slot) entries.emplace_back(slot, counts.ToValue());
  return Map(std::move(entries));
}

std::expected<Value, std::string> Scope::Call(int id, std::span<const Value> arguments) const {
  if (id == definition::kOffices) {
    model::List ids;
    for (const auto& [office, unused] : organisation_.offices()) ids.emplace_back(office);
    return Value(std::move(ids));
  }
  const auto text = TextArgument(arguments);
  if (!text) return std::unexpected(text.error());
  switch (id) {
    case definition::kIn: {
      const model::StateIndex state = definition_.FindState(*text);
      return Value(state != model::kNoState && IsActive(case_, state));
    }
    case definition::kNameOf:
      return Value(text->empty() ? "" : organisation_.NameOf(*text).In("zh"));
    case definition::kOfficeOf: {
      if (const auto* person = organisation_.FindPerson(*text)) return Value(person->office);
      if (const auto* enterprise = organisation_.FindEnterprise(*text))
        return Value(enterprise->office);
      return Value("");
    }
    case definition::kEnterprises: {
      model::List ids;
      for (const auto& [enterprise, what] : organisation_.enterprises()) {
        if (text->empty() || what.office == *text) ids.emplace_back(enterprise);
      }
      return Value(std::move(ids));
    }
    default:
      return std::unexpected("no such function");
  }
}

}  // namespace duban::statechart
