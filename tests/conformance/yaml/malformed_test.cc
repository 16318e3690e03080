// Whatever a file holds, reading it ends, with a diagnostic that says where.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/definition/load.h"

namespace duban::definition {
namespace {

namespace fs = std::filesystem;

fs::path SourceRoot() {
  const char* root = std::getenv("DUBAN_SOURCE");
  return root != nullptr ? fs::path(root) : fs::current_path();
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> ReadYamlFiles(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    files[fs::relative(entry.path(), folder).generic_string()] = ReadFile(entry.path());
  }
  return files;
}

bool SaysWhere(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& d : diagnostics) {
    if (d.severity == Severity::kError && d.place.line > 0 && !d.message.en.empty()) return true;
  }
  return false;
}

TEST(MalformedYaml, EachIsRefusedWithALine) {
  const auto files = ReadYamlFiles(SourceRoot() / "tests/conformance/yaml/cases");
  EXPECT_EQ(files.size(), 94U);
  for (const auto& [name, text] : files) {
    const LoadedWorkflow loaded = LoadWorkflow(name, text);
    EXPECT_EQ(loaded.definition, nullptr) << name;
    EXPECT_TRUE(SaysWhere(loaded.diagnostics)) << name;
    const Loaded campaign = LoadCampaign({{name, text}});
    EXPECT_EQ(campaign.campaign, nullptr) << name;
    EXPECT_TRUE(SaysWhere(campaign.diagnostics)) << name;
    const auto organisation = Organisation::Parse(name, text);
    ASSERT_FALSE(organisation.has_value()) << name;
    EXPECT_TRUE(SaysWhere(organisation.error())) << name;
  }
}

// One small damage, as an editor, a transfer or an adversary would do it.
std::string Damaged(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  static constexpr std::string_view kPieces[] = {
      "{",   "}",  "[",    "]", ":", ": ",   "- ", "\n", "\t",    "'",    "\"",    "&a ", "*a",
      "|\n", "? ", "!!x ", "#", "%", "\xFF", "{{", "}}", " when", "null", "---\n", "   "};
  const std::size_t at = below(text.size());
  switch (below(6)) {
    case 0:
      return text.erase(at, 1 + below(20));
    case 1:
      return text.insert(at, kPieces[below(std::size(kPieces))]);
    case 2:
      text[at] = static_cast<char>(below(256));
      return text;
    case 3:
      return text.substr(0, at);
    case 4:
      return text.insert(at, text.substr(below(text.size()), below(200)));
    default: {  // a line moves in or out
      const std::size_t line = text.find('\n', at);
      if (line == std::string::npos || line + 3 >= text.size()) return text;
      return text[line + 1] == ' ' ? text.erase(line + 1, 1) : text.insert(line + 1, " ");
    }
  }
}

TEST(MalformedYaml, DamagedDefinitionsNeverBreakTheLoader) {
  constexpr int kRounds = 25;
  std::mt19937 random(20220516);
  const auto files = ReadYamlFiles(SourceRoot() / "workflows");
  ASSERT_GT(files.size(), 10U);
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [name, text] : files) {
      std::string damaged = text;
      for (std::size_t times = 1 + random() % 3; times > 0; --times)
        damaged = Damaged(damaged, random);
      if (name.ends_with("organisation.yaml")) {
        const auto organisation = Organisation::Parse(name, damaged);
        EXPECT_TRUE(organisation.has_value() || HasErrors(organisation.error())) << name;
        continue;
      }
      const LoadedWorkflow loaded = LoadWorkflow(name, damaged);
      EXPECT_EQ(loaded.definition == nullptr, HasErrors(loaded.diagnostics)) << name;
      refused += loaded.definition == nullptr ? 1 : 0;
      for (const Diagnostic& d : loaded.diagnostics) {
        EXPECT_FALSE(ToString(d, "zh").empty());
        EXPECT_GE(d.place.column, 0);
      }
    }
  }
  EXPECT_GT(refused, kRounds);
}

TEST(MalformedYaml, DamagedCampaigns) {
  std::mt19937 random(20221231);
  const auto files = ReadYamlFiles(SourceRoot() / "workflows/safety-inspection-2022");
  for (int round = 0; round < 10; ++round) {
    auto damaged = files;
    for (auto& [name, text] : damaged) {
      if (random() % 4 == 0) text = Damaged(text, random);
    }
    const Loaded loaded = LoadCampaign(damaged);
    EXPECT_EQ(loaded.campaign == nullptr, HasErrors(loaded.diagnostics));
  }
}

}  // namespace
}  // namespace duban::definition
