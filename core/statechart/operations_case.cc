// Copy, read, remind, comment, suspend, resume: what moves no task.
#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/messages.h"
#include "core/statechart/operations.h"
#include "core/statechart/rounds.h"
#include "core/statechart/timers.h"

namespace duban::statechart {
namespace {

using model::PersonId;
using model::Reason;

constexpr std::nullopt_t kNothing = std::nullopt;

bool IsCopied(const model::Case& state, const PersonId& person) {
  return std::ranges::find(state.copies, person, &model::Copy::person) != state.copies.end();
}

bool IsKnown(Draft& draft, const PersonId& person) {
  const auto* known = draft.organisation().FindPerson(person);
  if (known != nullptr && !known->disabled) return true;
  model::Rejection rejection =
      model::Refusal(Reason::kUnknownPerson, fmt::format("组织中没有人员 `{}`，或已停用", person),
                     fmt::format("there is no person `{}`, or they are disabled", person));
  rejection.who = {person};
  draft.Fail(std::move(rejection));
  return false;
}

// How long the round must not be reminded of yet; 0: it may.
std::int64_t MillisToWait(const model::Round& round, model::Timestamp now) {
  if (!round.reminded_at) return 0;
  return std::max<std::int64_t>(
      round.reminded_at->UnixMillis() + kRemindEverySeconds * 1'000 - now.UnixMillis(), 0);
}

// The rounds that the command speaks of; empty after the step has failed.
std::vector<model::Round> RoundsToRemindOf(Draft& draft, model::Ordinal task) {
  std::vector<model::Round> rounds;
  for (const model::Round& round : draft.state().rounds) {
    const bool meant = task == 0 || std::ranges::find(round.seats, task, &model::Seat::ordinal) !=
                                        round.seats.end();
    if (meant && !HoldersOf(draft.state(), round.state).empty()) rounds.push_back(round);
  }
  if (!rounds.empty()) return rounds;
  if (task != 0) {
    draft.Fail(NoSeat(draft.state(), task));
  } else {
    draft.Fail(Reason::kTaskClosed, "现在没有待办的任务可以催办",
               "there is no open task to remind anybody of");
  }
  return rounds;
}

}  // namespace

bool IsSuspended(Draft& draft) {
  if (auto suspended = WhileSuspended(draft.scope())) draft.Fail(std::move(*suspended));
  return draft.failed();
}

bool HasEnded(Draft& draft) {
  if (draft.ended()) {
    draft.Fail(Reason::kCaseEnded, fmt::format("案件已经结束（{}）", draft.state().outcome),
               fmt::format("the case has ended ({})", draft.state().outcome));
  }
  return draft.failed();
}

bool AreWordsWrong(Draft& draft, const std::string& words, bool required) {
  if (required && words.empty()) {
    draft.Fail(Reason::kReasonRequired, "必须说明理由", "a reason is required; give one");
  }
  if (words.size() > kMaxWordsBytes) {
    draft.Fail(Reason::kLimitExceeded, fmt::format("文字超过 {} 字节", kMaxWordsBytes),
               fmt::format("the text is longer than {} bytes", kMaxWordsBytes));
  }
  return draft.failed();
}

bool IsHidden(Draft& draft) {
  if (!MaySee(draft.definition(), draft.organisation(), draft.state(), draft.actor(),
              draft.facts().now)) {
    draft.Fail(Reason::kNotAllowed, "您无权查看这个案件", "you may not see this case");
  }
  return draft.failed();
}

bool IsNoAdministrator(Draft& draft) {
  if (IsAdministrator(draft.organisation(), draft.actor().id)) return false;
  model::Rejection rejection = model::Refusal(Reason::kNotAllowed, "只有管理员可以这样做",
                                              "only an administrator may do this");
  rejection.who = Administrators(draft.organisation());
  draft.Fail(std::move(rejection));
  return true;
}

std::optional<Occurrence> Do(Draft& draft, const model::CopyTo& copy) {
  if (HasEnded(draft) || IsHidden(draft) || AreWordsWrong(draft, copy.note, false)) return kNothing;
  model::Copied copied;
  copied.note = copy.note;
  std::vector<PersonId> people;
  for (const PersonId& person : copy.people) {
    if (!IsKnown(draft, person)) return kNothing;
    if (IsCopied(draft.state(), person) || std::ranges::find(people, person) != people.end())
      continue;
    people.push_back(person);
    copied.copies.push_back({person, draft.actor().id, draft.facts().now, std::nullopt});
  }
  if (draft.state().copies.size() + people.size() > kMaxCopies) {
    draft.Fail(Reason::kLimitExceeded, fmt::format("一个案件最多抄送 {} 人", kMaxCopies),
               fmt::format("a case is copied to {} people at most", kMaxCopies));
  }
  if (people.empty() || draft.failed()) return kNothing;  // everybody has it already
  draft.Emit(std::move(copied));
  const Message message = CopyMessage(draft, {}, copy.note);
  draft.Tell(people, message.subject, message.body, message.urgency,
             model::NotificationCause::kCopy);
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::MarkRead&) {
  const auto& copies = draft.state().copies;
  const auto copy = std::ranges::find(copies, draft.actor().id, &model::Copy::person);
  if (copy == copies.end()) {
    draft.Fail(Reason::kNotAllowed, "这个案件没有抄送给您", "the case was not copied to you");
  } else if (!copy->read_at) {
    draft.Emit(model::CopyRead{draft.actor().id, draft.facts().now});
  }
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Remind& remind) {
  if (HasEnded(draft) || IsHidden(draft) || AreWordsWrong(draft, remind.note, false))
    return kNothing;
  if (IsSuspended(draft)) return kNothing;
  std::int64_t wait = 0;
  bool reminded = false;
  for (const model::Round& round : RoundsToRemindOf(draft, remind.task)) {
    if (const auto millis = MillisToWait(round, draft.facts().now); millis > 0) {
      wait = wait == 0 ? millis : std::min(wait, millis);
      continue;
    }
    const auto holders = HoldersOf(draft.state(), round.state);
    draft.Emit(model::Reminded{round.state, draft.actor().id, draft.facts().now, remind.note});
    const Message message = UrgeMessage(draft, round.state, remind.note);
    draft.Tell(holders, message.subject, message.body, message.urgency,
               model::NotificationCause::kUrge);
    reminded = true;
  }
  if (reminded || draft.failed()) return kNothing;
  model::Rejection rejection = model::Refusal(
      Reason::kTooSoon, fmt::format("刚刚催办过；{} 分钟后可以再催", wait / 60'000 + 1),
      fmt::format("they were reminded a moment ago; again in {} minutes", wait / 60'000 + 1));
  rejection.retry_after_ms = wait;
  draft.Fail(std::move(rejection));
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Comment& comment) {
  if (HasEnded(draft) || IsHidden(draft)) return kNothing;
  if (AreWordsWrong(draft, comment.text, comment.attachments.empty())) return kNothing;
  if (auto violations = CheckAttachments(comment.attachments); !violations.empty()) {
    model::Rejection rejection =
        model::Refusal(Reason::kInvalidData, "附件需要更正", "the attachments need correction");
    rejection.violations = std::move(violations);
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  draft.Emit(model::Commented{draft.actor().id, comment.text, comment.attachments});
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Suspend& suspend) {
  if (HasEnded(draft) || IsNoAdministrator(draft)) return kNothing;
  if (auto suspended = WhileSuspended(draft.scope())) {
    draft.Fail(std::move(*suspended));
  } else if (!AreWordsWrong(draft, suspend.reason, true)) {
    draft.Emit(model::CaseSuspended{draft.facts().now, suspend.reason, draft.actor().id});
    PauseTimers(draft);
  }
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Resume& resume) {
  if (HasEnded(draft) || IsNoAdministrator(draft)) return kNothing;
  if (!draft.state().suspended_at) {
    draft.Fail(Reason::kNotPermittedHere, "案件没有挂起", "the case is not suspended");
  } else if (!AreWordsWrong(draft, resume.reason, false)) {
    ResumeTimers(draft);
    draft.Emit(model::CaseResumed{resume.reason});
  }
  return kNothing;
}

}  // namespace duban::statechart
