#include "tests/unit/statechart/world.h"

#include <algorithm>

#include "core/definition/load.h"
#include "core/model/codec.h"
#include "core/statechart/scope.h"

namespace duban::statechart {
namespace {

constexpr std::string_view kOrganisation = R"(
people:
  head: {name: {zh: 局长, en: Head}, office: leadership}
  deputy: {name: {zh: 副局长, en: Deputy}, office: leadership}
  a: {name: {zh: 甲, en: A}, office: mines}
  b: {name: {zh: 乙, en: B}, office: mines}
  c: {name: {zh: 丙, en: C}, office: mines}
  x: {name: {zh: 企业联系人, en: Contact}}
  admin: {name: {zh: 管理员, en: Administrator}}
  portal: {name: 报送系统, service: true}
posts:
  bureau-head: {title: 局长, holder: head}
  vacant: {title: 空缺}
offices:
  leadership: {title: 局领导, head: head, members: [head, deputy]}
  mines: {title: 矿山科, head: a, members: [a, b, c]}
roles:
  officers: {title: 办案人员, members: [a, b, c]}
  clients: {title: 客户端, members: [portal]}
  administrator: {title: 管理员, members: [admin]}
enterprises:
  huayang: {title: 华阳, office: mines, contacts: [x], principal: x}
)";

std::string Indent(std::string_view yaml) { return "workflow: test\n" + std::string(yaml); }

}  // namespace

World::World(std::string_view yaml) {
  const auto loaded = definition::LoadWorkflow("test.yaml", Indent(yaml));
  definition_ = loaded.definition;
  if (!definition_) {
    for (const auto& diagnostic : loaded.diagnostics)
      ADD_FAILURE() << definition::ToString(diagnostic, "en");
    throw std::runtime_error("the definition of the test does not load");
  }
  auto parsed = definition::Organisation::Parse("organisation.yaml", kOrganisation);
  if (!parsed) {
    for (const auto& diagnostic : parsed.error())
      ADD_FAILURE() << definition::ToString(diagnostic, "en");
    throw std::runtime_error("the organisation of the test does not load");
  }
  organisation = std::move(*parsed);
  state_.id = {1};
  SetNow("2022-05-16T09:00:00+08:00");
}

Result World::Do(std::string_view actor, model::CommandBody body) {
  model::Command command;
  command.actor.id = actor;
  command.case_id = state_.id;
  command.body = std::move(body);
  const Facts facts_now = facts();
  Result result = Step(*definition_, model::Case(state_), command, facts_now);
  if (!result) return result;
  last = result->events;
  for (const model::Event& event : last) {
    if (const auto* notified = std::get_if<model::Notified>(&event))
      messages.push_back(notified->notification);
  }
  if (!last.empty()) journal_.push_back({result->next.revision, now, command.actor.id, "", last});
  state_ = result->next;
  model::Case replayed;
  replayed.id = state_.id;
  for (const model::JournalEntry& entry : journal_) {
    Apply(*definition_, replayed, model::Decode<model::JournalEntry>(model::Encode(entry)));
  }
  EXPECT_TRUE(replayed == state_) << "the fold of what was recorded is not the case";
  CheckLegal();
  return result;
}

Result World::Start(std::string_view actor, model::Map data) {
  model::StartCase start;
  start.data = std::move(data);
  start.parent = parent;
  return Do(actor, std::move(start));
}

Result World::Send(std::string_view actor, std::string event, model::Value data,
                   std::string reason) {
  return Do(actor, model::SendEvent{std::move(event), std::move(data), std::move(reason)});
}

Result World::Decide(std::string_view actor, std::string_view state, std::string outcome,
                     std::string opinion, model::Map form) {
  return Do(actor, model::Decide{Task(state, actor), std::move(outcome), std::move(opinion),
                                 std::move(form)});
}

