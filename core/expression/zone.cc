#include "core/expression/zone.h"

#include <date/tz.h>

namespace duban::expression {
namespace {

// "+08:00", "-02:30", "02:00"; nullopt when `text` is not an offset.
std::optional<std::int32_t> ParseOffset(std::string_view text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.remove_prefix(1);
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (hours * 3600 + minutes * 60) * (west ? -1 : 1);
}

}  // namespace

std::optional<Zone> Zone::Find(std::string_view name) {
  Zone out;
  if (name == "UTC" || name == "Z") return out;
  if (const auto offset = ParseOffset(name)) {
    out.offset_seconds_ = *offset;
    return out;
  }
  constexpr std::size_t kLongestName = 64;
  if (name.empty() || name.size() > kLongestName) return std::nullopt;
  try {
    out.named_ = date::locate_zone(std::string(name));
    return out;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

LocalTime Zone::Local(model::Timestamp t) const {
  const date::sys_seconds at{std::chrono::seconds{t.seconds}};
  std::chrono::seconds offset{offset_seconds_};
  if (named_ != nullptr) {
    try {
      offset = named_->get_info(at).offset;
    } catch (const std::exception&) {
      offset = {};  // the zone's file vanished while the program runs
    }
  }
  const auto local = at + offset;
  const auto day = date::floor<date::days>(local);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss time{local - day};
  LocalTime out;
  out.year = int{ymd.year()};
  out.month = static_cast<int>(unsigned{ymd.month()});
  out.day = static_cast<int>(unsigned{ymd.day()});
  out.day_of_week = static_cast<int>(date::weekday{day}.c_encoding());
  out.day_of_year =
      static_cast<int>((day - date::sys_days{ymd.year() / date::January / 1}).count());
  out.hour = static_cast<int>(time.hours().count());
  out.minute = static_cast<int>(time.minutes().count());
  out.second = static_cast<int>(time.seconds().count());
  return out;
}

}  // namespace duban::expression
