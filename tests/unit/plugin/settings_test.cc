#include "core/plugin/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

namespace duban::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string Refusal(const Settings& settings, const std::function<void(SettingsReader&)>& read) {
  try {
    SettingsReader reader(settings);
    read(reader);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

TEST(SettingsReader, ReadsWhatIsThereAndTheDefaultsOfTheRest) {
  const Settings settings{{"path", "x"}, {"port", "25"}, {"mode", "fast"}};
  SettingsReader reader(settings);
  EXPECT_EQ(reader.Required("path"), "x");
  EXPECT_EQ(reader.Optional("host", "localhost"), "localhost");
  EXPECT_EQ(reader.Integer("port", 1, 1, 65535), 25);
  EXPECT_EQ(reader.Integer("retries", 3, 0, 9), 3);
  EXPECT_EQ(reader.OneOf("mode", {"safe", "fast"}), "fast");
  EXPECT_EQ(reader.OneOf("other", {"safe", "fast"}), "safe");
  EXPECT_EQ(reader.Secret("password"), "");
  EXPECT_NO_THROW(reader.Finish());
}

TEST(SettingsReader, RefusesWhatIsMissing) {
  EXPECT_THAT(Refusal({}, [](auto& r) { r.Required("path"); }),
              HasSubstr("the setting path is missing"));
  EXPECT_THAT(Refusal({{"path", ""}}, [](auto& r) { r.Required("path"); }),
              HasSubstr("缺少设置 path"));
}

TEST(SettingsReader, RefusesWhatNobodyAskedForAndNamesWhatThereIs) {
  const auto read = [](SettingsReader& r) {
    r.Optional("path");
    r.Secret("key");
    r.Finish();
  };
  EXPECT_THAT(Refusal({{"paht", "x"}}, read),
              AllOf(HasSubstr("no setting paht"), HasSubstr("key_env, key_file, path")));
}

TEST(SettingsReader, RefusesNumbersOutOfRangeAndOtherChoices) {
  const auto port = [](SettingsReader& r) { r.Integer("port", 1, 1, 10); };
  for (const char* wrong : {"0", "11", "", "x", "5x", "99999999999999999999"}) {
    EXPECT_THAT(Refusal({{"port", wrong}}, port), HasSubstr("from 1 to 10")) << wrong;
  }
  EXPECT_EQ(Refusal({{"port", "1"}}, port), "");
  EXPECT_EQ(Refusal({{"port", "10"}}, port), "");
  EXPECT_THAT(Refusal({{"mode", "x"}}, [](auto& r) { r.OneOf("mode", {"a", "b"}); }),
              HasSubstr("not one of a, b"));
}

TEST(SettingsReader, TakesSecretsFromFilesAndTheEnvironmentOnly) {
  const std::string path = testing::TempDir() + "duban_settings_secret";
  std::ofstream(path) << "s3cret\r\n";
  const auto read = [](SettingsReader& r) { EXPECT_EQ(r.Secret("key"), "s3cret"); };
  EXPECT_EQ(Refusal({{"key_file", path}}, read), "");
  setenv("DUBAN_TEST_SECRET", "s3cret", 1);
  EXPECT_EQ(Refusal({{"key_env", "DUBAN_TEST_SECRET"}}, read), "");

  const auto secret = [](SettingsReader& r) { r.Secret("key"); };
  EXPECT_THAT(Refusal({{"key_file", path}, {"key_env", "DUBAN_TEST_SECRET"}}, secret),
              HasSubstr("not both"));
  EXPECT_THAT(Refusal({{"key_env", "DUBAN_TEST_UNSET"}}, secret),
              HasSubstr("DUBAN_TEST_UNSET is not set"));
  std::ofstream(path).flush();
  EXPECT_THAT(Refusal({{"key_file", path}}, secret), HasSubstr("empty or missing"));
  std::filesystem::remove(path);
  EXPECT_THAT(Refusal({{"key_file", path}}, secret), HasSubstr(path));
  const auto direct = [](SettingsReader& r) {
    r.Secret("key");
    r.Finish();
  };
  EXPECT_THAT(Refusal({{"key", "hunter2"}}, direct),
              AllOf(HasSubstr("no setting key"), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace duban::plugin
