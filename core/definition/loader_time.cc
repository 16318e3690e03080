#include <algorithm>
#include <charconv>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

constexpr std::string_view kLimitExamples =
    "3 days, 3 working days, 24 hours, 30 minutes, 6 months, same day";

std::optional<calendar::Roll> ReadRoll(Context& context, const Node& node) {
  using calendar::Roll;
  if (node.scalar == "none") return Roll::kNone;
  if (node.scalar == "next_working_day") return Roll::kNextWorkingDay;
  if (node.scalar == "previous_working_day") return Roll::kPreviousWorkingDay;
  context.report.Error(
      "unknown-roll", node.place,
      Say("没有顺延规则 `{}`", "there is no roll rule `{}`", node.scalar),
      DidYouMeanOrList(node.scalar, {"none", "next_working_day", "previous_working_day"}));
  return std::nullopt;
}

bool ReadFirstDay(Context& context, const Node& node) {
  if (node.is_scalar() && (node.scalar == "counted" || node.scalar == "not_counted"))
    return node.scalar == "counted";
  context.report.Error(
      "wrong-value", node.place,
      {"first_day 只能是 counted 或 not_counted", "first_day is counted or not_counted"});
  return false;
}

void ReadClockTime(Context& context, const Node& node, Clock& clock) {
  const std::string& text = node.scalar;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (node.is_scalar() && text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) &&
      digit(4)) {
    const int hour = (text[0] - '0') * 10 + text[1] - '0';
    const int minute = (text[3] - '0') * 10 + text[4] - '0';
    if (hour < 24 && minute < 60) {
      clock.hour = hour;
      clock.minute = minute;
      return;
    }
  }
  context.report.Error("not-a-time", node.place,
                       Say("`{}` 不是时刻", "`{}` is not a time of day", text),
                       {"写成 \"09:00\"（加引号）", "write \"09:00\", in quotes"});
}

// "3 working days" → 3.
std::optional<int> ReadWorkingDays(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  const auto limit = calendar::ParseTimeLimit(node.scalar);
  if (limit && limit->unit == calendar::Unit::kWorkingDays && limit->amount <= 366)
    return static_cast<int>(limit->amount);
  context.report.Error(
      "not-a-time-limit", node.place,
      Say("`{}` 不是若干工作日", "`{}` is not a number of working days", node.scalar),
      {"写成 3 working days、0 working days 或 3个工作日", "write 3 working days, 0 working days"});
  return std::nullopt;
}

std::optional<Remind> ReadRemind(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  Remind remind;
  const std::string& text = node.scalar;
  if (text.ends_with('%')) {
    const char* end = text.data() + text.size() - 1;
    const auto [stop, error] = std::from_chars(text.data(), end, remind.percent);
    if (error == std::errc{} && stop == end && remind.percent >= 1 && remind.percent <= 99)
      return remind;
    context.report.Error("not-a-reminder", node.place,
                         Say("`{}` 不是 1% 到 99%", "`{}` is not 1% … 99%", text));
    return std::nullopt;
  }
  const auto limit = calendar::ParseTimeLimit(text);
  if (limit) {
    using calendar::Unit;
    constexpr std::int64_t kDay = 86'400;
    switch (limit->unit) {
      case Unit::kWorkingDays:
        remind.kind = Remind::Kind::kWorkingDays;
        remind.working_days = static_cast<int>(limit->amount);
        return remind;
      case Unit::kMinutes:
        remind.seconds = limit->amount * 60;
        break;
      case Unit::kHours:
        remind.seconds = limit->amount * 3'600;
        break;
      case Unit::kCalendarDays:
        remind.seconds = limit->amount * kDay;
        break;
      case Unit::kMonths:
        break;
    }
    remind.kind = Remind::Kind::kSpan;
    if (remind.seconds > 0) return remind;
  }
  context.report.Error("not-a-reminder", node.place,
                       Say("`{}` 不是提醒", "`{}` is not a reminder", text),
                       {"如 50%、3 working days、0 working days、2 hours、1 day",
                        "such as 50%, 3 working days, 0 working days, 2 hours, 1 day"});
  return std::nullopt;
}

