#include "core/statechart/due.h"

#include <fmt/format.h>

#include <algorithm>

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

// The date or the instant that a field or an event carries: a date begins at 0:00.
std::optional<Timestamp> InstantIn(const model::Value& value, std::string_view zone) {
  if (const auto* instant = value.If<Timestamp>()) return *instant;
  const auto* text = value.If<std::string>();
  if (text == nullptr) return std::nullopt;
  if (const auto date = Date::Parse(*text)) return calendar::LocalInstant(*date, 0, 0, zone);
  return model::ParseRfc3339(*text);
}

bool CountsClockTime(calendar::Unit unit) {
  return unit == calendar::Unit::kHours || unit == calendar::Unit::kMinutes;
}

const definition::Provision* InForce(const Due& due, Timestamp from, std::string_view zone) {
  const auto day = calendar::LocalDate(from, zone);
  for (const definition::Provision& provision : due.provisions) {
    if (day && provision.InForce(*day)) return &provision;
  }
  return nullptr;
}

// The limit as the due date counts it: `first_day` and `roll` are the same in every version.
calendar::TimeLimit LimitOf(const Due& due, Timestamp from, std::string_view zone) {
  const definition::Provision* provision = InForce(due, from, zone);
  if (provision == nullptr) return due.limit;
  calendar::TimeLimit limit = provision->limit;
  limit.first_day_counts = due.limit.first_day_counts && !CountsClockTime(limit.unit);
  limit.roll = CountsClockTime(limit.unit) ? calendar::Roll::kNone : due.limit.roll;
  return limit;
}

void Tell(Text& story, const Text& more) {
  story.zh += more.zh;
  story.en += more.en;
}

// A limit that a suspension has made longer by `paused`.
std::expected<Deadline, Text> Longer(const calendar::TimeLimit& limit, std::int64_t paused,
                                     const Moment& moment) {
  calendar::TimeLimit longer = limit;
  if (CountsClockTime(limit.unit)) {
    auto deadline = calendar::Compute(limit, moment.now, moment.calendar, moment.zone);
    if (!deadline) return deadline;
    const auto due = model::Add(deadline->due, model::Duration::Seconds(paused));
    if (!due) return NoInstant(moment.zone);
    deadline->due = *due;
    const std::string end = calendar::LocalText(*due, moment.zone);
    if (const auto day = Date::Parse(std::string_view(end).substr(0, 10)))
      deadline->last_day = *day;
    Tell(deadline->derivation, {" → 顺延至 " + end, " → moved on to " + end});
    return deadline;
  }
  if (limit.unit != calendar::Unit::kMonths) {
    longer.amount += paused;
    return calendar::Compute(longer, moment.now, moment.calendar, moment.zone);
  }
  longer.roll = calendar::Roll::kNone;
  auto months = calendar::Compute(longer, moment.now, moment.calendar, moment.zone);
  if (!months) return months;
  const Date last = Date::FromDayNumber(months->last_day.DayNumber() + paused);
  auto deadline = calendar::OnDate(last, limit.roll, moment.calendar, moment.zone);
  if (!deadline) return deadline;
  Text story = months->derivation;
  Tell(story, {" → " + deadline->derivation.zh, " → " + deadline->derivation.en});
  deadline->derivation = std::move(story);
  return deadline;
}

std::expected<Deadline, Text> Within(const Due& due, const Moment& moment, std::int64_t paused) {
  if (!due.provisions.empty() && InForce(due, moment.now, moment.zone) == nullptr) {
    const std::string day = calendar::LocalText(moment.now, moment.zone).substr(0, 10);
    return std::unexpected(
        Text(fmt::format("{} 没有任何一个版本的依据有效，没有期限", day),
             fmt::format("no version of the basis is in force on {}: nothing is due", day)));
  }
  const calendar::TimeLimit limit = LimitOf(due, moment.now, moment.zone);
  if (paused > 0) return Longer(limit, paused, moment);
  return calendar::Compute(limit, moment.now, moment.calendar, moment.zone);
}

Text PauseText(const Due& due, const Moment& moment, std::int64_t paused) {
  if (paused <= 0) return {};
  const calendar::Unit unit = LimitOf(due, moment.now, moment.zone).unit;
  if (due.kind == Due::Kind::kWithin && CountsClockTime(unit)) {
    return {fmt::format("；中止 {} 分钟不计", paused / 60),
            fmt::format("; {} minutes of suspension are not counted", paused / 60)};
  }
  if (due.kind == Due::Kind::kWithin && unit == calendar::Unit::kWorkingDays) {
    return {fmt::format("；其中中止的 {} 个工作日不计入期限", paused),
            fmt::format("; {} working days of suspension among them", paused)};
  }
  return {fmt::format("；其中中止的 {} 日不计入期限", paused),
          fmt::format("; {} days of suspension among them", paused)};
}

}  // namespace

