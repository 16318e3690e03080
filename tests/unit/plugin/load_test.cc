// What is refused when a plugin is loaded, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/plugin/host.h"

#include "core/plugin/abi.h"
namespace duban::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::filesystem::path kPlugins = BAD_PLUGINS;

std::string RefusalOf(const std::filesystem::path& path, const Settings& settings = {}) {
  const auto loaded = LoadNotifier(path, settings);
  if (loaded) return "was loaded";
  EXPECT_FALSE(loaded.error().zh.empty());
  EXPECT_NE(loaded.error().zh, loaded.error().en);
  return loaded.error().en;
}

std::string Refusal(const std::string& name, const Settings& settings = {}) {
  return RefusalOf(kPlugins / (name + ".so"), settings);
}

TEST(LoadPlugin, AMissingFileIsNamedWithThePluginsBesideIt) {
  EXPECT_THAT(Refusal("slqite"), AllOf(HasSubstr("slqite.so"), HasSubstr("incomplete, "),
                                       HasSubstr("moody_notifier")));
}

TEST(LoadPlugin, AMissingDirectoryIsSaid) {
  EXPECT_THAT(RefusalOf(kPlugins / "none" / "x.so"), HasSubstr("directory"));
  const auto empty = std::filesystem::path(testing::TempDir()) / "duban_no_plugins";
  std::filesystem::create_directory(empty);
  EXPECT_THAT(RefusalOf(empty / "x.so"), HasSubstr("no plugins in that directory"));
  std::filesystem::remove(empty);
}

TEST(LoadPlugin, AFileThatIsNoLibraryIsRefused) {
  const auto path = std::filesystem::path(testing::TempDir()) / "duban_text.so";
  std::ofstream(path) << "hello";
  EXPECT_THAT(RefusalOf(path),
              AllOf(HasSubstr("cannot be loaded as a plugin"), HasSubstr(path.string())));
  std::filesystem::remove(path);
}

TEST(LoadPlugin, ALibraryThatIsNoPluginIsRefused) {
  EXPECT_THAT(Refusal("no_symbol"), HasSubstr("does not export duban_plugin"));
  EXPECT_THAT(Refusal("null_table"), HasSubstr("is not a plugin of Duban"));
}

TEST(LoadPlugin, AnotherInterfaceVersionIsRefusedAndBothAreNamed) {
  EXPECT_THAT(Refusal("version"), AllOf(HasSubstr("interface version 7"), HasSubstr("needs 1")));
}

TEST(LoadPlugin, ATableThatIsTooShortOrIncompleteIsRefused) {
  EXPECT_THAT(Refusal("small"),
              AllOf(HasSubstr("24 bytes"), HasSubstr(std::to_string(sizeof(duban_plugin_v1)))));
  EXPECT_THAT(Refusal("incomplete"), HasSubstr("incomplete table"));
}

TEST(LoadPlugin, AnotherKindIsRefused) {
  EXPECT_THAT(Refusal("mute_storage"),
              HasSubstr("is of kind storage, here notification is needed"));
  const auto storage = LoadStorage(kPlugins / "moody_notifier.so", {});
  ASSERT_FALSE(storage);
  EXPECT_THAT(storage.error().en, HasSubstr("is of kind notification, here storage is needed"));
}

TEST(LoadPlugin, ThePluginsOwnReasonIsPassedOn) {
  EXPECT_THAT(Refusal("moody_notifier", {{"mood", "refuse"}}),
              AllOf(HasSubstr("plugin moody did not start"), HasSubstr("today is Sunday")));
  EXPECT_THAT(Refusal("moody_notifier"), HasSubstr("the setting mood is missing"));
  EXPECT_THAT(Refusal("moody_notifier", {{"mood", "good"}, {"colour", "red"}}),
              HasSubstr("no setting colour"));
  EXPECT_THAT(Refusal("moody_notifier", {{"mood", "refuse strangely"}}),
              HasSubstr("not a std::exception"));
  EXPECT_THAT(Refusal("null_instance"), HasSubstr("no reason given"));
}

TEST(LoadPlugin, ARelativePathIsNotSearchedForInTheSystem) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(kPlugins);
  EXPECT_TRUE(LoadNotifier("moody_notifier.so", {{"mood", "good"}}));
  EXPECT_THAT(RefusalOf(std::filesystem::path("libc.so.6")), HasSubstr("no plugin"));
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace duban::plugin
