// What is said about wrong definitions, word for word, and that every check has an example.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

namespace fs = std::filesystem;

fs::path Folder() { return SourceRoot() / "tests/unit/definition/wrong"; }

std::vector<Diagnostic> Lint(const fs::path& path) {
  if (!fs::is_directory(path))
    return LoadWorkflow(path.filename().string(), ReadFile(path)).diagnostics;
  return LoadCampaign(ReadFolder(path)).diagnostics;
}

std::vector<fs::path> Examples() {
  std::vector<fs::path> examples;
  for (const fs::directory_entry& entry : fs::directory_iterator(Folder())) {
    if (entry.is_directory() || entry.path().extension() == ".yaml")
      examples.push_back(entry.path());
  }
  return examples;
}

TEST(Wrong, EachSaysWhatIsWrong) {
  for (const fs::path& example : Examples()) {
    const std::vector<Diagnostic> found = Lint(example);
    EXPECT_FALSE(found.empty()) << example;
    fs::path golden = example;
    golden.replace_extension(".txt");
    ExpectGolden(golden, ToString(found, "en") + "\n" + ToString(found, "zh"));
  }
}

TEST(Wrong, TheSameTwice) {
  for (const fs::path& example : Examples()) {
    EXPECT_EQ(ToString(Lint(example), "zh"), ToString(Lint(example), "zh")) << example;
  }
}

TEST(Wrong, BothLanguagesSpeak) {
  for (const fs::path& example : Examples()) {
    for (const Diagnostic& d : Lint(example)) {
      EXPECT_FALSE(d.message.zh.empty()) << d.code;
      EXPECT_FALSE(d.message.en.empty()) << d.code;
      EXPECT_EQ(d.hint.zh.empty(), d.hint.en.empty()) << d.code;
    }
  }
}

TEST(Wrong, TheDocumentationShowsFiveOfThem) {
  const std::string page = ReadFile(SourceRoot() / "docs/definition-language.md");
  int shown = 0;
  for (const fs::path& example : Examples()) {
    if (!example.filename().string().starts_with("lint-")) continue;
    ++shown;
    EXPECT_NE(page.find(ReadFile(example)), std::string::npos) << example;
    EXPECT_NE(page.find(ToString(Lint(example), "en")), std::string::npos)
        << "what is said about " << example;
  }
  EXPECT_EQ(shown, 5);
}

// The codes that the loader's sources mention.
std::set<std::string> AllCodes() {
  const std::regex pattern(
      R"re((?:Error|Warning)\(\s*(?:person \? )?"([a-z0-9-]+)"|Refused\{[^"]*?"([a-z0-9-]+)")re");
  std::set<std::string> codes;
  for (const auto& [name, text] : ReadFolder(SourceRoot() / "core/definition")) {
    if (!name.ends_with(".cc")) continue;
    for (auto match = std::sregex_iterator(text.begin(), text.end(), pattern);
         match != std::sregex_iterator(); ++match) {
      codes.insert((*match)[1].matched ? (*match)[1].str() : (*match)[2].str());
    }
  }
  return codes;
}

TEST(Wrong, EveryCheckHasAnExample) {
  // Too large to be kept as files: limits_test.cc and campaign_test.cc have them.
  std::set<std::string> seen = {"file-too-large",       "too-many-fields", "too-many-states",
                                "too-many-transitions", "too-many-files",  "too-many-targets",
                                "campaign-too-large",   "text-too-long",   "too-deep",
                                "messages-too-large",   "yaml-too-large",  "yaml-too-deep",
                                "too-many-groups"};
  for (const fs::path& example : Examples()) {
    for (const Diagnostic& d : Lint(example)) seen.insert(d.code);
  }
  const std::set<std::string> all = AllCodes();
  EXPECT_GT(all.size(), 60U);
  for (const std::string& code : all) EXPECT_TRUE(seen.contains(code)) << code << " has no example";
}

}  // namespace
}  // namespace duban::definition
