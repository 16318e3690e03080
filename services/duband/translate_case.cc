#include <algorithm>

#include "core/engine/describe.h"
#include "core/statechart/step.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

// Whether the case rests in it: no active state lies below it.
bool IsLeaf(const definition::Definition& definition, const model::Case& state,
            model::StateIndex index) {
  return std::none_of(
      state.configuration.begin(), state.configuration.end(),
      [&](model::StateIndex other) { return definition.IsDescendant(other, index); });
}

void SetStates(const engine::CaseDetail& detail, v1::Case* to) {
  const auto& definition = *detail.definition;
  for (const model::StateIndex index : detail.state.configuration) {
    if (index == 0 || index >= definition.states.size())
      continue;  // the root stands for the workflow
    auto* state = to->add_states();
    state->set_id(definition.states[index].id);
    Set(definition.states[index].title, state->mutable_title());
    state->set_leaf(IsLeaf(definition, detail.state, index));
  }
}

}  // namespace

void Set(const engine::CaseDetail& detail, v1::Case* to) {
  const model::Case& state = detail.state;
  to->set_id(state.id.ToString());
  to->set_revision(state.revision);
  to->set_campaign(detail.definition->campaign_name);
  to->set_campaign_digest(state.campaign);
  to->set_workflow(state.workflow);
  Set(detail.title, to->mutable_title());
  to->set_starter(state.starter);
  Set(state.started_at, to->mutable_started_at());
  Set(state.updated_at, to->mutable_updated_at());
  if (state.parent.id) to->set_parent_id(state.parent.id.ToString());
  to->set_ended(state.ended);
  to->set_outcome(state.outcome);
  SetStates(detail, to);
  const model::Map data = statechart::DataOf(*detail.definition, state);
  Set(data, to->mutable_data());
  for (const auto& task : detail.tasks) Set(task, detail.definition.get(), &data, to->add_tasks());
  SetOperations(state, *detail.definition, to);
  for (const auto& deadline : detail.deadlines) Set(deadline, to->add_deadlines());
  for (const auto& child : state.children) {
    auto* added = to->add_children();
    added->set_case_id(child.id.ToString());
    added->set_slot(child.slot);
    added->set_item(child.item);
    added->set_ended(child.ended);
    added->set_outcome(child.outcome);
  }
  for (const auto& permitted : detail.permitted) {
    if (permitted.task == 0 && !permitted.who.empty()) Set(permitted, to->add_permitted());
  }
}

void Set(const engine::CaseLine& line, const definition::Definition* definition, v1::Case* to) {
  to->set_id(line.id.ToString());
  to->set_revision(line.revision);
  to->set_campaign_digest(line.campaign);
  if (definition != nullptr) to->set_campaign(definition->campaign_name);
  to->set_workflow(line.workflow);
  if (line.parent) to->set_parent_id(line.parent.ToString());
  to->set_ended(line.ended);
  to->set_outcome(line.outcome);
  const auto& summary = line.summary;
  Set(summary.title, to->mutable_title());
  to->set_starter(summary.starter);
  Set(summary.started_at, to->mutable_started_at());
  Set(summary.updated_at, to->mutable_updated_at());
  for (const auto& id : summary.states) {
    auto* state = to->add_states();
    state->set_id(id);
    state->set_leaf(std::find(summary.leaves.begin(), summary.leaves.end(), id) !=
                    summary.leaves.end());
    const auto index = definition == nullptr ? model::kNoState : definition->FindState(id);
    if (index != model::kNoState) Set(definition->states[index].title, state->mutable_title());
  }
}

void Set(const model::JournalEntry& entry, const definition::Definition& definition,
         const definition::Organisation& organisation, v1::HistoryEntry* to) {
  to->set_revision(entry.revision);
  Set(entry.at, to->mutable_at());
  to->set_actor(entry.actor);
  to->set_actor_name(entry.actor == model::Principal::kSystem
                         ? entry.actor
                         : organisation.NameOf(entry.actor).In("zh"));
  for (const auto& event : entry.events) {
    const auto description = engine::Describe(definition, organisation, event);
    auto* added = to->add_events();
    added->set_kind(description.kind);
    Set(description.detail, added->mutable_detail());
    Set(description.text, added->mutable_text());
  }
}

void Set(const engine::Receipt& receipt, v1::Receipt* to) {
  to->set_case_id(receipt.case_id.ToString());
  to->set_revision(receipt.revision);
  for (const auto& state : receipt.states) to->add_states(state);
  to->set_ended(receipt.ended);
  to->set_outcome(receipt.outcome);
  to->set_repeated(receipt.repeated);
}

void Set(const engine::DeadlineView& deadline, v1::Deadline* to) {
  to->set_state(deadline.state);
  Set(deadline.due, to->mutable_due());
  Set(deadline.derivation, to->mutable_derivation());
  Set(deadline.basis, to->mutable_basis());
  to->set_provisional(deadline.provisional);
  Set(deadline.title, to->mutable_title());
  Set(deadline.from, to->mutable_from());
  to->set_passed(deadline.passed);
  to->set_pauses(deadline.pauses);
}

void Set(const engine::DeadlineLine& line, v1::CaseDeadline* to) {
  to->set_case_id(line.case_id.ToString());
  to->set_campaign(line.campaign);
  to->set_workflow(line.workflow);
  Set(line.case_title, to->mutable_case_title());
  Set(line.deadline, to->mutable_deadline());
  for (const auto& person : line.holders) to->add_holders(person);
}

void Set(const model::Permitted& permitted, v1::PermittedEvent* to) {
  to->set_event(permitted.event);
  to->set_state(permitted.state);
  for (const auto& person : permitted.who) to->add_who(person);
}

void Set(const definition::Diagnostic& diagnostic, v1::Diagnostic* to) {
  to->set_severity(diagnostic.severity == definition::Severity::kError
                       ? v1::Diagnostic::SEVERITY_ERROR
                       : v1::Diagnostic::SEVERITY_WARNING);
  to->set_code(diagnostic.code);
  to->set_file(diagnostic.place.file);
  to->set_line(diagnostic.place.line);
  to->set_column(diagnostic.place.column);
  to->set_length(diagnostic.place.length);
  to->set_source(diagnostic.source);
  Set(diagnostic.message, to->mutable_message());
  Set(diagnostic.hint, to->mutable_hint());
}

}  // namespace duban::duband