std::expected<Timestamp, Text> CountFrom(const definition::Definition& definition, const Due& due,
                                         const model::Case& state, const model::Value& event,
                                         const Moment& moment) {
  switch (due.from) {
    case Due::From::kEntry:
      return moment.now;
    case Due::From::kStart:
      // The step that starts the case has not given it a time yet.
      return state.started_at == Timestamp{} ? moment.now : state.started_at;
    case Due::From::kField: {
      static const model::Value kUnset;
      const model::Value& value =
          due.from_field < state.data.size() ? state.data[due.from_field] : kUnset;
      if (const auto instant = InstantIn(value, moment.zone)) return *instant;
      const std::string& name = definition.fields[due.from_field].name;
      return std::unexpected(
          Text(fmt::format("期限自字段 {} 起算，但它没有日期", name),
               fmt::format("the due date is counted from the field `{}`, which is not set", name)));
    }
    case Due::From::kEvent: {
      const auto* data = event.IfMap();
      const model::Value* value =
          data != nullptr ? data->Find(std::string_view(due.from_key)) : nullptr;
      const auto instant = value != nullptr ? InstantIn(*value, moment.zone) : std::nullopt;
      if (instant) return *instant;
      return std::unexpected(
          Text(fmt::format("期限自事件数据 {} 起算，但事件没有这个日期", due.from_key),
               fmt::format("the due date is counted from `{}` in the event's data, which holds no "
                           "date",
                           due.from_key)));
    }
  }
  return moment.now;
}

std::expected<Deadline, Text> DeadlineOf(const definition::Definition& definition, const Due& due,
                                         const model::Case& state, const Moment& moment,
                                         std::int64_t paused) {
  const auto later = [paused](Date day) { return Date::FromDayNumber(day.DayNumber() + paused); };
  std::expected<Deadline, Text> deadline = NoInstant(moment.zone);
  switch (due.kind) {
    case Due::Kind::kWithin:
      deadline = Within(due, moment, paused);
      break;
    case Due::Kind::kOn:
      deadline = calendar::OnDate(later(due.date), due.roll, moment.calendar, moment.zone);
      break;
    case Due::Kind::kMonthly: {
      const auto today = Today(moment);
      if (!today) return std::unexpected(today.error());
      const Date day = calendar::NextMonthly(due.day_of_month, DayBefore(*today));
      deadline = calendar::OnDate(later(day), due.roll, moment.calendar, moment.zone);
      break;
    }
    case Due::Kind::kField: {
      const auto date = DateField(definition, due.field, state);
      if (!date) return std::unexpected(date.error());
      deadline = calendar::OnDate(later(*date), due.roll, moment.calendar, moment.zone);
      break;
    }
  }
  if (!deadline) return deadline;
  Tell(deadline->derivation, PauseText(due, moment, paused));
  if (const Text basis = BasisOf(due, moment.now, moment.zone); !basis.empty()) {
    Tell(deadline->derivation, {"；依据：" + basis.In("zh"), "; basis: " + basis.In("en")});
  }
  return deadline;
}

Text BasisOf(const Due& due, Timestamp from, std::string_view zone) {
  if (due.provisions.empty()) return due.basis;
  const definition::Provision* provision = InForce(due, from, zone);
  if (provision == nullptr) return {};
  if (!provision->from) return provision->basis;
  const std::string since = provision->from->ToString();
  return {fmt::format("{}（{} 起施行）", provision->basis.In("zh"), since),
          fmt::format("{} (in force since {})", provision->basis.In("en"), since)};
}

std::int64_t PausedSince(const Due& due, Timestamp from, Timestamp since, const Moment& moment) {
  const auto first = calendar::LocalDate(since, moment.zone);
  const auto last = calendar::LocalDate(moment.now, moment.zone);
  if (!first || !last) return 0;
  const calendar::Unit unit = LimitOf(due, from, moment.zone).unit;
  if (due.kind == Due::Kind::kWithin && CountsClockTime(unit))
    return std::max<std::int64_t>(moment.now.seconds - since.seconds, 0);
  std::int64_t days = 0;
  for (std::int64_t n = first->DayNumber(); n < last->DayNumber(); ++n) {
    const bool counted = due.kind != Due::Kind::kWithin || unit != calendar::Unit::kWorkingDays ||
                         moment.calendar.At(Date::FromDayNumber(n)).working;
    days += counted ? 1 : 0;
  }
  return days;
}

std::expected<Deadline, Text> StageInstant(const definition::Overdue& stage, Timestamp due,
                                           const Moment& moment) {
  // A due date at 24:00 belongs to the day that it ends.
  const Timestamp start =
      CountsClockTime(stage.after.unit) ? due : Timestamp{due.seconds - 1, due.nanos};
  return calendar::Compute(stage.after, start, moment.calendar, moment.zone);
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
