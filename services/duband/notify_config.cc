#include "services/duband/notify_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace duban::duband {
namespace {

using engine::Schedule;
using model::Text;

constexpr std::string_view kWeekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday"};

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<int> ReadNumber(std::string_view text, int min, int max) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || number < min || number > max)
    return std::nullopt;
  return number;
}

// "08:30" → 510; 24:00 is none.
std::optional<int> ReadMinute(std::string_view text) {
  text = Trimmed(text);
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = ReadNumber(text.substr(0, 2), 0, 23);
  const auto minute = ReadNumber(text.substr(3), 0, 59);
  if (!hour || !minute) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<Text> SetRoute(std::vector<NotifyConfig::Way>& route, std::string_view value) {
  std::set<std::string_view> seen;
  bool otherwise = false;
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t end = rest.find_first_of(",|");
    const std::string_view name = Trimmed(rest.substr(0, end));
    const bool bar = end != std::string_view::npos && rest[end] == '|';
    if (name.empty() && (otherwise || bar)) {
      return Text("“|” 两边都应是通知渠道，例如 wecom | email",
                  "on both sides of | stands a notifier, for example wecom | email");
    }
    if (!name.empty() && !seen.insert(name).second) {
      return Text(fmt::format("渠道 {} 写了两次", name),
                  fmt::format("{} stands there twice", name));
    }
    if (!name.empty()) route.push_back({std::string(name), otherwise});
    otherwise = bar;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (rest.empty() && bar) rest = " ";
  }
  return std::nullopt;
}

std::optional<Text> SetQuiet(Schedule& schedule, std::string_view value) {
  const std::size_t dash = std::min(value.find('-'), value.size());
  const int from = ReadMinute(value.substr(0, dash)).value_or(-1);
  const int until = ReadMinute(value.substr(std::min(dash + 1, value.size()))).value_or(-1);
  if (from < 0 || until < 0 || from == until) {
    return Text("应为 起-止，例如 22:00-07:00", "it is from-until, for example 22:00-07:00");
  }
  schedule.quiet = Schedule::Hours{from, until};
  return std::nullopt;
}

std::optional<Text> SetDigestDay(Schedule& schedule, std::string_view value) {
  const auto* weekday = std::ranges::find(kWeekdays, value);
  if (value == "daily") {
    schedule.digest_on = Schedule::DigestOn::kDaily;
  } else if (weekday != std::end(kWeekdays)) {
    schedule.digest_on = Schedule::DigestOn::kWeekday;
    schedule.digest_day = static_cast<int>(weekday - std::begin(kWeekdays)) + 1;
  } else if (const auto day = ReadNumber(value, 1, 31)) {
    schedule.digest_on = Schedule::DigestOn::kDayOfMonth;
    schedule.digest_day = *day;
  } else {
    return Text("应为 daily、monday 至 sunday，或每月几日 1 至 31",
                "it is daily, monday to sunday, or a day of the month, 1 to 31");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Text> SetNotify(NotifyConfig& config, const std::string& key,
                              const std::string& value) {
  Schedule& schedule = config.schedule;
  if (key == "quiet") return SetQuiet(schedule, value);
  if (key == "digest_on") return SetDigestDay(schedule, value);
  if (key == "digest_at") {
    const auto minute = ReadMinute(value);
    if (!minute) return Text("应为时刻，例如 08:30", "it is a time of day, for example 08:30");
    schedule.digest_minute = *minute;
  } else if (key == "quiet_days") {
    if (value != "none" && value != "non-working")
      return Text("应为 none 或 non-working", "it is none or non-working");
    schedule.quiet_days_off = value == "non-working";
  } else if (key == "time_zone") {
    if (!calendar::LocalDate({}, value)) {
      return Text("应为 IANA 时区，例如 Asia/Shanghai",
                  "it is an IANA time zone, for example Asia/Shanghai");
    }
    schedule.time_zone = value;
  } else {
    return SetRoute(config.routes[key], value);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> UnknownChannels(
    const NotifyConfig& config, const std::set<std::string>& notifiers) {
  std::vector<std::pair<std::string, std::string>> unknown;
  for (const auto& [urgency, route] : config.routes) {
    for (const NotifyConfig::Way& way : route) {
      if (!notifiers.contains(way.name)) unknown.emplace_back(urgency, way.name);
    }
  }
  return unknown;
}

}  // namespace duban::duband
