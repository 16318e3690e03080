// One command on its way through the loop: known already? which case? step, then what is to be
// written.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <ranges>
#include <utility>

#include "core/calendar/calendar.h"
#include "core/engine/closing.h"
#include "core/engine/coalesce.h"
#include "core/engine/loop.h"
#include "core/engine/projection.h"
#include "core/engine/unreadable.h"
#include "core/model/codec.h"
#include "core/statechart/access.h"

namespace duban::engine {
namespace {

using model::Reason;

// For so many the memory is kept from step to step.
constexpr std::size_t kMostEventsKept = 1'000;

model::Rejection UnknownCase(model::CaseId id) {
  return model::Refusal(
      Reason::kUnknownCase, fmt::format("没有案件 {}，或您无权知道它", id.ToString()),
      fmt::format("there is no case {}, or you may not know of it", id.ToString()));
}

Receipt ReceiptOf(const definition::Definition& definition, const statechart::Outcome& outcome) {
  const model::Case& next = outcome.next;
  Receipt receipt{next.id, next.revision, {}, next.ended, next.outcome, false};
  for (const model::Event& event : outcome.events) {
    const auto* entered = std::get_if<model::StateEntered>(&event);
    if (!entered || !std::ranges::binary_search(next.configuration, entered->state)) continue;
    const std::string& id = definition.states[entered->state].id;
    if (std::ranges::find(receipt.states, id) == receipt.states.end()) receipt.states.push_back(id);
  }
  return receipt;
}

// A timer that is not due, though it was when it was looked for: the clock was set back, or an
// earlier step of the same batch moved the date. Its row stays.
bool IsStillSet(const model::Case& state, const model::Command& command) {
  const auto* fire = std::get_if<model::FireTimer>(&command.body);
  return fire != nullptr &&
         std::ranges::find(state.timers, fire->timer, &model::Timer::ordinal) != state.timers.end();
}

// The task that the command asks somebody to decide, hand on or change.
std::optional<model::Ordinal> TaskOf(const model::CommandBody& body) {
  return std::visit(
      [](const auto& command) -> std::optional<model::Ordinal> {
        if constexpr (requires { command.task; }) {
          if (command.task != 0) return command.task;
        }
        return std::nullopt;
      },
      body);
}

// What lots are drawn by: not to be foreseen, so from the operating system.
std::uint64_t SeedFor(const definition::Definition& definition) {
  const bool draws = std::ranges::any_of(definition.states, [](const definition::State& state) {
    return state.task && state.task->draw > 0;
  });
  if (!draws) return 0;
  std::random_device entropy;
  return (std::uint64_t{entropy()} << 32) | entropy();
}

}  // namespace

void Engine::Loop::Take(Pending& pending, const Snapshot& snapshot, Work& work) {
  if (AnswerKnown(pending, work)) return;
  const model::Command& asked = pending.command;
  statechart::Facts facts{clock_.Now(), &snapshot.organisation, &snapshot.calendar, {}};

  LiveCase created;
  LiveCase* live = nullptr;
  std::optional<model::Command> start;  // as it is carried out: with its id, on its version
  if (std::holds_alternative<model::StartCase>(asked.body)) {
    auto fresh = Create(asked, facts.now);
    if (!fresh) return Refuse(pending, nullptr, facts, fresh.error(), work);
    created = std::move(*fresh);
    start = asked;
    std::get<model::StartCase>(start->body).campaign = created.definition->campaign;
    start->case_id = created.state.id;
    live = &created;
  } else {
    auto found = Locate(asked.case_id);
    if (!found) return Refuse(pending, nullptr, facts, found.error(), work);
    live = *found;
    if (asked.expected_revision && *asked.expected_revision != live->state.revision) {
      auto stale = model::Refusal(
          Reason::kStaleRevision,
          fmt::format("案件已到第 {} 版，您看到的是第 {} 版；请重新读取后再决定",
                      live->state.revision, *asked.expected_revision),
          fmt::format("the case is at revision {}, you saw {}; read it again, then decide",
                      live->state.revision, *asked.expected_revision));
      stale.revision = live->state.revision;
      return Refuse(pending, live, facts, std::move(stale), work);
    }
  }
  facts.next_case_id = FreeIds(facts.now);
  facts.seed = SeedFor(*live->definition);
  next_.next = live->state;
  auto outcome = statechart::Step(*live->definition, std::move(next_.next), start ? *start : asked,
                                  facts, std::move(next_.events));
  if (!outcome)
    return Refuse(pending, live == &created ? nullptr : live, facts, std::move(outcome.error()),
                  work);

  if (outcome->events.empty() && IsRecount(pending)) return;  // the holidays do not touch it
  if (outcome->events.empty() && pending.reply) {
    if (AnswerStored(pending, work)) return;
    // It is so already: copied to whoever has it, claimed by whoever claims it.
    work.replies.emplace_back(&pending, ReceiptOf(*live->definition, *outcome));
    return;
  }
  if (outcome->events.empty()) {
    if (IsStillSet(live->state, asked)) return;
    // A timer that an earlier step of the same moment cancelled.
    const auto gone =
        model::Refusal(Reason::kEventNotTaken, "定时器已取消", "the timer was cancelled");
    return Refuse(pending, live, facts, gone, work);
  }

  if (live == &created) live = &cache_.Put(std::move(created));
  const Catalog::DefinitionPtr definition = live->definition;
  Receipt receipt = Write(pending, *definition, live->state, *outcome, facts, work);
  Adopt(*live, std::move(*outcome));
  cache_.Resize(*live, work.batch.cases[work.write_of.at(live->state.id.value)].row.body.size());
  if (!pending.key.empty()) {
    work.batch.requests.push_back(
        {pending.key, pending.fingerprint, model::Encode(receipt), facts.now});
    if (pending.reply) work.answered.try_emplace(pending.key, work.replies.size());
  }
  if (pending.reply) work.replies.emplace_back(&pending, std::move(receipt));
}

void Engine::Loop::Adopt(LiveCase& live, statechart::Outcome&& outcome) {
  next_.next = std::exchange(live.state, std::move(outcome.next));
  next_.events = std::move(outcome.events);
  next_.events.clear();
  if (next_.events.capacity() > kMostEventsKept) next_.events = std::vector<model::Event>();
}

std::optional<model::Rejection> Engine::Loop::WhyTaken(const model::Command& command) {
  const auto there = Locate(command.case_id);
  if (!there) {
    if (there.error().reason == Reason::kUnknownCase) return std::nullopt;
    return there.error();
  }
  const std::string id = command.case_id.ToString();
  const auto& start = std::get<model::StartCase>(command.body);
  if ((*there)->state.parent == start.parent)
    return model::Refusal(Reason::kEventNotTaken, fmt::format("案件 {} 已经启动", id),
                          fmt::format("the case {} is started already", id));
  return model::Refusal(Reason::kInternal, fmt::format("编号 {} 已属于另一个案件", id),
                        fmt::format("the id {} belongs to another case", id));
}

std::expected<LiveCase, model::Rejection> Engine::Loop::Create(const model::Command& command,
                                                               model::Timestamp now) {
  const auto& start = std::get<model::StartCase>(command.body);
  if (command.case_id) {
    if (auto taken = WhyTaken(command)) return std::unexpected(std::move(*taken));
  }
  auto definition = catalog_.Find(start.campaign, start.workflow);
  if (!definition) return std::unexpected(definition.error());
  LiveCase live;
  live.definition = *definition;
  live.state.id = command.case_id;
  if (!live.state.id) {
    live.state.id = FreeIds(now);
    last_case_id_ = live.state.id.value;
  }
  return live;
}

std::expected<LiveCase*, model::Rejection> Engine::Loop::Locate(model::CaseId id) {
  if (LiveCase* cached = cache_.Find(id)) return cached;
  auto row = storage_.LoadCase(id);
  if (!row) return std::unexpected(Unreadable(row.error()));
  if (!*row) return std::unexpected(UnknownCase(id));
  auto definition = catalog_.Find((*row)->campaign, (*row)->workflow);
  if (!definition) return std::unexpected(definition.error());
  const std::string& body = (*row)->body;
  return &cache_.Put({model::Decode<model::Case>(body), *definition, body.size()});
}

Receipt Engine::Loop::Write(const Pending& pending, const definition::Definition& definition,
                            const model::Case& before, statechart::Outcome& outcome,
                            const statechart::Facts& facts, Work& work) {
  Receipt receipt = ReceiptOf(definition, outcome);
  const model::Case& after = outcome.next;
  if (pending.from_outbox) {
    const ports::OutboxKey key{pending.from_outbox->case_id, pending.from_outbox->ordinal};
    work.batch.outbox_done.push_back(key);
    work.batch.outbox_taken.push_back(key);
  }
  for (const model::Event& event : outcome.events) {
    const auto* child = std::get_if<model::ChildStarted>(&event);
    if (child) last_case_id_ = std::max(last_case_id_, child->child.id.value);
    work.timers_cleared |= std::holds_alternative<model::TimerFired>(event) ||
                           std::holds_alternative<model::TimerCancelled>(event);
    work.counted.timers_fired += std::holds_alternative<model::TimerFired>(event);
  }
  const model::Text title = statechart::TitleOf(definition, after, facts);
  model::JournalEntry entry{after.revision, facts.now, pending.command.actor.id,
                            pending.command.request_id, std::move(outcome.events)};
  Stage(Project(definition, title, before, entry, after), work);
  outcome.events = std::move(entry.events);
  ++work.counted.steps;
  ++work.counted.steps_of[definition.workflow];
  return receipt;
}

// The task as its row has it, or is about to have it; nullopt: there is none, or it cannot be read.
std::optional<TaskView> Engine::Loop::ViewOf(const model::TaskId& task, const Work& work) {
  for (const ports::CaseWrite* staged : StagedOf(task.case_id, work)) {
    for (const ports::TaskRow& row : std::views::reverse(staged->tasks)) {
      if (row.ordinal == task.ordinal) return model::Decode<TaskView>(row.body);
    }
  }
  const auto stored = storage_.LoadTask(task);
  if (!stored || !*stored) return std::nullopt;
  return model::Decode<TaskView>((*stored)->body);
}

// The task is in the case no more: by whom and when it was decided, or else what closed it.
void Engine::Loop::SayWhatBecame(const model::Command& command, const LiveCase& live,
                                 const statechart::Facts& facts, const Work& work,
                                 model::Rejection& rejection) {
  const auto ordinal = TaskOf(command.body);
  if (!ordinal) return;
  const model::TaskId task{command.case_id, *ordinal};
  const auto view = ViewOf(task, work);
  if (!view) return;
  if (view->seat.state == model::SeatState::kDecided) {
    SayWhoDecided(view->seat.vote, live, facts, rejection);
  } else if (rejection.reason == Reason::kTaskClosed) {
    SayWhoClosed(task, *view, live, facts, work, rejection);
  }
}

void Engine::Loop::SayWhoClosed(const model::TaskId& task, const TaskView& view,
                                const LiveCase& live, const statechart::Facts& facts,
                                const Work& work, model::Rejection& rejection) {
  std::vector<ports::JournalRow> staged;
  for (const ports::CaseWrite* write : std::views::reverse(StagedOf(task.case_id, work)))
    std::ranges::copy(write->journal, std::back_inserter(staged));
  const auto closing = FindClosing(storage_, task, live.definition->FindState(view.state),
                                   live.state.revision, staged);
  if (!closing) return;
  const std::string when = calendar::LocalText(closing->at, live.definition->time_zone);
  const model::Text who = closing->by == model::Principal::kSystem
                              ? model::Text{"系统", "the system"}
                              : facts.organisation->NameOf(closing->by);
  rejection.message = {fmt::format("{} 已于 {} {}，这项任务因此关闭；请查看案件现状", who.In("zh"),
                                   when, closing->how.zh),
                       fmt::format("{} {} on {}, which closed the task; look at the case again",
                                   who.In("en"), closing->how.en, when)};
  rejection.who = {closing->by};
}

void Engine::Loop::SayWhoDecided(const model::Vote& vote, const LiveCase& live,
                                 const statechart::Facts& facts, model::Rejection& rejection) {
  rejection.reason = Reason::kAlreadyDecided;
  rejection.vote = vote;
  const std::string when = calendar::LocalText(vote.at, live.definition->time_zone);
  rejection.message = {
      fmt::format("{} 已于 {} 作出决定：{}；案件已继续，请查看案件现状",
                  facts.organisation->NameOf(vote.by).In("zh"), when, vote.outcome),
      fmt::format("{} decided it on {}: {}; the case went on, look at it again",
                  facts.organisation->NameOf(vote.by).In("en"), when, vote.outcome)};
}

void Engine::Loop::Refuse(Pending& pending, const LiveCase* live, const statechart::Facts& facts,
                          model::Rejection rejection, Work& work) {
  if (pending.reply && AnswerStored(pending, work)) return;
  ++work.counted.rejections;
  if (!pending.reply) return RefuseInternal(pending, live, facts, rejection, work);
  const model::Principal& actor = pending.command.actor;
  if (live) {
    // Who may not see the case learns nothing of it, unless it waits for an event that is theirs to
    // send.
    bool known =
        statechart::MaySee(*live->definition, *facts.organisation, live->state, actor, facts.now);
    if (!known) {
      for (const auto& permitted :
           statechart::PermittedNow(*live->definition, live->state, facts)) {
        known |= std::ranges::find(permitted.who, actor.id) != permitted.who.end();
      }
    }
    if (!known) rejection = UnknownCase(live->state.id);
  }
  const bool over =
      rejection.reason == Reason::kTaskClosed || rejection.reason == Reason::kCaseEnded;
  if (over && live != nullptr) SayWhatBecame(pending.command, *live, facts, work, rejection);
  const bool moved_on =
      rejection.reason == Reason::kTaskClosed || rejection.reason == Reason::kAlreadyDecided;
  if (moved_on && live != nullptr && rejection.permitted.empty())
    rejection.permitted = statechart::PermittedNow(*live->definition, live->state, facts);
  work.replies.emplace_back(&pending, std::move(rejection));
}

// A message between cases, or a timer, that cannot be taken. What nobody waits for is dropped, as a
// statechart drops events; a real failure becomes a dead letter that an operator sees and can
// retry.
void Engine::Loop::RefuseInternal(Pending& pending, const LiveCase* live,
                                  const statechart::Facts& facts, const model::Rejection& rejection,
                                  Work& work) {
  if (rejection.reason == Reason::kUnavailable) {
    work.retry.push_back(&pending);
    return;
  }
  if (IsRecount(pending)) return;  // its due dates stay as they are; people meet the damage too
  const std::string error =
      fmt::format("{}: {}", model::ReasonName(rejection.reason), rejection.message.In("en"));
  const bool unwanted =
      rejection.reason == Reason::kEventNotTaken || rejection.reason == Reason::kCaseEnded;
  if (pending.from_outbox) {
    if (unwanted) {
      work.batch.outbox_done.push_back(
          {pending.from_outbox->case_id, pending.from_outbox->ordinal});
      return;
    }
    ports::OutboxRow dead = *pending.from_outbox;
    dead.state = ports::OutboxState::kDead;
    dead.last_error = error;
    ++dead.attempts;
    work.batch.outbox_updated.push_back(std::move(dead));
    return;
  }
  const auto* fire = std::get_if<model::FireTimer>(&pending.command.body);
  if (!pending.is_timer || !fire || !live) return Hold();
  ports::CaseWrite write;
  write.expected_revision = live->state.revision;
  write.row = RowOf(*live->definition, statechart::TitleOf(*live->definition, live->state, facts),
                    live->state);
  write.timers_cleared.push_back(fire->timer);
  if (!unwanted) {
    ports::OutboxRow dead;
    dead.case_id = live->state.id;
    dead.ordinal = fire->timer;
    dead.kind = ports::OutboxKind::kCommand;
    dead.state = ports::OutboxState::kDead;
    dead.attempts = 1;
    dead.next_attempt = facts.now;
    dead.last_error = error;
    dead.body = model::Encode(pending.command);
    write.outbox.push_back(std::move(dead));
  }
  work.timers_cleared = true;
  Stage(std::move(write), work);
}

boost::container::small_vector<const Engine::Loop::Work*, 2> Engine::Loop::NotCommitted(
    const Work& work) const {
  if (!committing_) return {&work};
  return {&work, &*committing_};
}

std::vector<const ports::CaseWrite*> Engine::Loop::StagedOf(model::CaseId id,
                                                            const Work& work) const {
  std::vector<const ports::CaseWrite*> writes;
  for (const Work* staged : NotCommitted(work)) {
    const auto place = staged->write_of.find(id.value);
    if (place != staged->write_of.end()) writes.push_back(&staged->batch.cases[place->second]);
  }
  return writes;
}

void Engine::Loop::Stage(ports::CaseWrite write, Work& work) {
  const model::CaseId id = write.row.case_id;
  work.touched.push_back(id);
  if (LiveCase* live = cache_.Find(id)) ++live->writes;
  const auto [place, is_first] = work.write_of.try_emplace(id.value, work.batch.cases.size());
  if (is_first) {
    work.batch.cases.push_back(std::move(write));
  } else {
    Append(work.batch.cases[place->second], std::move(write));
  }
}

}  // namespace duban::engine
