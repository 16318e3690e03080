#include "tests/simulation/workload.h"

#include <algorithm>
#include <iterator>

#include "core/statechart/access.h"
#include "core/statechart/rounds.h"
#include "core/statechart/step.h"
#include "tests/simulation/values.h"

namespace duban::simulation {

model::Command Workload::Next() {
  const auto& open = checker_.open();
  if (open.empty() || (open.size() < kOpenCases && random_.Percent(15))) return Start();
  const Known& known = *random_.Pick(open);
  if (random_.Percent(3)) return Nonsense(known);
  if (random_.Percent(known.state.suspended_at ? 60 : 30)) return operations_.Next(known);
  if (random_.Percent(25)) {
    if (auto command = Send(known)) return *command;
  }
  std::vector<std::pair<const model::Round*, const model::Seat*>> seats;
  for (const model::Round& round : known.state.rounds) {
    for (const model::Seat& seat : round.seats) {
      if (seat.state == model::SeatState::kOpen || random_.Percent(5))
        seats.emplace_back(&round, &seat);
    }
  }
  if (seats.empty()) return random_.Percent(80) ? Next() : Nonsense(known);
  const auto& [round, seat] = random_.Pick(seats);
  model::Command command = Decide(known, *round, *seat);
  if (random_.Percent(30)) command.expected_revision = known.state.revision;
  if (random_.Percent(5)) command.expected_revision = random_.Below(known.state.revision + 2);
  return command;
}

model::Command Workload::Start() {
  const auto& workflows = theatre_.campaign->workflows;
  const auto chosen =
      std::next(workflows.begin(), static_cast<std::ptrdiff_t>(random_.Below(workflows.size())));
  const definition::Definition& definition = *chosen->second;
  const auto snapshot = theatre_.world.Now();
  model::StartCase start{theatre_.campaign->name, chosen->first, {}, {}};
  for (const definition::Field& field : definition.fields) {
    const bool give = field.required ? !random_.Percent(3) : random_.Percent(20);
    if (give) start.data.Set(field.name, ValueFor(field, snapshot->organisation, random_));
  }
  model::Command command;
  command.actor.id = Somebody();
  for (int i = 0; i < 50; ++i) {
    if (statechart::MayStart(definition, snapshot->organisation, command.actor)) break;
    command.actor.id = Somebody();
  }
  if (random_.Percent(2)) start.campaign = "unknown";
  command.body = std::move(start);
  return command;
}

model::Map Workload::FormFor(const definition::Definition& definition,
                             const definition::Task& task) {
  const auto snapshot = theatre_.world.Now();
  model::Map form;
  for (const definition::FormField& asked : task.form) {
    const definition::Field& field = definition.fields[asked.field];
    if (asked.read_only && !random_.Percent(2)) continue;
    if (random_.Percent(asked.required ? 97 : 60))
      form.Set(field.name, random_.Percent(98) ? ValueFor(field, snapshot->organisation, random_)
                                               : AnyValue(random_));
  }
  return form;
}

model::Command Workload::Decide(const Known& known, const model::Round& round,
                                const model::Seat& seat) {
  const definition::Task& task = *known.definition->states[round.state].task;
  model::Command command;
  command.case_id = known.state.id;
  command.actor.id =
      seat.candidates.empty() || random_.Percent(5) ? Somebody() : random_.Pick(seat.candidates);
  const auto& outcomes = task.outcomes;
  std::string outcome = random_.Pick(outcomes);
  // Approvals by many would end with the first no, too often.
  if (task.approval && random_.Percent(60)) outcome = "approved";
  const auto among = [&](const std::vector<std::string>& outcomes_asked) {
    return std::ranges::find(outcomes_asked, outcome) != outcomes_asked.end();
  };
  if (task.may_abstain && random_.Percent(10)) outcome = "abstained";
  if (random_.Percent(3)) outcome = "recused";
  model::Decide decide{seat.ordinal, outcome, random_.Percent(85) ? "an opinion" : "",
                       FormFor(*known.definition, task)};
  const model::Attachment paper{"report.pdf", "application/pdf", std::string(64, 'a'), 1'000, {}};
  if (among(task.attachment_required) ? !random_.Percent(5) : random_.Percent(3))
    decide.attachments = {paper};
  if (among(task.signature_required) ? !random_.Percent(5) : random_.Percent(3))
    decide.signature = paper;
  if (random_.Percent(10)) ByMandate(command, decide);
  command.body = std::move(decide);
  return command;
}

// By whoever has a mandate of the one who was asked, if there is one.
void Workload::ByMandate(model::Command& command, model::Decide& decide) {
  const auto snapshot = theatre_.world.Now();
  for (const definition::Mandate& mandate : snapshot->organisation.mandates()) {
    if (mandate.principal != command.actor.id) continue;
    decide.on_behalf_of = mandate.principal;
    command.actor.id = mandate.agent;
    return;
  }
}

std::optional<model::Command> Workload::Send(const Known& known) {
  const auto snapshot = theatre_.world.Now();
  const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  std::vector<model::Permitted> events;
  for (model::Permitted& one : statechart::PermittedNow(*known.definition, known.state, facts)) {
    if (one.task == 0 && (!one.who.empty() || random_.Percent(10)))
      events.push_back(std::move(one));
  }
  if (events.empty()) return std::nullopt;
  const model::Permitted& chosen = random_.Pick(events);
  model::Command command;
  command.case_id = known.state.id;
  command.actor.id =
      chosen.who.empty() || random_.Percent(5) ? Somebody() : random_.Pick(chosen.who);
  if (random_.Percent(10)) command.expected_revision = known.state.revision;
  std::string name = chosen.event == "*" ? "anything" : chosen.event;
  command.body =
      model::SendEvent{std::move(name), AnyValue(random_), random_.Percent(90) ? "a reason" : ""};
  return command;
}

// Late, mistaken or unauthorised: tasks long closed, events of nowhere, cases that have ended.
model::Command Workload::Nonsense(const Known& known) {
  model::Command command;
  command.actor.id = Somebody();
  command.case_id = known.state.id;
  if (random_.Percent(30)) {
    const auto& cases = checker_.cases();
    command.case_id =
        std::next(cases.begin(), static_cast<std::ptrdiff_t>(random_.Below(cases.size())))->first;
  }
  if (random_.Percent(5)) command.case_id = {random_.Next()};
  switch (random_.Below(4)) {
    case 0:
      command.body = model::FireTimer{static_cast<model::Ordinal>(random_.Below(20))};
      break;
    case 1:
      command.body = model::ReportChild{static_cast<model::Ordinal>(random_.Below(20)), "done", {}};
      break;
    case 2:
      command.body = model::SendEvent{"no.such.event", {}, {}};
      break;
    default:
      command.body =
          model::Decide{static_cast<model::Ordinal>(random_.Below(known.state.next_ordinal + 2)),
                        "approved",
                        {},
                        {}};
  }
  return command;
}

}  // namespace duban::simulation
