#include "core/statechart/messages.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/rounds.h"
#include "core/statechart/timers.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using model::StateIndex;
using model::Text;

// What the task of the state is called; the state itself where it has none.
Text Subject(const Draft& draft, StateIndex index) {
  const auto round = std::ranges::find(draft.state().rounds, index, &model::Round::state);
  return round != draft.state().rounds.end() ? round->title
                                             : TitleOfState(draft.definition().states[index]);
}

Message Write(const Text& mark, const Text& subject, std::vector<Text> lines) {
  Message message;
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
  if (!due || due->basis.empty()) return {};
  return {"依据：" + due->basis.In("zh"), "Basis: " + due->basis.In("en")};
}

Text HolderLine(const Draft& draft, StateIndex state) {
  const auto holders = HoldersOf(draft.state(), state);
  if (holders.empty()) return {};
  const Text names = NamesOf(draft.organisation(), holders);
  return {"办理人：" + names.zh, "With: " + names.en};
}

}  // namespace

Message TaskMessage(Draft& draft, const model::Round& round) {
  return Write({"待办", "To do"}, round.title,
               {CaseLine(draft), DueLine(draft, round.state), BasisLine(draft, round.state)});
}

Message ReminderMessage(Draft& draft, StateIndex state) {
  return Write(
      {"提醒", "Reminder"}, Subject(draft, state),
      {CaseLine(draft), DueLine(draft, state), BasisLine(draft, state), HolderLine(draft, state)});
}

Message OverdueMessage(Draft& draft, StateIndex state) {
  return Write({"逾期", "Overdue"}, Subject(draft, state),
               {CaseLine(draft), BasisLine(draft, state), HolderLine(draft, state)});
}

Message EscalationMessage(Draft& draft, StateIndex state, const model::Round* round) {
  const StateIndex about = round != nullptr ? round->state : state;
  return Write(
      {"督办", "Escalated"}, Subject(draft, about),
      {CaseLine(draft), DueLine(draft, about), BasisLine(draft, about), HolderLine(draft, about)});
}

}  // namespace duban::statechart
