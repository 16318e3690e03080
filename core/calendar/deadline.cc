#include <fmt/format.h>

#include <algorithm>

#include "core/calendar/calendar.h"
#include "core/calendar/derivation.h"

namespace duban::calendar {
namespace {

using model::Text;
using model::Timestamp;

constexpr int kLastYear = 9999;
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31

std::unexpected<Text> UnknownZone(std::string_view zone) {
  return std::unexpected(Text(
      fmt::format("没有时区“{}”；请写 IANA 名称，例如 Asia/Shanghai", zone),
      fmt::format("there is no time zone `{}`; write an IANA name such as Asia/Shanghai", zone)));
}

std::unexpected<Text> TooFar() {
  return std::unexpected(Text("期限超出 9999 年；请缩短时限",
                              "the deadline lies beyond year 9999; shorten the limit"));
}

// A last day on its way to a deadline, with the story so far.
struct Draft {
  Date last;
  Text story;
  std::set<int> years_without_notice;

  void Tell(const Text& more) {
    story.zh += more.zh;
    story.en += more.en;
  }
  void Heed(const Enquiry& enquiry) {
    years_without_notice.insert(enquiry.years_without_notice().begin(),
                                enquiry.years_without_notice().end());
  }
};

bool AddDays(Date start, std::int64_t days, Date& last) {
  const std::int64_t number = start.DayNumber() + days;
  last = Date::FromDayNumber(std::min(number, kLastDay));
  return number <= kLastDay;
}

// 民法典 art. 202: the day of the same number, or the month's last one; a day earlier where the
// first day counts.
bool AddMonths(const TimeLimit& limit, Date start, Draft& draft) {
  const std::int64_t months = std::int64_t{start.year} * 12 + start.month - 1 + limit.amount;
  Date first{static_cast<int>(months / 12), static_cast<int>(months % 12) + 1, 1};
  if (first.year > kLastYear) return false;
  const Date next =
      first.month == 12 ? Date{first.year + 1, 1, 1} : Date{first.year, first.month + 1, 1};
  const auto length = static_cast<int>(next.DayNumber() - first.DayNumber());
  draft.last = {first.year, first.month, std::min(start.day, length)};
  if (start.day > length) {
    draft.Tell({fmt::format("：{:04}-{:02} 无对应日，以月末日为末日", first.year, first.month),
                fmt::format(": {:04}-{:02} has no such day, its last day counts", first.year,
                            first.month)});
  } else if (limit.first_day_counts) {
    draft.last = Date::FromDayNumber(draft.last.DayNumber() - 1);
  }
  return true;
}

bool AddWorkingDays(const TimeLimit& limit, Date start, const Calendar& calendar, Draft& draft) {
  Enquiry enquiry(calendar);
  Count counted;
  for (std::int64_t n = start.DayNumber() + (limit.first_day_counts ? 0 : 1);
       counted.size() < limit.amount; ++n) {
    if (n > kLastDay) return false;
    draft.last = Date::FromDayNumber(n);
    if (enquiry.IsWorking(draft.last)) counted.Add(draft.last);
  }
  if (const Text findings = enquiry.Findings(start.year); !findings.empty()) {
    draft.Tell({"：" + findings.zh, ": " + findings.en});
  }
  const Text days = counted.ToText(start.year);
  draft.Tell({" → 计入 " + days.zh, " → counted " + days.en});
  draft.Heed(enquiry);
  return true;
}

// Moves the last day to a working day as told, but not before `earliest`.
bool RollOver(Roll roll, Date earliest, int year, const Calendar& calendar, Draft& draft) {
  Enquiry enquiry(calendar);
  if (roll == Roll::kNone || enquiry.IsWorking(draft.last)) {
    draft.Heed(enquiry);
    return true;
  }
  const std::int64_t direction = roll == Roll::kNextWorkingDay ? 1 : -1;
  std::int64_t n = draft.last.DayNumber();
  do {
    n += direction;
    if (n > kLastDay) return false;
  } while (n >= earliest.DayNumber() && !enquiry.IsWorking(Date::FromDayNumber(n)));
  draft.Heed(enquiry);
  const std::string from = ShortDate(draft.last, year);
  const Text findings = enquiry.Findings(year);
  draft.Tell({fmt::format(" → 末日 {}：{}", from, findings.zh),
              fmt::format(" → last day {}: {}", from, findings.en)});
  if (n < earliest.DayNumber()) {
    draft.Tell({" → 不早于起始日，不再提前", " → not moved before the day of the start"});
    return true;
  }
  draft.last = Date::FromDayNumber(n);
  const std::string to = ShortDate(draft.last, year);
  draft.Tell(
      direction > 0
          ? Text(" → 顺延至下一工作日 " + to, " → moved on to the next working day " + to)
          : Text(" → 提前至上一工作日 " + to, " → moved back to the working day before, " + to));
  return true;
}

std::expected<Deadline, Text> Finish(Draft draft, std::string_view zone) {
  const auto due = LocalInstant(draft.last, 24, 0, zone);
  if (!due) return TooFar();
  const std::string until = draft.last.ToString() + " 24:00";
  draft.Tell({" → 至 " + until + " 止", " → due by " + until});
  draft.Tell(ProvisionalText(draft.years_without_notice));
  return Deadline{*due, draft.last, !draft.years_without_notice.empty(), std::move(draft.story)};
}

std::expected<Deadline, Text> FromTheMoment(const TimeLimit& limit, Timestamp start,
                                            std::string_view zone) {
  const std::int64_t seconds = limit.amount * (limit.unit == Unit::kHours ? 3600 : 60);
  const auto due = model::Add(start, model::Duration::Seconds(seconds));
  if (!due) return TooFar();
  // A midnight belongs to the day that it ends, so that the text and the last day agree.
  const std::string end = LocalText(*due, zone);
  const auto last_day = Date::Parse(std::string_view(end).substr(0, 10));
  if (!last_day) return TooFar();
  std::string begin = LocalText(start, zone);
  if (begin.ends_with("24:00")) begin = LocalDate(start, zone)->ToString() + " 00:00";
  const Text amount = LimitText(limit);
  return Deadline{*due, *last_day, false,
                  Text(fmt::format("自 {} 起 {} → {}", begin, amount.zh, end),
                       fmt::format("{} from {} → {}", amount.en, begin, end))};
}

void TellBeginning(const TimeLimit& limit, Date start, Draft& draft) {
  const Text day = DateWithWeekday(start);
  if (limit.amount == 0) {
    draft.Tell({"当日 " + day.zh, "same day, " + day.en});
    return;
  }
  const Text amount = LimitText(limit);
  const bool counts = limit.first_day_counts;
  draft.Tell({fmt::format("自 {}起 {}（首日{}）", day.zh, amount.zh, counts ? "计入" : "不计"),
              fmt::format("{} from {} (first day {})", amount.en, day.en,
                          counts ? "counted" : "not counted")});
}

}  // namespace

std::expected<Deadline, Text> Compute(const TimeLimit& limit, Timestamp start,
                                      const Calendar& calendar, std::string_view zone) {
  if (limit.amount < 0 || limit.amount > TimeLimit::kMaxAmount) {
    return std::unexpected(
        Text(fmt::format("时限数量为 {}，应在 0 至 {} 之间", limit.amount, TimeLimit::kMaxAmount),
             fmt::format("a time limit of {} is out of range; write 0 to {}", limit.amount,
                         TimeLimit::kMaxAmount)));
  }
  const auto first = LocalDate(start, zone);
  if (!first) return UnknownZone(zone);
  if (limit.unit == Unit::kMinutes || limit.unit == Unit::kHours)
    return FromTheMoment(limit, start, zone);
  Draft draft{*first, {}, {}};
  TellBeginning(limit, *first, draft);
  bool in_range = true;
  if (limit.amount == 0) {
    draft.last = *first;
  } else if (limit.unit == Unit::kWorkingDays) {
    in_range = AddWorkingDays(limit, *first, calendar, draft);
  } else if (limit.unit == Unit::kMonths) {
    in_range = AddMonths(limit, *first, draft);
  } else {
    in_range = AddDays(*first, limit.amount - (limit.first_day_counts ? 1 : 0), draft.last);
  }
  if (!in_range || !RollOver(limit.roll, *first, first->year, calendar, draft)) return TooFar();
  return Finish(std::move(draft), zone);
}

std::expected<Deadline, Text> OnDate(Date date, Roll roll, const Calendar& calendar,
                                     std::string_view zone) {
  if (!LocalDate(Timestamp{}, zone)) return UnknownZone(zone);
  if (Date::Parse(date.ToString()) != date) {
    return std::unexpected(Text(fmt::format("{} 不是存在的日期", date.ToString()),
                                fmt::format("{} is not a day that exists", date.ToString())));
  }
  const Text day = DateWithWeekday(date);
  Draft draft{date, {"定于 " + day.zh, "set for " + day.en}, {}};
  if (!RollOver(roll, Date{1, 1, 1}, date.year, calendar, draft)) return TooFar();
  return Finish(std::move(draft), zone);
}

}  // namespace duban::calendar
