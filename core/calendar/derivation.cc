#include "core/calendar/derivation.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace duban::calendar {
namespace {

using model::Text;

// More than kManyRuns runs: the plain weekends are told as a number. More than kMostRuns even so:
// the rest too.
constexpr std::size_t kManyRuns = 8;
constexpr std::size_t kMostRuns = 40;
constexpr std::size_t kCountedByDate = 5;

void Append(Text& list, const Text& item) {
  if (!list.empty()) {
    list.zh += "，";
    list.en += ", ";
  }
  list.zh += item.zh;
  list.en += item.en;
}

Text Span(Date first, Date last, std::int64_t days, int year) {
  const std::string a = ShortDate(first, year);
  const std::string b = ShortDate(last, year);
  if (days == 1) return {a, a};
  if (days == 2) return {a + "、" + b, a + " and " + b};
  return {a + "…" + b, a + "…" + b};
}

}  // namespace

bool Enquiry::IsWorking(Date date) {
  const Day day = calendar_.At(date);
  if (day.provisional)
    years_without_notice_.insert(calendar_.HasNotice(date.year) ? date.year + 1 : date.year);
  const bool weekend = date.Weekday() > 5;
  if (day.working && !weekend) return true;
  const Sort sort = day.working           ? Sort::kMakeUp
                    : day.holiday.empty() ? Sort::kWeekend
                                          : Sort::kHoliday;
  if (!runs_.empty() && runs_.back().sort == sort && runs_.back().holiday == day.holiday) {
    Run& run = runs_.back();
    if (date.DayNumber() == run.last.DayNumber() + 1 ||
        date.DayNumber() == run.first.DayNumber() - 1) {
      (date < run.first ? run.first : run.last) = date;
      ++run.days;
      return day.working;
    }
  }
  runs_.push_back({sort, day.holiday, date, date});
  return day.working;
}

Text Enquiry::RunText(const Run& run, int year) {
  const Text span = Span(run.first, run.last, run.days, year);
  switch (run.sort) {
    case Sort::kWeekend:
      return {span.zh + " 周末休息", span.en + " off (weekend)"};
    case Sort::kHoliday:
      return {span.zh + " 休息（" + run.holiday + "）", span.en + " off (" + run.holiday + ")"};
    case Sort::kMakeUp:
      break;
  }
  return {span.zh + " 为调休上班",
          span.en + (run.days == 1 ? " is a make-up working day" : " are make-up working days")};
}

Text Enquiry::Findings(int year) const {
  Text all;
  std::size_t told = 0;
  std::int64_t weekend_days = 0;
  std::int64_t other_days = 0;
  for (const Run& run : runs_) {
    if (runs_.size() > kManyRuns && run.sort == Sort::kWeekend) {
      weekend_days += run.days;
    } else if (told == kMostRuns) {
      other_days += run.days;
    } else {
      Append(all, RunText(run, year));
      ++told;
    }
  }
  if (other_days > 0) {
    Append(all, {fmt::format("另有节假日和调休 {} 天", other_days),
                 fmt::format("{} more holidays and make-up days", other_days)});
  }
  if (weekend_days > 0) {
    Append(all, {fmt::format("周末休息 {} 天", weekend_days),
                 fmt::format("weekends off ({} days)", weekend_days)});
  }
  return all;
}

void Count::Add(Date date) {
  if (first_.size() < kCountedByDate) first_.push_back(date);
  last_ = date;
  ++size_;
}

Text Count::ToText(int year) const {
  if (size_ > static_cast<std::int64_t>(kCountedByDate)) {
    const std::string span = ShortDate(first_.front(), year) + "…" + ShortDate(last_, year);
    return {fmt::format("{}（{} 天）", span, size_), fmt::format("{} ({} days)", span, size_)};
  }
  Text all;
  for (Date date : first_) {
    const std::string day = ShortDate(date, year);
    all.zh += (all.zh.empty() ? "" : "、") + day;
    all.en += (all.en.empty() ? "" : ", ") + day;
  }
  return all;
}

std::string ShortDate(Date date, int year) {
  return date.year == year ? fmt::format("{:02}-{:02}", date.month, date.day) : date.ToString();
}

Text DateWithWeekday(Date date) {
  static constexpr std::array kZh = {"一", "二", "三", "四", "五", "六", "日"};
  static constexpr std::array kEn = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const auto weekday = static_cast<std::size_t>(date.Weekday() - 1);
  return {fmt::format("{}（星期{}）", date.ToString(), kZh[weekday]),
          fmt::format("{} {}", kEn[weekday], date.ToString())};
}

Text LimitText(const TimeLimit& limit) {
  std::string_view zh = "日";
  switch (limit.unit) {
    case Unit::kMinutes:
      zh = "分钟";
      break;
    case Unit::kHours:
      zh = "小时";
      break;
    case Unit::kCalendarDays:
      break;
    case Unit::kWorkingDays:
      zh = "个工作日";
      break;
    case Unit::kMonths:
      zh = "个月";
      break;
  }
  return {fmt::format("{} {}", limit.amount, zh), ToString(limit)};
}

Text ProvisionalText(const std::set<int>& years) {
  if (years.empty()) return {};
  const std::string first = fmt::to_string(*years.begin());
  const std::string span = years.size() == 1 ? first : fmt::format("{}…{}", first, *years.rbegin());
  return {fmt::format("（暂定：{} 年放假通知尚未公布）", span),
          fmt::format(" (provisional: no holiday notice for {} yet)", span)};
}

}  // namespace duban::calendar
