#include "tests/simulation/effects.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/engine/projection.h"
#include "core/model/codec.h"

namespace duban::simulation {
namespace {

std::string Name(model::CaseId id, model::Ordinal ordinal) {
  return model::TaskId{id, ordinal}.ToString();
}

model::Command Internal(model::CaseId to, model::CommandBody body) {
  model::Command command;
  command.actor.id = model::Principal::kSystem;
  command.case_id = to;
  command.body = std::move(body);
  return command;
}

}  // namespace

Effect& Effects::Add(model::CaseId id, model::Ordinal ordinal, ports::OutboxKind kind) {
  const auto [at, fresh] = effects_[id].try_emplace(ordinal);
  if (!fresh) throw Violation{fmt::format("{}: two effects under one number", Name(id, ordinal))};
  at->second.kind = kind;
  open_[id].insert(ordinal);
  return at->second;
}

void Effects::Promise(const definition::Definition& definition, const model::Event& event,
                      const model::Case& after) {
  using Kind = ports::OutboxKind;
  const model::CaseId id = after.id;
  if (const auto* told = std::get_if<model::Notified>(&event)) {
    Effect& effect =
        Add(id, told->notification.ordinal, engine::KindOf(told->notification.urgency));
    effect.recipient = told->notification.recipient;
    effect.urgent = model::IsAlarm(told->notification.urgency);
  } else if (const auto* child = std::get_if<model::ChildStarted>(&event)) {
    model::StartCase start{
        after.campaign, child->workflow, child->data, {id, child->child.ordinal}};
    Add(id, child->child.ordinal, Kind::kCommand).command = Internal(child->child.id, start);
  } else if (const auto* sent = std::get_if<model::MessageSent>(&event)) {
    model::SendEvent send{sent->event, sent->data, {}};
    Add(id, sent->ordinal, Kind::kCommand).command = Internal(sent->to, send);
  } else if (const auto* ended = std::get_if<model::CaseEnded>(&event)) {
    PromiseOfEnd(definition, *ended, after);
  }
}

// Its parent is told. Its children end with it, unless it came to an end of its own.
void Effects::PromiseOfEnd(const definition::Definition& definition, const model::CaseEnded& ended,
                           const model::Case& after) {
  using Kind = ports::OutboxKind;
  if (after.parent.id) {
    model::ReportChild report{after.parent.child, ended.outcome, ended.result};
    Add(after.id, ended.ordinal, Kind::kCommand).command = Internal(after.parent.id, report);
  }
  for (const model::StateIndex state : after.configuration) {
    const definition::State& spec = definition.states[state];
    if (spec.kind == definition::StateKind::kFinal && spec.parent == 0) return;
  }
  model::Ordinal next = after.next_ordinal;
  for (const model::Child& child : after.children) {
    if (child.ended) continue;
    model::Terminate terminate{ended.outcome, "the case above it: " + ended.outcome};
    Add(after.id, next++, Kind::kCommand).command = Internal(child.id, terminate);
  }
}

void Effects::Delivered(const std::string& channel, const ports::Message& message, bool said_so) {
  const std::string& key = message.idempotency_key;
  if (message.urgency == model::Urgency::kDigest) return;  // one message for many: not followed
  const auto id = model::CaseId::Parse(message.case_id);
  const auto promised = id ? effects_.find(*id) : effects_.end();
  Effect* effect = nullptr;
  if (promised != effects_.end() && key.size() > message.case_id.size()) {
    const auto ordinal = static_cast<model::Ordinal>(
        std::strtoul(key.c_str() + message.case_id.size() + 1, nullptr, 10));
    const auto found = promised->second.find(ordinal);
    if (found != promised->second.end() &&
        key == fmt::format("{}-{}-{}", message.case_id, ordinal, found->second.recipient))
      effect = &found->second;
  }
  if (effect == nullptr) throw Violation{fmt::format("{} was delivered, but never promised", key)};
  if (effect->recipient != message.recipient)
    throw Violation{fmt::format("{} went to {}", key, message.recipient)};
  ports::Message content = message;
  content.address.clear();
  const auto [said, first] = contents_.try_emplace(key, model::Encode(content));
  if (!first && said->second != model::Encode(content))
    throw Violation{fmt::format("{} came again with another content", key)};
  if (accepted_in_this_life_.contains({channel, key})) {
    throw Violation{fmt::format("{} was taken by {} and is sent again without need", key, channel)};
  }
  if (effect->delivered[channel]++ > 0) ++repeated_;
  ++delivered_;
  if (!said_so) return;
  ++effect->accepted[channel];
  accepted_in_this_life_.emplace(channel, key);
}

void Effects::CheckRows(model::CaseId id, const Disk& disk) const {
  auto row = disk.outbox().lower_bound({id, 0});
  if (const auto open = open_.find(id); open != open_.end()) {
    for (const model::Ordinal ordinal : open->second) {
      const Effect& effect = effects_.at(id).at(ordinal);
      if (row == disk.outbox().end() || row->first != ports::OutboxKey{id, ordinal})
        throw Violation{fmt::format("{}: an effect without an outbox row", Name(id, ordinal))};
      if (row->second.kind != effect.kind)
        throw Violation{fmt::format("{}: an outbox row of the wrong kind", Name(id, ordinal))};
      if (effect.kind == ports::OutboxKind::kCommand &&
          row->second.body != model::Encode(effect.command))
        throw Violation{fmt::format("{}: the outbox holds another command", Name(id, ordinal))};
      ++row;
    }
  }
  // A timer that could not be taken lies among the dead under the timer's number.
  while (row != disk.outbox().end() && row->first.case_id == id) {
    if (row->second.state != ports::OutboxState::kDead)
      throw Violation{
          fmt::format("{}: an outbox row that no event caused", Name(id, row->first.ordinal))};
    ++row;
  }
}

bool Effects::IsMessage(const ports::OutboxKey& key) const {
  const auto promised = effects_.find(key.case_id);
  if (promised == effects_.end()) return false;
  const auto found = promised->second.find(key.ordinal);
  return found != promised->second.end() && !found->second.removed &&
         std::holds_alternative<model::SendEvent>(found->second.command.body);
}

const model::Command* Effects::Remove(const ports::OutboxKey& key) {
  const auto promised = effects_.find(key.case_id);
  if (promised == effects_.end()) return nullptr;
  const auto found = promised->second.find(key.ordinal);
  if (found == promised->second.end()) return nullptr;
  Effect& effect = found->second;
  // Removing what is gone does nothing: a delivery whose record was in doubt, a message that
  // another node took and this one finds unwanted.
  if (effect.removed) return nullptr;
  effect.removed = true;
  open_[key.case_id].erase(key.ordinal);
  if (effect.kind == ports::OutboxKind::kCommand) return &effect.command;
  if (effect.kind == ports::OutboxKind::kDigest) return nullptr;
  for (const std::string& channel : Channels(effect)) {
    if (!effect.accepted.contains(channel))
      throw Violation{fmt::format("{}: counts as delivered, but {} never took it",
                                  Name(key.case_id, key.ordinal), channel)};
  }
  return nullptr;
}

void Effects::CheckDead(const ports::OutboxRow& row) const {
  if (row.state != ports::OutboxState::kDead) return;
  if (row.last_error.empty())
    throw Violation{
        fmt::format("{}: a dead letter that says no reason", Name(row.case_id, row.ordinal))};
}

void Effects::CheckAllDone(const Disk& disk) const {
  for (const auto& [key, row] : disk.outbox()) {
    if (row.state == ports::OutboxState::kPending)
      throw Violation{fmt::format("{}: still in the outbox when all is at rest",
                                  Name(key.case_id, key.ordinal))};
  }
  for (const auto& [id, of_case] : effects_) {
    for (const auto& [ordinal, effect] : of_case) {
      if (effect.removed || disk.outbox().contains({id, ordinal})) continue;
      throw Violation{fmt::format("{}: neither done nor dead", Name(id, ordinal))};
    }
  }
}

}  // namespace duban::simulation