void ReadDueMoment(Context& context, Due& due, const Object& object) {
  Report& report = context.report;
  if (const Node* within = object["within"]) {
    due.kind = Due::Kind::kWithin;
    due.limit = ReadTimeLimit(context, *within).value_or(calendar::TimeLimit{});
  } else if (const Node* on = object["on"]) {
    due.kind = Due::Kind::kOn;
    due.date = ReadDate(*on, context.report).value_or(calendar::Date{});
  } else if (const Node* monthly = object["monthly"]) {
    due.kind = Due::Kind::kMonthly;
    due.day_of_month = static_cast<int>(ReadInteger(*monthly, 1, 31, report).value_or(1));
  } else if (const Node* field = object["field"]) {
    due.kind = Due::Kind::kField;
    due.field = FindFieldOrReport(context, *field).value_or(0);
    if (context.fields.contains(field->scalar) &&
        context.definition.fields[due.field].kind != FieldKind::kDate) {
      report.Error("not-a-date-field", field->place,
                   Say("字段 `{}` 不是日期", "the field `{}` is not a date", field->scalar),
                   {"声明为 {type: date}", "declare it as {type: date}"});
    }
  }
}

bool CountsDays(const calendar::TimeLimit& limit) {
  return limit.unit != calendar::Unit::kMinutes && limit.unit != calendar::Unit::kHours;
}

void ReadCounting(Context& context, const Object& object, bool within, calendar::TimeLimit& limit,
                  calendar::Roll& roll) {
  if (const Node* first = object["first_day"]) {
    limit.first_day_counts = ReadFirstDay(context, *first);
    if (!within || !CountsDays(limit)) {
      context.report.Error("counting", first->place,
                           {"first_day 只用于 within 的日和月",
                            "first_day is for days and months of `within` only"});
    }
  }
  if (const Node* node = object["roll"]) {
    roll = ReadRoll(context, *node).value_or(calendar::Roll::kNone);
    if (within && !CountsDays(limit)) {
      context.report.Error("counting", node->place,
                           {"roll 只用于日和月", "roll is for days and months only"});
    }
    if (within) limit.roll = roll;
  }
}

Clock ReadAt(Context& context, const Object& object) {
  Clock clock;
  if (!object.ExactlyOne({"from", "until"}, context.report)) return clock;
  if (const Node* from = object["from"]) {
    clock.kind = Clock::Kind::kFrom;
    clock.date = ReadDate(*from, context.report).value_or(calendar::Date{});
    if (const Node* time = object["time"]) ReadClockTime(context, *time, clock);
  } else if (const Node* until = object["until"]) {
    clock.kind = Clock::Kind::kUntil;
    clock.date = ReadDate(*until, context.report).value_or(calendar::Date{});
    if (object["time"] != nullptr) {
      context.report.Error(
          "conflicting-keys", object.KeyPlace("time"),
          {"until 是当天 24:00，没有 time", "`until` is at 24:00 of the day and takes no time"});
    }
  }
  return clock;
}

