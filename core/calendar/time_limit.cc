#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/calendar/calendar.h"

namespace duban::calendar {
namespace {

struct UnitWord {
  std::string_view word;
  Unit unit;
};

constexpr auto kWords = std::to_array<UnitWord>({
    {"minute", Unit::kMinutes},
    {"minutes", Unit::kMinutes},
    {"hour", Unit::kHours},
    {"hours", Unit::kHours},
    {"day", Unit::kCalendarDays},
    {"days", Unit::kCalendarDays},
    {"calendar day", Unit::kCalendarDays},
    {"calendar days", Unit::kCalendarDays},
    {"working day", Unit::kWorkingDays},
    {"working days", Unit::kWorkingDays},
    {"month", Unit::kMonths},
    {"months", Unit::kMonths},
    {"分钟", Unit::kMinutes},
    {"小时", Unit::kHours},
    {"个小时", Unit::kHours},
    {"日", Unit::kCalendarDays},
    {"天", Unit::kCalendarDays},
    {"个自然日", Unit::kCalendarDays},
    {"个工作日", Unit::kWorkingDays},
    {"工作日", Unit::kWorkingDays},
    {"个月", Unit::kMonths},
});

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view Noun(Unit unit) {
  switch (unit) {
    case Unit::kMinutes:
      return "minute";
    case Unit::kHours:
      return "hour";
    case Unit::kCalendarDays:
      return "day";
    case Unit::kWorkingDays:
      return "working day";
    case Unit::kMonths:
      return "month";
  }
  return "day";
}

}  // namespace

std::optional<TimeLimit> ParseTimeLimit(std::string_view text) {
  text = Trimmed(text);
  if (text == "same day" || text == "当日" || text == "当天") return TimeLimit{};
  TimeLimit limit;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, limit.amount);
  if (error != std::errc{} || limit.amount < 0 || limit.amount > TimeLimit::kMaxAmount ||
      text.front() == '-') {
    return std::nullopt;
  }
  const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
  const std::string_view word = Trimmed(rest);
  for (const UnitWord& known : kWords) {
    const bool needs_space = static_cast<unsigned char>(known.word.front()) < 0x80;
    if (known.word == word && (!needs_space || rest.front() == ' ')) {
      limit.unit = known.unit;
      return limit;
    }
  }
  return std::nullopt;
}

std::string ToString(const TimeLimit& limit) {
  if (limit.amount == 0 && limit.unit == Unit::kCalendarDays) return "same day";
  return fmt::format("{} {}{}", limit.amount, Noun(limit.unit), limit.amount == 1 ? "" : "s");
}

}  // namespace duban::calendar
