#include "tests/simulation/clients.h"

#include <fmt/format.h>

#include "tests/simulation/operations.h"

namespace duban::simulation {
namespace {

std::string Words(const model::Command& command) {
  const std::string of = command.case_id.ToString();
  if (const auto* start = std::get_if<model::StartCase>(&command.body))
    return "starts " + start->workflow;
  if (const auto* send = std::get_if<model::SendEvent>(&command.body))
    return fmt::format("sends {} to {}", send->name, of);
  if (const auto* decide = std::get_if<model::Decide>(&command.body))
    return fmt::format("decides {}-{}: {}", of, decide->task, decide->outcome);
  return fmt::format("asks to {} {}", NameOf(command.body), of);
}

bool MayRepeat(model::Reason reason) {
  return reason == model::Reason::kUnavailable || reason == model::Reason::kOverloaded ||
         reason == model::Reason::kShuttingDown;
}

}  // namespace

void Clients::Act(Node& node) {
  if (!answered_.empty() && random_.Percent(4)) return Submit(node, random_.Pick(answered_));
  if (!answered_.empty() && random_.Percent(1))
    return SubmitChanged(node, *random_.Pick(answered_));
  const bool full = waiting_.size() >= kWaiting;
  if (!waiting_.empty() && (full || random_.Percent(20))) {
    // Gives up now and then, and never learns what became of it.
    const std::size_t chosen = random_.Below(waiting_.size());
    if (random_.Percent(5)) {
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
      return;
    }
    return Submit(node, std::shared_ptr<Ask>(waiting_[chosen]));
  }
  auto ask = std::make_shared<Ask>();
  ask->command = workload_.Next();
  ask->command.request_id = fmt::format("r{}", ++asked_);
  ask->key = ask->command.actor.id + '/' + ask->command.request_id;
  waiting_.push_back(ask);
  Submit(node, ask);
  if (random_.Percent(3)) Submit(node, ask);  // the network brings it twice
}

bool Clients::Insist(Node& node) {
  std::erase_if(waiting_, [](const auto& ask) { return ask->receipt || ask->refused; });
  for (const auto& ask : std::vector(waiting_)) Submit(node, ask);
  return !waiting_.empty();
}

void Clients::Submit(Node& node, const std::shared_ptr<Ask>& ask) {
  trace_.Add([&] { return fmt::format("{} {}", ask->key, Words(ask->command)); });
  node.engine().Submit(ask->command,
                       [this, ask](const engine::Reply& reply) { Answered(*ask, reply); });
}

void Clients::Answered(Ask& ask, const engine::Reply& reply) {
  if (const auto* receipt = std::get_if<engine::Receipt>(&reply)) {
    trace_.Add([&] {
      return fmt::format("    {} done: {} revision {}{}", ask.key, receipt->case_id.ToString(),
                         receipt->revision, receipt->repeated ? ", before" : "");
    });
    repeated_ += receipt->repeated;
    const bool remembered = checker_.Acknowledged(ask.key, *receipt, ask.command);
    const bool first = !ask.receipt;
    ask.receipt = *receipt;
    if (first && remembered) {
      ++done_[std::string(NameOf(ask.command.body))];
      if (answered_.size() >= kRemembered) answered_.erase(answered_.begin());
      answered_.push_back(std::make_shared<Ask>(ask));
    }
  } else {
    const auto& rejection = std::get<model::Rejection>(reply);
    trace_.Add([&] {
      return fmt::format("    {} refused: {}", ask.key, model::ReasonName(rejection.reason));
    });
    ++rejected_;
    if (MayRepeat(rejection.reason)) return;
    checker_.Refused(ask.key, rejection);
    if (rejection.reason == model::Reason::kRequestIdReused)
      throw Violation{ask.key + " is refused as another request, and is the same"};
    ask.refused = true;
  }
  std::erase_if(waiting_, [&](const auto& other) { return other->key == ask.key; });
}

// The same id with another body must not be done, and must not get the first one's answer.
void Clients::SubmitChanged(Node& node, const Ask& ask) {
  model::Command changed = ask.command;
  changed.expected_revision = 1'000'000;
  trace_.Add([&] { return ask.key + " comes with another body"; });
  node.engine().Submit(changed, [this, key = ask.key](const engine::Reply& reply) {
    const auto* rejection = std::get_if<model::Rejection>(&reply);
    if (rejection == nullptr) throw Violation{key + " is answered for another body"};
    ++rejected_;
    if (!MayRepeat(rejection->reason) && rejection->reason != model::Reason::kRequestIdReused)
      throw Violation{fmt::format("{} with another body is refused as {}", key,
                                  model::ReasonName(rejection->reason))};
  });
}

}  // namespace duban::simulation
