// The official calendar that the shipped campaign uses, for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "core/calendar/calendar.h"

namespace duban::calendar {

inline constexpr const char* kShanghai = "Asia/Shanghai";

inline std::string ReadSource(const std::string& path) {
  const char* root = std::getenv("DUBAN_SOURCE");
  std::ifstream in((root ? std::string(root) + "/" : std::string()) + path);
  EXPECT_TRUE(in.good()) << path << ": run from the repository's root, or set DUBAN_SOURCE to it";
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::map<std::string, std::string> OfficialFiles() {
  std::map<std::string, std::string> files;
  for (int year = 2022; year <= 2027; ++year) {
    const std::string name = std::to_string(year) + ".json";
    files[name] = ReadSource("workflows/safety-inspection-2022/calendar/" + name);
  }
  return files;
}

inline const Calendar& Official() {
  static const Calendar calendar = Calendar::Parse(OfficialFiles()).value();
  return calendar;
}

inline Date D(const char* text) { return Date::Parse(text).value(); }

inline model::Timestamp At(const char* day, int hour, int minute = 0,
                           const char* zone = kShanghai) {
  return LocalInstant(D(day), hour, minute, zone).value();
}

}  // namespace duban::calendar
