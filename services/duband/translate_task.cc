#include <algorithm>
#include <array>

#include "core/statechart/seats.h"
#include "core/statechart/words.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

v1::TaskState StateOf(model::SeatState state) {
  switch (state) {
    case model::SeatState::kWaiting:
      return v1::TASK_STATE_WAITING;
    case model::SeatState::kOpen:
      return v1::TASK_STATE_OPEN;
    case model::SeatState::kDecided:
      return v1::TASK_STATE_DECIDED;
    case model::SeatState::kCancelled:
    case model::SeatState::kRemoved:
      return v1::TASK_STATE_CANCELLED;
  }
  return v1::TASK_STATE_UNSPECIFIED;
}

bool Contains(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

void SetOutcomes(const definition::Task& task, v1::Task* to) {
  for (const std::string& id : statechart::WordsOf(task)) {
    auto* outcome = to->add_outcomes();
    outcome->set_id(id);
    Set(statechart::TitleOfOutcome(task, id), outcome->mutable_title());
    outcome->set_opinion_required(Contains(task.opinion_required, id));
    outcome->set_attachment_required(Contains(task.attachment_required, id));
    outcome->set_signature_required(Contains(task.signature_required, id));
  }
}

void SetForm(const definition::Task& task, const definition::Definition& definition,
             const model::Map* data, v1::Task* to) {
  for (const auto& asked : task.form) {
    const auto& field = definition.fields[asked.field];
    auto* added = to->add_form();
    added->set_name(field.name);
    Set(field.title, added->mutable_title());
    added->set_type(std::string(KindWord(field.kind)));
    added->set_required(asked.required);
    for (const std::string& outcome : asked.required_for) added->add_required_for(outcome);
    added->set_read_only(asked.read_only);
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      auto* value = added->add_values();
      value->set_id(field.values[i]);
      if (i < field.value_titles.size()) Set(field.value_titles[i], value->mutable_title());
    }
    const model::Value* current =
        data == nullptr ? nullptr : data->Find(std::string_view(field.name));
    if (current != nullptr) Set(*current, added->mutable_current());
  }
}

}  // namespace

std::string_view KindWord(definition::FieldKind kind) {
  static constexpr std::array<std::string_view, 15> kWords{
      "text",   "int",    "decimal", "bool",       "date", "time",  "enum", "list",
      "object", "person", "office",  "enterprise", "file", "money", "any"};
  return kWords[static_cast<std::size_t>(kind)];
}

void Set(const engine::TaskView& task, const definition::Definition* definition,
         const model::Map* data, v1::Task* to) {
  to->set_id(task.id.ToString());
  to->set_case_id(task.id.case_id.ToString());
  to->set_workflow(task.workflow);
  Set(task.case_title, to->mutable_case_title());
  to->set_state_id(task.state);
  Set(task.title, to->mutable_title());
  to->set_state(StateOf(task.seat.state));
  for (const auto& person : task.seat.candidates) to->add_candidates(person);
  Set(task.opened_at, to->mutable_opened_at());
  if (task.deadline) Set(*task.deadline, to->mutable_deadline());
  Set(task.seat, task.id.case_id, to);
  if (task.seat.state == model::SeatState::kDecided) Set(task.seat.vote, to->mutable_vote());
  const auto index = definition == nullptr ? model::kNoState : definition->FindState(task.state);
  if (index == model::kNoState || !definition->states[index].task) return;
  SetOutcomes(*definition->states[index].task, to);
  SetForm(*definition->states[index].task, *definition, data, to);
}

}  // namespace duban::duband
