#include "core/model/rejection.h"

namespace duban::model {

std::string_view ReasonName(Reason reason) {
  static constexpr std::string_view kNames[] = {
      "INTERNAL",           "UNKNOWN_CAMPAIGN", "UNKNOWN_WORKFLOW",
      "UNKNOWN_CASE",       "UNKNOWN_TASK",     "NOT_ALLOWED",
      "ALREADY_DECIDED",    "TASK_CLOSED",      "TASK_NOT_OPEN_YET",
      "UNKNOWN_OUTCOME",    "EVENT_NOT_TAKEN",  "INVALID_DATA",
      "REASON_REQUIRED",    "STALE_REVISION",   "REQUEST_ID_REUSED",
      "CASE_ENDED",         "NOBODY",           "LIMIT_EXCEEDED",
      "EXPRESSION_FAILED",  "OVERLOADED",       "UNAVAILABLE",
      "SHUTTING_DOWN",      "SUSPENDED",        "TASK_CLAIMED",
      "TASK_REASSIGNED",    "BARRED",           "NO_MANDATE",
      "TOO_SOON",           "CANNOT_RETURN",    "CANNOT_WITHDRAW",
      "NOT_PERMITTED_HERE", "UNKNOWN_PERSON",   "UNKNOWN_OVERRIDE"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Reason::kUnknownOverride) + 1);
  const auto index = static_cast<std::size_t>(reason);
  return index < std::size(kNames) ? kNames[index] : "UNKNOWN";
}

Rejection Refusal(Reason reason, std::string zh, std::string en, std::int64_t retry_after_ms) {
  Rejection rejection;
  rejection.reason = reason;
  rejection.message = {std::move(zh), std::move(en)};
  rejection.retry_after_ms = retry_after_ms;
  return rejection;
}

}  // namespace duban::model