void World::Advance(model::Duration span) {
  const model::Timestamp until = *model::Add(now, span);
  while (true) {
    const auto next = std::ranges::min_element(state_.timers, {}, [](const model::Timer& timer) {
      return std::pair(timer.due, timer.ordinal);
    });
    if (next == state_.timers.end() || next->due > until) break;
    now = std::max(now, next->due);
    const Result fired = Do("system", model::FireTimer{next->ordinal});
    if (!fired) {
      ADD_FAILURE() << fired.error().message.en;
      return;
    }
  }
  now = until;
}

void World::AdvanceTo(std::string_view rfc3339) {
  Advance(*model::Difference(*model::ParseRfc3339(rfc3339), now));
}

void World::SetNow(std::string_view rfc3339) { now = *model::ParseRfc3339(rfc3339); }

std::vector<std::string> World::Active() const {
  std::vector<std::string> leaves;
  const auto& active = state_.configuration;
  for (std::size_t i = 0; i < active.size(); ++i) {
    const bool leaf =
        i + 1 == active.size() || !definition_->IsDescendant(active[i + 1], active[i]);
    if (leaf) leaves.push_back(definition_->states[active[i]].id);
  }
  return leaves;
}

model::Value World::Field(std::string_view name) const {
  const auto index = definition_->FindField(name);
  return index && *index < state_.data.size() ? state_.data[*index] : model::Value();
}

const model::Round* World::Round(std::string_view state) const {
  const model::StateIndex index = definition_->FindState(state);
  const auto found = std::ranges::find(state_.rounds, index, &model::Round::state);
  return found == state_.rounds.end() ? nullptr : &*found;
}

model::Ordinal World::Task(std::string_view state, std::string_view actor) const {
  const model::Round* round = Round(state);
  if (round == nullptr || round->seats.empty()) return 0;
  for (const model::Seat& seat : round->seats) {
    if (std::ranges::find(seat.candidates, actor) != seat.candidates.end()) return seat.ordinal;
  }
  return round->seats.front().ordinal;
}

std::vector<const model::Timer*> World::Timers(model::TimerKind kind) const {
  std::vector<const model::Timer*> timers;
  for (const model::Timer& timer : state_.timers) {
    if (timer.kind == kind) timers.push_back(&timer);
  }
  return timers;
}

std::vector<std::string> World::Told() {
  static constexpr std::string_view kCauses[] = {"notify",     "task", "reminder", "overdue",
                                                 "escalation", "urge", "copy",     "returned",
                                                 "withdrawn",  "moved"};
  std::vector<std::string> told;
  for (const model::Notification& message : messages) {
    told.push_back(std::string(kCauses[static_cast<int>(message.cause)]) + " " + message.recipient);
  }
  messages.clear();
  return told;
}

// Every active state's parent is active; a compound one has exactly one active child, a parallel
// one all.
void World::CheckLegal() const {
  const auto is_history = [](definition::StateKind kind) {
    return kind == definition::StateKind::kShallowHistory ||
           kind == definition::StateKind::kDeepHistory;
  };
  std::size_t at_top = 0;
  for (const model::StateIndex s : state_.configuration) {
    const definition::State& state = definition_->states[s];
    at_top += state.parent == 0;
    EXPECT_FALSE(is_history(state.kind));
    if (state.parent != 0) {
      EXPECT_TRUE(IsActive(state_, state.parent)) << state.id;
    }
    std::size_t active = 0;
    std::size_t children = 0;
    for (const model::StateIndex child : state.children) {
      active += IsActive(state_, child);
      children += !is_history(definition_->states[child].kind);
    }
    if (state.kind == definition::StateKind::kCompound) {
      EXPECT_EQ(active, 1u) << state.id;
    }
    if (state.kind == definition::StateKind::kParallel) {
      EXPECT_EQ(active, children) << state.id;
    }
  }
  EXPECT_EQ(at_top, 1u);
}

std::string ReasonOf(const Result& result) {
  return result ? "" : std::string(model::ReasonName(result.error().reason));
}

}  // namespace duban::statechart
