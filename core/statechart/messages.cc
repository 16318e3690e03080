#include "core/statechart/messages.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/due.h"
#include "core/statechart/rounds.h"
#include "core/statechart/timers.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using model::StateIndex;
using model::Text;
using model::Urgency;

// What the task of the state is called; the state itself where it has none.
Text Subject(const Draft& draft, StateIndex index) {
  const auto round = std::ranges::find(draft.state().rounds, index, &model::Round::state);
  return round != draft.state().rounds.end() ? round->title
                                             : TitleOfState(draft.definition().states[index]);
}

Message Write(const Text& mark, const Text& subject, Urgency urgency,
              const std::vector<Text>& lines) {
  Message message;
  message.urgency = urgency;
  message.subject = {fmt::format("【{}】{}", mark.zh, subject.In("zh")),
                     fmt::format("{}: {}", mark.en, subject.In("en"))};
  for (const Text& line : lines) {
    if (line.empty()) continue;
    message.body.zh += (message.body.zh.empty() ? "" : "\n") + line.In("zh");
    message.body.en += (message.body.en.empty() ? "" : "\n") + line.In("en");
  }
  return message;
}

Text CaseLine(Draft& draft) {
  const Text title = TitleIn(draft.scope());
  const std::string id = draft.state().id.ToString();
  return {fmt::format("案件：{}（{}）", title.In("zh"), id),
          fmt::format("Case: {} ({})", title.In("en"), id)};
}

Text DueLine(const Draft& draft, StateIndex state) {
  const auto due = DueOf(draft.state(), state);
  if (!due) return {};
  const std::string when = calendar::LocalText(*due, draft.definition().time_zone);
  return {"期限：" + when, "Due: " + when};
}

Text BasisLine(const Draft& draft, StateIndex state) {
  const auto& due = draft.definition().states[state].due;
  const auto& deadlines = draft.state().deadlines;
  const auto deadline = std::ranges::find(deadlines, state, &model::Deadline::state);
  if (!due || deadline == deadlines.end()) return {};
  const Text basis = BasisOf(*due, deadline->from, draft.definition().time_zone);
  if (basis.empty()) return {};
  return {"依据：" + basis.In("zh"), "Basis: " + basis.In("en")};
}

Text HolderLine(const Draft& draft, StateIndex state) {
  const auto holders = HoldersOf(draft.state(), state);
  if (holders.empty()) return {};
  const Text names = NamesOf(draft.organisation(), holders);
  return {"办理人：" + names.zh, "With: " + names.en};
}

Urgency UrgencyOf(const Draft& draft, StateIndex state) {
  const auto& due = draft.definition().states[state].due;
  if (!due) return Urgency::kNormal;
  return due->urgency.value_or(due->has_basis() ? Urgency::kStatutory : Urgency::kNormal);
}

Urgency AtLeastUrgent(Urgency urgency) {
  return model::IsAlarm(urgency) ? urgency : Urgency::kUrgent;
}

// A task whose statutory time runs out within a day cannot wait for the morning.
Urgency UrgencyOfTask(const Draft& draft, StateIndex state) {
  constexpr std::int64_t kDay = 86'400;
  const auto due = DueOf(draft.state(), state);
  const bool soon = due && due->seconds - draft.facts().now.seconds <= kDay;
  return soon && UrgencyOf(draft, state) == Urgency::kStatutory ? Urgency::kStatutory
                                                                : Urgency::kNormal;
}

// The text, or what the languages that do not fail give of it.
Text RenderOrRaise(Draft& draft, const definition::Words& words, const definition::Place& place) {
  Rendered rendered = RenderEach(words, draft.scope());
  if (rendered.problem) draft.RaiseError(place, rendered.problem->message.In("en"));
  return std::move(rendered.text);
}

Text ActorLine(const Draft& draft, const std::string& zh, const std::string& en,
               const std::string& words) {
  const Text& name = draft.organisation().NameOf(draft.actor().id);
  return {fmt::format("{}：{}{}", zh, name.In("zh"), words.empty() ? "" : "：" + words),
          fmt::format("{}: {}{}", en, name.In("en"), words.empty() ? "" : ": " + words)};
}

}  // namespace

