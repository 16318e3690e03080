#include "core/statechart/visible.h"

#include <algorithm>

#include "core/model/command.h"
#include "core/statechart/resolve.h"

namespace duban::statechart {
namespace {

using model::FieldIndex;
using model::Value;

bool IsAskedFor(const definition::Definition& definition, const model::Case& state,
                FieldIndex field, const model::PersonId& person) {
  return std::ranges::any_of(state.rounds, [&](const model::Round& round) {
    const auto& form = definition.states[round.state].task->form;
    if (std::ranges::find(form, field, &definition::FormField::field) == form.end()) return false;
    return std::ranges::any_of(round.seats, [&](const model::Seat& seat) {
      return seat.state == model::SeatState::kOpen &&
             std::ranges::find(seat.candidates, person) != seat.candidates.end();
    });
  });
}

// Too common to tell anything, and to be taken out wherever it stands.
bool IsCommon(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
    case Value::Kind::kBool:
      return true;
    case Value::Kind::kString:
      return value.If<std::string>()->empty();
    case Value::Kind::kInt: {
      const std::int64_t number = *value.If<std::int64_t>();
      return number > -kMinSecretNumber && number < kMinSecretNumber;
    }
    case Value::Kind::kList:
      return value.IfList()->empty();
    case Value::Kind::kMap:
      return value.IfMap()->empty();
    default:
      return false;
  }
}

}  // namespace

bool VisibleTo(const definition::Definition& definition,
               const definition::Organisation& organisation, const model::Case& state,
               FieldIndex field, const model::PersonId& person) {
  const auto& visible_to = definition.fields[field].visible_to;
  if (visible_to.empty() || person == model::Principal::kSystem) return true;
  const Scope scope(definition, organisation, state, state.updated_at);
  const auto people = Find(visible_to, scope, Services::kIncluded).people;
  return std::ranges::find(people, person) != people.end() ||
         IsAskedFor(definition, state, field, person);
}

bool IsGuarded(const definition::Definition& definition, FieldIndex field) {
  return definition.fields[field].confidential || !definition.fields[field].visible_to.empty();
}

Redaction::Redaction(const definition::Definition& definition,
                     const definition::Organisation& organisation, const model::Case& state,
                     model::PersonId person)
    : definition_(definition), person_(std::move(person)), words_(organisation) {
  for (std::size_t i = 0; i < definition.fields.size(); ++i) {
    const auto field = static_cast<FieldIndex>(i);
    const bool hidden = !VisibleTo(definition, organisation, state, field, person_);
    if (hidden) hidden_.push_back(field);
    if (!hidden && !definition.fields[i].confidential) continue;
    hides_ = true;
    if (i < state.data.size()) KeepOut(field, state.data[i]);
  }
}

void Redaction::KeepOut(FieldIndex field, const Value& value) {
  if (IsCommon(value)) return;
  secrets_.push_back(value);
  words_.Add(definition_.fields[field], value);
}

void Redaction::Learn(FieldIndex field, const Value& value) {
  if (IsKeptOut(field)) KeepOut(field, value);
}

bool Redaction::IsHidden(FieldIndex field) const {
  return std::ranges::binary_search(hidden_, field);
}

bool Redaction::IsKeptOut(FieldIndex field) const {
  return IsHidden(field) || definition_.fields[field].confidential;
}

Value Redaction::Without(const Value& value) const {
  if (secrets_.empty()) return value;
  if (std::ranges::find(secrets_, value) != secrets_.end()) return {};
  if (const auto* list = value.IfList()) {
    model::List out;
    for (const Value& item : *list) out.push_back(Without(item));
    return out;
  }
  if (const auto* map = value.IfMap()) {
    std::vector<model::Map::Entry> entries;
    for (const auto& [key, item] : *map) entries.emplace_back(key, Without(item));
    return model::Map(std::move(entries));
  }
  return value;
}

void Redaction::HideForm(model::Map& form) const {
  model::Map kept;
  for (const auto& [key, value] : form) {
    const auto* name = key.If<std::string>();
    const auto field = name != nullptr ? definition_.FindField(*name) : std::nullopt;
    if (!field || !IsKeptOut(*field)) kept.Set(key, Without(value));
  }
  form = std::move(kept);
}

void Redaction::Apply(model::Seat& seat) const {
  if (seat.draft && seat.draft->by != person_) seat.draft.reset();
}

void Redaction::Apply(model::Case& copy) const {
  for (FieldIndex field : hidden_) {
    if (field < copy.data.size()) copy.data[field] = {};
  }
  for (model::Round& round : copy.rounds) {
    for (model::Seat& seat : round.seats) Apply(seat);
  }
  copy.last_round.reset();  // for withdrawals only
  for (model::Timer& timer : copy.timers) timer.data = Without(timer.data);
}

void Redaction::Apply(model::Event& event) {
  if (auto* e = std::get_if<model::SeatDecided>(&event)) HideForm(e->form);
  if (auto* e = std::get_if<model::EventTaken>(&event)) e->data = Without(e->data);
  if (auto* e = std::get_if<model::MessageSent>(&event)) e->data = Without(e->data);
  if (auto* e = std::get_if<model::ChildStarted>(&event)) e->data = *Without(e->data).IfMap();
  if (auto* e = std::get_if<model::CaseEnded>(&event)) e->result = *Without(e->result).IfMap();
  if (auto* e = std::get_if<model::TimerSet>(&event)) e->timer.data = Without(e->timer.data);
  if (auto* e = std::get_if<model::RoundOpened>(&event)) {
    for (model::Seat& seat : e->round.seats) Apply(seat);
  }
  if (auto* e = std::get_if<model::Logged>(&event)) words_.HideIn(e->text, "en");
  if (auto* e = std::get_if<model::Notified>(&event); e && e->notification.recipient != person_) {
    words_.HideIn(e->notification.subject);
    words_.HideIn(e->notification.body);
  }
}

void Redaction::Apply(model::JournalEntry& entry) {
  std::erase_if(entry.events, [this](const model::Event& event) {
    if (const auto* assigned = std::get_if<model::FieldAssigned>(&event))
      return IsKeptOut(assigned->field);
    const auto* saved = std::get_if<model::DraftSaved>(&event);
    return saved != nullptr && saved->draft.by != person_;
  });
  for (model::Event& event : entry.events) Apply(event);
}

}  // namespace duban::statechart
