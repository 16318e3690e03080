#include "services/play/world.h"

#include <fmt/format.h>

#include <optional>
#include <tuple>
#include <utility>

#include "core/statechart/step.h"

namespace duban::play {
namespace {

// A folder whose timers set each other without end would never come to rest.
constexpr int kMaxCommandsAtOnce = 100'000;

}  // namespace

const Instance* World::Find(model::CaseId id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : &found->second;
}

std::expected<model::CaseId, model::Rejection> World::Submit(model::Command command) {
  if (std::holds_alternative<model::StartCase>(command.body)) command.case_id = {next_id_++};
  if (auto taken = Step(command); !taken) return std::unexpected(std::move(taken.error()));
  Settle();
  return command.case_id;
}

std::expected<void, model::Rejection> World::Step(const model::Command& command) {
  Instance before;
  if (const auto* start = std::get_if<model::StartCase>(&command.body)) {
    const auto found = folder_.campaign->workflows.find(start->workflow);
    if (found == folder_.campaign->workflows.end()) {
      model::Rejection unknown;
      unknown.reason = model::Reason::kUnknownWorkflow;
      unknown.message = {"没有流程 " + start->workflow, "no workflow " + start->workflow};
      return std::unexpected(std::move(unknown));
    }
    before.definition = found->second;
    before.state.id = command.case_id;
  } else {
    const auto found = cases_.find(command.case_id);
    if (found == cases_.end()) {
      model::Rejection unknown;
      unknown.reason = model::Reason::kUnknownCase;
      unknown.message = {"没有案件", "there is no case: start one first"};
      return std::unexpected(std::move(unknown));
    }
    before = found->second;
  }
  const statechart::Facts facts{now_, &folder_.organisation, &folder_.calendar, {next_id_}};
  auto outcome = statechart::Step(*before.definition, model::Case(before.state), command, facts);
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  if (outcome->events.empty()) return {};

  Instance after = before;
  after.state = std::move(outcome->next);
  after.journal.push_back(
      {after.state.revision, now_, command.actor.id, command.request_id, outcome->events});
  for (const model::Round& round : after.state.rounds) {
    for (const model::Seat& seat : round.seats) {
      after.last_task[after.definition->states[round.state].id] = seat.ordinal;
    }
  }
  CheckFold(before, after);
  cases_[command.case_id] = std::move(after);
  Follow(command.case_id, outcome->events);
  return {};
}

void World::CheckFold(const Instance& before, const Instance& after) {
  model::Case folded = before.state;
  statechart::Apply(*before.definition, folded, after.journal.back());
  if (folded == after.state) return;
  problems_.push_back(fmt::format("{} revision {}: the case is not the fold of its events",
                                  after.definition->workflow, after.state.revision));
}

void World::Follow(model::CaseId id, const std::vector<model::Event>& events) {
  const Instance& instance = cases_.at(id);
  const model::Principal system{model::Principal::kSystem};
  for (const model::Event& event : events) {
    if (const auto* started = std::get_if<model::ChildStarted>(&event)) {
      next_id_ = std::max(next_id_, started->child.id.value + 1);
      model::StartCase start{
          instance.state.campaign, started->workflow, started->data, {id, started->child.ordinal}};
      queue_.push_back({"", system, started->child.id, std::nullopt, std::move(start)});
    } else if (const auto* sent = std::get_if<model::MessageSent>(&event)) {
      queue_.push_back(
          {"", system, sent->to, std::nullopt, model::SendEvent{sent->event, sent->data, ""}});
    } else if (const auto* ended = std::get_if<model::CaseEnded>(&event)) {
      const model::Parent& parent = instance.state.parent;
      if (!parent.id) continue;
      queue_.push_back({"", system, parent.id, std::nullopt,
                        model::ReportChild{parent.child, ended->outcome, ended->result}});
    } else if (const auto* notified = std::get_if<model::Notified>(&event)) {
      notifications_.push_back(notified->notification);
    }
  }
}

// A message may come too late for its addressee; everything else that the world does by itself must
// be taken.
void World::FollowUp(const model::Command& command) {
  const auto taken = Step(command);
  if (taken) return;
  const model::Rejection& rejection = taken.error();
  const bool message = std::holds_alternative<model::SendEvent>(command.body);
  if (rejection.reason == model::Reason::kCaseEnded ||
      (message && rejection.reason == model::Reason::kEventNotTaken)) {
    return;
  }
  const auto* start = std::get_if<model::StartCase>(&command.body);
  std::string text =
      fmt::format("{}: {} {}", start != nullptr ? "cannot start " + start->workflow : "not taken",
                  model::ReasonName(rejection.reason), rejection.message.en);
  for (const model::Violation& violation : rejection.violations) {
    text += fmt::format("; {}: {}", violation.field, violation.message.en);
  }
  problems_.push_back(std::move(text));
}

void World::Settle() {
  for (int i = 0; i < kMaxCommandsAtOnce; ++i) {
    if (!queue_.empty()) {
      const model::Command command = std::move(queue_.front());
      queue_.pop_front();
      FollowUp(command);
    } else if (!FireNext(now_)) {
      return;
    }
  }
  problems_.push_back("the cases do not come to rest");
  queue_.clear();
}

bool World::FireNext(model::Timestamp until) {
  std::optional<std::tuple<model::Timestamp, model::CaseId, model::Ordinal>> next;
  for (const auto& [id, instance] : cases_) {
    if (instance.state.ended) continue;
    for (const model::Timer& timer : instance.state.timers) {
      const std::tuple candidate{timer.due, id, timer.ordinal};
      if (timer.due <= until && (!next || candidate < *next)) next = candidate;
    }
  }
  if (!next) return false;
  const auto [due, id, ordinal] = *next;
  now_ = std::max(now_, due);
  const model::Revision before = cases_.at(id).state.revision;
  FollowUp({"", {model::Principal::kSystem}, id, std::nullopt, model::FireTimer{ordinal}});
  if (cases_.at(id).state.revision == before) {
    problems_.push_back(fmt::format("timer {} of {} is due but does not fire", ordinal,
                                    cases_.at(id).state.workflow));
    return false;
  }
  return true;
}

void World::AdvanceTo(model::Timestamp until) {
  while (FireNext(until)) Settle();
  now_ = std::max(now_, until);
}

}  // namespace duban::play
