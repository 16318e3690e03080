#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/calendar/calendar.h"
#include "tests/unit/calendar/official.h"

namespace duban::calendar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Days(const std::string& items) { return R"({"year": 2022, "days": [)" + items + "]}"; }

constexpr const char* kOff = R"({"name": "国庆节", "date": "2022-10-01", "isOffDay": true})";
constexpr const char* kWork = R"({"name": "国庆节", "date": "2022-10-01", "isOffDay": false})";

// Each wrong file is refused with its name, the item and what is wrong, in both languages.
void ExpectRefused(const std::map<std::string, std::string>& files, const std::string& name,
                   const std::string& en, const std::string& zh) {
  const auto calendar = Calendar::Parse(files);
  ASSERT_FALSE(calendar.has_value()) << en;
  EXPECT_THAT(calendar.error().en, AllOf(HasSubstr(name), HasSubstr(en)));
  EXPECT_THAT(calendar.error().zh, AllOf(HasSubstr(name), HasSubstr(zh)));
}

void ExpectRefused(const std::string& json, const std::string& en, const std::string& zh) {
  ExpectRefused({{"2022.json", json}}, "2022.json", en, zh);
}

TEST(CalendarFileTest, NotJson) {
  ExpectRefused("", "line 1 is not valid JSON", "第 1 行");
  ExpectRefused("{\n\"year\": 2022,\n\"days\": [}", "line 3 is not valid JSON", "第 3 行");
  ExpectRefused("{\"year\": \"\xff\xfe\"}", "not valid JSON", "不是合法的 JSON");
  ExpectRefused(std::string(900'000, '['), "not valid JSON", "不是合法的 JSON");
}

TEST(CalendarFileTest, WrongShape) {
  ExpectRefused("[]", "`year` is missing", "缺少整数字段 year");
  ExpectRefused("{}", "`year` is missing", "缺少整数字段 year");
  ExpectRefused(R"({"year": "2022"})", "`year` is missing", "缺少整数字段 year");
  ExpectRefused(R"({"year": 2022})", "`days` is missing", "缺少列表 days");
  ExpectRefused(R"({"year": 2022, "days": {}})", "`days` is missing", "缺少列表 days");
  ExpectRefused(Days("7"), "days[0] must be {name, date, isOffDay}", "days[0] 应为");
  ExpectRefused(Days(R"({"name": "x", "isOffDay": true})"), "days[0].date is missing",
                "days[0].date 缺失");
  ExpectRefused(Days(R"({"name": "x", "date": "2022-02-30", "isOffDay": true})"),
                "days[0].date is not a day", "不是存在的日期");
  ExpectRefused(Days(R"({"date": "2022-10-01", "isOffDay": true})"),
                "days[0] (2022-10-01).name is missing", "days[0] (2022-10-01).name 缺失");
  ExpectRefused(Days(R"({"name": "", "date": "2022-10-01", "isOffDay": true})"), "name is empty",
                "name 为空");
  ExpectRefused(Days(R"({"name": "x", "date": "2022-10-01", "isOffDay": 1})"),
                "isOffDay is missing or not true/false", "isOffDay 缺失");
}

TEST(CalendarFileTest, WrongYear) {
  ExpectRefused({{"2023.json", Days(kOff)}}, "2023.json", "the name says 2023, but year is 2022",
                "文件名是 2023 年");
  ExpectRefused(R"({"year": 12022, "days": []})", "between 1949 and 9999", "1949 至 9999");
  ExpectRefused(R"({"year": -1, "days": []})", "between 1949 and 9999", "1949 至 9999");
  ExpectRefused(Days(R"({"name": "x", "date": "2023-01-01", "isOffDay": true})"),
                "days[0] (2023-01-01).date lies outside the file's year", "不属于本文件的年份");
  ExpectRefused(Days(R"({"name": "x", "date": "2021-11-30", "isOffDay": true})"),
                "outside the file's year", "不属于本文件的年份");
  ExpectRefused({{"a.json", Days(kOff)}, {"b.json", Days(kOff)}}, "b.json",
                "2022 is already given by a.json", "2022 年已由 a.json 给出");
}

TEST(CalendarFileTest, Contradictions) {
  ExpectRefused(Days(std::string(kOff) + "," + kWork),
                "days[1] (2022-10-01): it is a working day here but off in 2022.json days[0]",
                "days[1] (2022-10-01)：此处为上班，2022.json days[0] 却为休息");
  const std::string december = R"({"name": "元旦", "date": "2022-12-31", "isOffDay": )";
  ExpectRefused({{"2022.json", Days(december + "false}")},
                 {"2023.json", R"({"year": 2023, "days": [)" + december + "true}]}"}},
                "2023.json", "but a working day in 2022.json days[0]",
                "2022.json days[0] 却为上班");
  EXPECT_TRUE(Calendar::Parse({{"2022.json", Days(std::string(kOff) + "," + kOff)}}).has_value());
}

TEST(CalendarFileTest, Limits) {
  std::string padded = Days(kOff);
  padded.resize(Calendar::kMaxFileBytes, ' ');
  EXPECT_TRUE(Calendar::Parse({{"2022.json", padded}}).has_value());
  padded += ' ';
  ExpectRefused(padded, "the file has 1048577 bytes, at most 1048576", "1048577 字节");

  std::string items = kOff;
  for (std::size_t i = 1; i < Calendar::kMaxDaysPerFile; ++i) items += std::string(",") + kOff;
  EXPECT_TRUE(Calendar::Parse({{"2022.json", Days(items)}}).has_value());
  ExpectRefused(Days(items + "," + kOff), "days has 401 items", "401 项");

  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < Calendar::kMaxFiles; ++i) {
    const std::string year = std::to_string(2000 + i);
    files[year + ".json"] = R"({"year": )" + year + R"(, "days": []})";
  }
  EXPECT_TRUE(Calendar::Parse(files).has_value());
  files["one more"] = "{}";
  EXPECT_FALSE(Calendar::Parse(files).has_value());
}

TEST(CalendarFileTest, VersionIsTheContentAlone) {
  const std::string version = Official().version();
  EXPECT_EQ(version.size(), 64u);
  auto files = OfficialFiles();
  files["2022.json"] += "\n \n";
  files["notices/2023.json"] = files["2023.json"];
  files.erase("2023.json");
  files.erase("2027.json");  // announces nothing
  EXPECT_EQ(Calendar::Parse(files).value().version(), version);
  files.erase("2022.json");
  EXPECT_NE(Calendar::Parse(files).value().version(), version);
  EXPECT_EQ(Calendar::Parse({}).value().version(), "");
}

TEST(CalendarFileTest, DamagedFilesNeverCrash) {
  const std::string whole = OfficialFiles()["2027.json"] + Days(kOff);
  const std::string file =
      Days(std::string(kOff) + "," + R"({"name":"x","date":"2022-10-08","isOffDay":false})");
  for (std::size_t cut = 0; cut < file.size(); ++cut) {
    EXPECT_FALSE(Calendar::Parse({{"2022.json", file.substr(0, cut)}}).has_value()) << cut;
  }
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = file;
    for (int hits = 0; hits < 3; ++hits)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto calendar = Calendar::Parse({{"2022.json", damaged}});
    if (!calendar) {
      EXPECT_FALSE(calendar.error().zh.empty());
    }
  }
  EXPECT_FALSE(Calendar::Parse({{"2022.json", whole}}).has_value());
}

}  // namespace
}  // namespace duban::calendar
