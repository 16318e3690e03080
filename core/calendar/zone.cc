#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

#include "core/calendar/calendar.h"

namespace duban::calendar {
namespace {

const date::time_zone* Locate(std::string_view zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::optional<date::local_seconds> Local(model::Timestamp t, std::string_view zone) {
  const date::time_zone* found = Locate(zone);
  if (!found) return std::nullopt;
  return found->to_local(date::sys_seconds{std::chrono::seconds{t.seconds}});
}

}  // namespace

std::optional<Date> LocalDate(model::Timestamp t, std::string_view zone) {
  const auto local = Local(t, zone);
  if (!local) return std::nullopt;
  return Date::FromDayNumber(date::floor<date::days>(*local).time_since_epoch().count());
}

std::optional<model::Timestamp> LocalInstant(Date day, int hour, int minute,
                                             std::string_view zone) {
  const date::time_zone* found = Locate(zone);
  const bool clock =
      hour >= 0 && minute >= 0 && minute <= 59 && (hour <= 23 || (hour == 24 && minute == 0));
  if (!found || !clock || Date::Parse(day.ToString()) != day) return std::nullopt;
  const date::local_seconds local{date::days{day.DayNumber()} + std::chrono::hours{hour} +
                                  std::chrono::minutes{minute}};
  const std::int64_t seconds =
      found->to_sys(local, date::choose::earliest).time_since_epoch().count();
  if (seconds < model::Timestamp::kMinSeconds || seconds > model::Timestamp::kMaxSeconds)
    return std::nullopt;
  return model::Timestamp{seconds, 0};
}

std::string LocalText(model::Timestamp t, std::string_view zone) {
  const auto local = Local(t, zone);
  if (!local) return model::FormatRfc3339(t);
  const auto day = date::floor<date::days>(*local);
  const auto clock = *local - day;
  const std::int64_t number = day.time_since_epoch().count();
  if (clock.count() == 0 && t.nanos == 0)
    return Date::FromDayNumber(number - 1).ToString() + " 24:00";
  return fmt::format("{} {:02}:{:02}", Date::FromDayNumber(number).ToString(), clock.count() / 3600,
                     clock.count() / 60 % 60);
}

}  // namespace duban::calendar
