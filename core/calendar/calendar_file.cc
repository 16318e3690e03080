#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/calendar/calendar.h"
#include "core/model/sha256.h"

namespace duban::calendar {
namespace {

using Json = nlohmann::json;
using model::Text;

constexpr std::size_t kMaxNameBytes = 200;

// What is wrong with one file, in both languages; the file's name comes in front.
struct Defect {
  Text what;
};

[[noreturn]] void Fail(std::string zh, std::string en) {
  throw Defect{{std::move(zh), std::move(en)}};
}

// One line of a file's `days`, for messages: "days[3] (2022-10-01)".
struct Item {
  std::size_t index;
  std::string date;
  std::string ToString() const {
    return date.empty() ? fmt::format("days[{}]", index)
                        : fmt::format("days[{}] ({})", index, date);
  }
};

struct FileDay {
  Date date;
  bool off;
  std::string name;
};

Json ParseJson(const std::string& text) {
  if (text.size() > Calendar::kMaxFileBytes) {
    Fail(fmt::format("文件有 {} 字节，最多 {} 字节；请检查是否放错了文件", text.size(),
                     Calendar::kMaxFileBytes),
         fmt::format("the file has {} bytes, at most {} are read; check that it is the right file",
                     text.size(), Calendar::kMaxFileBytes));
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const std::size_t at = std::min(e.byte == 0 ? 0 : e.byte - 1, text.size());
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    Fail(fmt::format("第 {} 行不是合法的 JSON；请重新下载该年的日历文件", line),
         fmt::format("line {} is not valid JSON; download the year's calendar file again", line));
  }
}

int YearOf(const Json& file, const std::string& name) {
  if (!file.is_object() || !file.contains("year") || !file["year"].is_number_integer()) {
    Fail("缺少整数字段 year；文件应为 {year, papers, days}",
         "the whole number `year` is missing; a file has {year, papers, days}");
  }
  const auto year = file["year"].get<std::int64_t>();
  if (year < 1949 || year > 9999) {
    Fail(fmt::format("year 为 {}，应在 1949 至 9999 之间", year),
         fmt::format("year is {}, it must be between 1949 and 9999", year));
  }
  const std::string stem = name.substr(0, name.find('.')).substr(name.rfind('/') + 1);
  const bool named_by_year =
      stem.size() == 4 && stem.find_first_not_of("0123456789") == std::string::npos;
  if (named_by_year && stem != fmt::format("{:04}", year)) {
    Fail(fmt::format("文件名是 {} 年，year 却是 {}；请改正其一", stem, year),
         fmt::format("the name says {}, but year is {}; correct one of them", stem, year));
  }
  return static_cast<int>(year);
}

FileDay ReadDay(const Json& day, std::size_t index, int year) {
  Item item{index, {}};
  const auto require = [&](const char* field, bool ok, const char* zh, const char* en) {
    if (ok) return;
    const std::string where = item.ToString() + (*field ? "." : "") + field;
    Fail(fmt::format("{} {}", where, zh), fmt::format("{} {}", where, en));
  };
  require("", day.is_object(), "应为 {name, date, isOffDay}", "must be {name, date, isOffDay}");
  const auto text = [&](const char* field) {
    const auto it = day.find(field);
    require(field, it != day.end() && it->is_string(), "缺失或不是文字",
            "is missing or not a text");
    return it->get<std::string>();
  };
  const std::string date_text = text("date");
  const auto date = Date::Parse(date_text);
  if (date) item.date = date_text;
  require("date", date.has_value(), "不是存在的日期，应如 2022-10-01",
          "is not a day that exists; write it like 2022-10-01");
  require("date", date->year == year || (date->year == year - 1 && date->month == 12),
          "不属于本文件的年份（本年或上年 12 月）",
          "lies outside the file's year (that year, or December before it)");
  std::string name = text("name");
  require("name", !name.empty() && name.size() <= kMaxNameBytes, "为空或过长（至多 200 字节）",
          "is empty or too long (at most 200 bytes)");
  const auto off = day.find("isOffDay");
  require("isOffDay", off != day.end() && off->is_boolean(), "缺失或不是 true/false",
          "is missing or not true/false");
  return {*date, off->get<bool>(), std::move(name)};
}

std::vector<FileDay> ReadDays(const Json& file, int year) {
  const auto days = file.find("days");
  if (days == file.end() || !days->is_array()) {
    Fail("缺少列表 days；尚未公布的年份写 \"days\": []",
         "the list `days` is missing; a year that is not announced yet has \"days\": []");
  }
  if (days->size() > Calendar::kMaxDaysPerFile) {
    Fail(fmt::format("days 有 {} 项，最多 {} 项", days->size(), Calendar::kMaxDaysPerFile),
         fmt::format("days has {} items, at most {} are possible", days->size(),
                     Calendar::kMaxDaysPerFile));
  }
  std::vector<FileDay> read;
  for (std::size_t i = 0; i < days->size(); ++i) read.push_back(ReadDay((*days)[i], i, year));
  return read;
}

}  // namespace

std::expected<Calendar, Text> Calendar::Parse(const std::map<std::string, std::string>& files) {
  if (files.size() > kMaxFiles) {
    return std::unexpected(Text(
        fmt::format("日历有 {} 个文件，最多 {} 个", files.size(), kMaxFiles),
        fmt::format("the calendar has {} files, at most {} are read", files.size(), kMaxFiles)));
  }
  Calendar calendar;
  std::map<Date, std::string> said_by;
  std::map<int, std::string> year_by;
  for (const auto& [name, text] : files) {
    try {
      const Json file = ParseJson(text);
      const int year = YearOf(file, name);
      if (const auto [it, fresh] = year_by.emplace(year, name); !fresh) {
        Fail(fmt::format("{} 年已由 {} 给出；请只保留一个", year, it->second),
             fmt::format("{} is already given by {}; keep one of them", year, it->second));
      }
      const std::vector<FileDay> days = ReadDays(file, year);
      if (!days.empty()) calendar.years_.push_back(year);
      for (std::size_t i = 0; i < days.size(); ++i) {
        const FileDay& day = days[i];
        const auto [it, fresh] =
            calendar.exceptions_.emplace(day.date, Exception{!day.off, day.name});
        if (!fresh && it->second.working == day.off) {
          const std::string item = Item{i, day.date.ToString()}.ToString();
          const std::string& other = said_by[day.date];
          Fail(fmt::format("{}：此处为{}，{} 却为{}；请按国务院通知改正", item,
                           day.off ? "休息" : "上班", other, day.off ? "上班" : "休息"),
               fmt::format(
                   "{}: it is {} here but {} in {}; correct it by the State Council's notice", item,
                   day.off ? "off" : "a working day", day.off ? "a working day" : "off", other));
        }
        if (fresh) said_by[day.date] = fmt::format("{} days[{}]", name, i);
      }
    } catch (const Defect& defect) {
      return std::unexpected(Text(fmt::format("日历文件 {}：{}", name, defect.what.zh),
                                  fmt::format("calendar file {}: {}", name, defect.what.en)));
    }
  }
  std::sort(calendar.years_.begin(), calendar.years_.end());
  std::string content;
  for (int year : calendar.years_) content += fmt::format("{}\n", year);
  for (const auto& [date, exception] : calendar.exceptions_) {
    content += fmt::format("{} {} {}\n", date.ToString(), exception.working ? "work" : "off",
                           exception.holiday);
  }
  if (!content.empty()) calendar.version_ = model::Hex(model::Sha256(content));
  return calendar;
}

}  // namespace duban::calendar
