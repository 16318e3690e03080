#include "core/statechart/due.h"

#include <fmt/format.h>

namespace duban::statechart {
namespace {

using calendar::Date;
using calendar::Deadline;
using definition::Clock;
using definition::Due;
using definition::Remind;
using model::Text;
using model::Timestamp;

constexpr int kReminderHour = 9;

std::unexpected<Text> NoInstant(std::string_view zone) {
  return std::unexpected(Text(fmt::format("无法在时区 {} 中确定这个时间", zone),
                              fmt::format("the instant cannot be told in the zone {}", zone)));
}

std::expected<Date, Text> Today(const Moment& moment) {
  if (const auto date = calendar::LocalDate(moment.now, moment.zone)) return *date;
  return NoInstant(moment.zone);
}

Date DayBefore(Date date) { return Date::FromDayNumber(date.DayNumber() - 1); }

std::expected<Date, Text> DateField(const definition::Definition& definition,
                                    model::FieldIndex index, const model::Case& state) {
  const auto* text = index < state.data.size() ? state.data[index].If<std::string>() : nullptr;
  const auto date = text != nullptr ? Date::Parse(*text) : std::nullopt;
  if (date) return *date;
  const std::string& name = definition.fields[index].name;
  return std::unexpected(
      Text(fmt::format("期限取自字段 {}，但它没有日期", name),
           fmt::format("the due date is in the field `{}`, which holds no date", name)));
}

// The calendar's deadline as a clock: at hour:minute of a day, which may have been moved to a
// working day.
std::expected<Deadline, Text> At(Date day, int hour, int minute, const Moment& moment,
                                 Text derivation, bool provisional) {
  const auto instant = calendar::LocalInstant(day, hour, minute, moment.zone);
  if (!instant) return NoInstant(moment.zone);
  return Deadline{*instant, day, provisional, std::move(derivation)};
}

std::expected<Deadline, Text> MonthlyAt(const Clock& clock, Date day, const Moment& moment) {
  const bool move = clock.working_days_before >= 0;
  const Date reminded =
      move ? calendar::ReminderDay(day, clock.working_days_before, moment.calendar) : day;
  bool provisional = false;
  for (std::int64_t n = reminded.DayNumber(); move && n <= day.DayNumber(); ++n) {
    provisional |= moment.calendar.At(Date::FromDayNumber(n)).provisional;
  }
  Text derivation(fmt::format("每月 {} 日：{}", clock.day_of_month, day.ToString()),
                  fmt::format("the {} of each month: {}", clock.day_of_month, day.ToString()));
  if (reminded != day) {
    derivation.zh += fmt::format("，提前到工作日 {}", reminded.ToString());
    derivation.en += fmt::format(", moved to the working day {}", reminded.ToString());
  }
  return At(reminded, clock.hour, clock.minute, moment, std::move(derivation), provisional);
}

std::expected<Deadline, Text> NextMonthlyClock(const Clock& clock, const Moment& moment) {
  const auto today = Today(moment);
  if (!today) return std::unexpected(today.error());
  Date day = DayBefore(*today);
  // A reminder day may lie before its month's day, so the first candidates may have passed.
  for (int tries = 0; tries < 24; ++tries) {
    day = calendar::NextMonthly(clock.day_of_month, day);
    auto deadline = MonthlyAt(clock, day, moment);
    if (!deadline || deadline->due > moment.now) return deadline;
  }
  return NoInstant(moment.zone);
}

std::expected<Deadline, Text> NextEvery(const Clock& clock, const Moment& moment,
                                        std::optional<Timestamp> last) {
  auto next =
      calendar::Compute(clock.limit, last.value_or(moment.now), moment.calendar, moment.zone);
  if (!next || next->due > moment.now || !last) return next;
  return calendar::Compute(clock.limit, moment.now, moment.calendar, moment.zone);
}

}  // namespace

std::expected<Deadline, Text> DeadlineOf(const definition::Definition& definition, const Due& due,
                                         const model::Case& state, const Moment& moment) {
  switch (due.kind) {
    case Due::Kind::kWithin:
      return calendar::Compute(due.limit, moment.now, moment.calendar, moment.zone);
    case Due::Kind::kOn:
      return calendar::OnDate(due.date, due.roll, moment.calendar, moment.zone);
    case Due::Kind::kMonthly: {
      const auto today = Today(moment);
      if (!today) return std::unexpected(today.error());
      const Date day = calendar::NextMonthly(due.day_of_month, DayBefore(*today));
      return calendar::OnDate(day, due.roll, moment.calendar, moment.zone);
    }
    case Due::Kind::kField: {
      const auto date = DateField(definition, due.field, state);
      if (!date) return std::unexpected(date.error());
      return calendar::OnDate(*date, due.roll, moment.calendar, moment.zone);
    }
  }
  return NoInstant(moment.zone);
}

std::optional<Timestamp> ReminderInstant(const Remind& remind, const Deadline& deadline,
                                         const Moment& moment) {
  switch (remind.kind) {
    case Remind::Kind::kPercent: {
      const std::int64_t span = deadline.due.seconds - moment.now.seconds;
      // In this order the product cannot overflow: spans are below 4e11 seconds, percents at most
      // 100.
      return Timestamp{moment.now.seconds + span * remind.percent / 100, moment.now.nanos};
    }
    case Remind::Kind::kWorkingDays: {
      const Date day =
          calendar::ReminderDay(deadline.last_day, remind.working_days, moment.calendar);
      return calendar::LocalInstant(day, kReminderHour, 0, moment.zone);
    }
    case Remind::Kind::kSpan:
      return model::Subtract(deadline.due, model::Duration::Seconds(remind.seconds));
  }
  return std::nullopt;
}

std::expected<Deadline, Text> ClockInstant(const Clock& clock, const Moment& moment,
                                           std::optional<Timestamp> last) {
  switch (clock.kind) {
    case Clock::Kind::kAfter:
      return calendar::Compute(clock.limit, moment.now, moment.calendar, moment.zone);
    case Clock::Kind::kFrom: {
      const std::string day = clock.date.ToString();
      return At(clock.date, clock.hour, clock.minute, moment,
                {"自 " + day + " 起", "from " + day + " on"}, false);
    }
    case Clock::Kind::kUntil: {
      const std::string day = clock.date.ToString();
      return At(clock.date, 24, 0, moment, {"至 " + day + " 24:00", "until " + day + " 24:00"},
                false);
    }
    case Clock::Kind::kMonthly:
      return NextMonthlyClock(clock, moment);
    case Clock::Kind::kEvery:
      return NextEvery(clock, moment, last);
  }
  return NoInstant(moment.zone);
}

}  // namespace duban::statechart
