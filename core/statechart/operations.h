// What people can do to a task or a case beside deciding it: docs/approvals.md has the catalogue.
// Each checks rights (access.h), whether the definition allows it, and its edge cases, then records
// it; or the step has failed. The occurrence, if there is one, is what the case has to take.
#pragma once

#include <optional>

#include "core/statechart/draft.h"

namespace duban::statechart {

inline constexpr std::size_t kMaxAddedSigners = 50;           // of one command
inline constexpr std::size_t kMaxWordsBytes = 16 * 1024;      // a comment, note, opinion or reason
inline constexpr std::int64_t kRemindEverySeconds = 30 * 60;  // of one round
inline constexpr std::size_t kMaxCopies = 1'000;              // of one case
inline constexpr std::size_t kMaxOverrides = 10;              // proposed, waiting

// Of a seat: operations_seats.cc.
std::optional<Occurrence> Do(Draft& draft, const model::Claim& claim);
std::optional<Occurrence> Do(Draft& draft, const model::Release& release);
std::optional<Occurrence> Do(Draft& draft, const model::Transfer& transfer);
std::optional<Occurrence> Do(Draft& draft, const model::Delegate& delegate);
std::optional<Occurrence> Do(Draft& draft, const model::AddSigners& add);
std::optional<Occurrence> Do(Draft& draft, const model::RemoveSigner& remove);
std::optional<Occurrence> Do(Draft& draft, const model::SaveDraft& save);

// Of the course of the case: operations_course.cc.
std::optional<Occurrence> Do(Draft& draft, const model::Return& back);
std::optional<Occurrence> Do(Draft& draft, const model::Withdraw& withdraw);
std::optional<Occurrence> Do(Draft& draft, const model::Revoke& revoke);
std::optional<Occurrence> Do(Draft& draft, const model::Terminate& terminate);

// Of the case as a whole: operations_case.cc.
std::optional<Occurrence> Do(Draft& draft, const model::CopyTo& copy);
std::optional<Occurrence> Do(Draft& draft, const model::MarkRead& read);
std::optional<Occurrence> Do(Draft& draft, const model::Remind& remind);
std::optional<Occurrence> Do(Draft& draft, const model::Comment& comment);
std::optional<Occurrence> Do(Draft& draft, const model::Suspend& suspend);
std::optional<Occurrence> Do(Draft& draft, const model::Resume& resume);

// Of two administrators: overrides.cc.
std::optional<Occurrence> Do(Draft& draft, const model::ProposeOverride& propose);
std::optional<Occurrence> Do(Draft& draft, const model::CloseOverride& close);

// Ends the case as it stands, under the name of what ended it, and tells whoever holds a task.
void EndNow(Draft& draft, const std::string& event, std::string outcome, const std::string& reason);

// True after the step has failed because the case is suspended.
bool IsSuspended(Draft& draft);
// True after the step has failed because the case has ended.
bool HasEnded(Draft& draft);
// True after it has failed because the words are too long, or missing where they are required.
bool AreWordsWrong(Draft& draft, const std::string& words, bool required);
// True after it has failed because the actor may not see the case.
bool IsHidden(Draft& draft);
// True after it has failed because the actor is no administrator.
bool IsNoAdministrator(Draft& draft);

}  // namespace duban::statechart