Message UrgeMessage(Draft& draft, StateIndex state, const std::string& note) {
  return Write({"催办", "Reminder"}, Subject(draft, state), UrgencyOf(draft, state),
               {CaseLine(draft), DueLine(draft, state), BasisLine(draft, state),
                ActorLine(draft, "催办人", "From", note)});
}

Message CopyMessage(Draft& draft, const Text& title, const std::string& note) {
  return Write({"抄送", "Copy"}, title.empty() ? TitleIn(draft.scope()) : title, Urgency::kNormal,
               {CaseLine(draft), note.empty() ? Text() : ActorLine(draft, "附言", "Note", note)});
}

Message ReturnMessage(Draft& draft, StateIndex target, const std::string& opinion) {
  return Write(
      {"退回", "Returned"}, Subject(draft, target), UrgencyOfTask(draft, target),
      {CaseLine(draft), ActorLine(draft, "退回人", "By", opinion), DueLine(draft, target)});
}

Message WithdrawnMessage(Draft& draft, const Text& title, const std::string& reason) {
  return Write({"撤回", "Withdrawn"}, title, Urgency::kNormal,
               {CaseLine(draft), ActorLine(draft, "撤回人", "By", reason)});
}

Message OverrideMessage(Draft& draft, const model::Override& proposal) {
  return Write({"待确认", "To confirm"}, TitleIn(draft.scope()), Urgency::kUrgent,
               {CaseLine(draft), ActorLine(draft, "提出人", "Proposed by", proposal.reason)});
}

Message TaskMessage(Draft& draft, const model::Round& round) {
  return Write({"待办", "To do"}, round.title, UrgencyOfTask(draft, round.state),
               {CaseLine(draft), DueLine(draft, round.state), BasisLine(draft, round.state)});
}

Message ReminderMessage(Draft& draft, StateIndex state) {
  return Write(
      {"提醒", "Reminder"}, Subject(draft, state), UrgencyOf(draft, state),
      {CaseLine(draft), DueLine(draft, state), BasisLine(draft, state), HolderLine(draft, state)});
}

Message OverdueMessage(Draft& draft, StateIndex state) {
  return Write({"逾期", "Overdue"}, Subject(draft, state), AtLeastUrgent(UrgencyOf(draft, state)),
               {CaseLine(draft), BasisLine(draft, state), HolderLine(draft, state)});
}

Message MovedMessage(Draft& draft, StateIndex state, model::Timestamp before,
                     const Text& derivation) {
  const std::string was = calendar::LocalText(before, draft.definition().time_zone);
  return Write({"期限变更", "Due date moved"}, Subject(draft, state), UrgencyOf(draft, state),
               {CaseLine(draft),
                DueLine(draft, state),
                {"原期限：" + was, "Before: " + was},
                {"算法：" + derivation.In("zh"), "How it is counted: " + derivation.In("en")},
                HolderLine(draft, state)});
}

Message EscalationMessage(Draft& draft, StateIndex state, const model::Round* round) {
  const StateIndex about = round != nullptr ? round->state : state;
  return Write(
      {"督办", "Escalated"}, Subject(draft, about), AtLeastUrgent(UrgencyOf(draft, about)),
      {CaseLine(draft), DueLine(draft, about), BasisLine(draft, about), HolderLine(draft, about)});
}

Message NotifyMessage(Draft& draft, const definition::Notify& notify,
                      const definition::Place& place) {
  Message message;
  message.urgency = notify.urgency;
  message.subject = RenderOrRaise(draft, notify.subject, place);
  message.body = RenderOrRaise(draft, notify.body, place);
  if (message.subject.empty()) {
    const Text title = TitleIn(draft.scope());
    message.subject = {"【通知】" + title.In("zh"), "Notice: " + title.In("en")};
    const Text line = CaseLine(draft);
    message.body.zh += (message.body.zh.empty() ? "" : "\n") + line.zh;
    message.body.en += (message.body.en.empty() ? "" : "\n") + line.en;
  }
  return message;
}

}  // namespace duban::statechart