Clock ReadEvery(Context& context, const Object& object) {
  Clock clock;
  if (!object.ExactlyOne({"monthly", "within"}, context.report)) return clock;
  if (const Node* monthly = object["monthly"]) {
    clock.kind = Clock::Kind::kMonthly;
    clock.day_of_month = static_cast<int>(ReadInteger(*monthly, 1, 31, context.report).value_or(1));
    clock.working_days_before = -1;
    clock.hour = 9;
    if (const Node* before = object["before"])
      clock.working_days_before = ReadWorkingDays(context, *before).value_or(0);
    if (const Node* time = object["time"]) ReadClockTime(context, *time, clock);
    return clock;
  }
  clock.kind = Clock::Kind::kEvery;
  if (const Node* within = object["within"]) {
    clock.limit = ReadTimeLimit(context, *within).value_or(calendar::TimeLimit{1});
    if (clock.limit.amount == 0) {
      context.report.Error("empty-interval", within->place,
                           {"间隔不能是零", "the interval cannot be nothing"});
    }
  }
  for (const std::string_view key : {"before", "time"}) {
    if (object[key] == nullptr) continue;
    context.report.Error("conflicting-keys", object.KeyPlace(key),
                         Say("`{}` 只与 monthly 一起", "`{}` goes with `monthly` only", key));
  }
  return clock;
}

}  // namespace

std::optional<calendar::TimeLimit> ReadTimeLimit(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  auto limit = calendar::ParseTimeLimit(node.scalar);
  if (!limit) {
    context.report.Error("not-a-time-limit", node.place,
                         Say("`{}` 不是期间", "`{}` is not a time limit", node.scalar),
                         Say("如 {}；3日、3个工作日、24小时、6个月", "such as {}", kLimitExamples));
  }
  return limit;
}

void ReadDue(Context& context, model::StateIndex state, const Node& node) {
  const Object object(node, kDueKeys, context.report);
  if (!object.is_map()) return;
  Due due;
  due.place = object.node().place;
  const Node* basis = object["basis"];
  const bool by_versions = basis != nullptr && basis->is_sequence() && !object["on"] &&
                           !object["monthly"] && !object["field"];
  if (by_versions || object.ExactlyOne({"within", "on", "monthly", "field"}, context.report)) {
    ReadDueMoment(context, due, object);
    ReadCounting(context, object, due.kind == Due::Kind::kWithin, due.limit, due.roll);
  }
  if (basis != nullptr) ReadBasis(context, due, *basis);
  if (const Node* from = object["from"]) ReadDueFrom(context, due, *from);
  if (const Node* pause = object["pause"])
    due.pause = ReadBool(*pause, context.report).value_or(false);
  if (const Node* reminders = object["remind"]) {
    for (const Node* reminder : OneOrMany(*reminders)) {
      if (const auto remind = ReadRemind(context, *reminder)) due.remind.push_back(*remind);
    }
  }
  if (const Node* urgency = object["urgency"]) due.urgency = ReadUrgency(context, *urgency);
  if (const Node* also = object["remind_also"]) due.remind_also = ReadAddressees(context, *also);
  if (const Node* overdue = object["overdue"]) ReadOverdue(context, state, due, *overdue);
  context.definition.states[state].due = std::move(due);
}

void ReadClocks(Context& context, model::StateIndex state, ClockKey key, const Node& node) {
  const Table& table = key == ClockKey::kAfter ? kAfterKeys
                       : key == ClockKey::kAt  ? kAtKeys
                                               : kEveryKeys;
  for (const Node* item : OneOrMany(node)) {
    const Object object(*item, table, context.report);
    if (!object.is_map()) continue;
    Clock clock;
    if (key == ClockKey::kAt) {
      clock = ReadAt(context, object);
    } else if (key == ClockKey::kEvery) {
      clock = ReadEvery(context, object);
    } else if (const Node* within = object["within"]) {
      clock.limit = ReadTimeLimit(context, *within).value_or(calendar::TimeLimit{});
      calendar::Roll roll = calendar::Roll::kNone;
      ReadCounting(context, object, true, clock.limit, roll);
    }
    if (const Node* basis = object["basis"]) clock.basis = ReadTitle(*basis, context.report);
    Transition transition = ReadTransitionCore(context, state, object);
    State& owner = context.definition.states[state];
    transition.clock = static_cast<int>(owner.clocks.size());
    owner.clocks.push_back(std::move(clock));
    AddTransition(context, std::move(transition));
  }
}

}  // namespace duban::definition
