// A folder as one: digest, includes, names, limits.
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

using Files = std::map<std::string, std::string>;

constexpr const char* kMain = R"(
workflow: main
campaign: inspection
title: 检查
include: [forms/report.yaml]
states:
  a:
    entry: [{start: {workflow: child, data: {place: "'x'", report: report}}}, {notify: {to: starter, message: told}}]
    on: {child.ended: b}
  b: {final: true}
)";

Files Sound() {
  return {{"campaign.yaml", kMain},
          {"phases/child.yaml",
           "workflow: child\ninclude: ../forms/report.yaml\ndata: {place: {type: text, required: "
           "true}}\nstates: {s: {final: true}}\n"},
          {"forms/report.yaml", "part: report\ninclude: words.yaml\ndata: {report: text}\n"},
          {"forms/words.yaml", "part: words\nmessages: {told: {subject: s}}\n"},
          {"child.scenario.yaml", "not: [read"},
          {"README.md", "# nothing"}};
}

TEST(Campaign, Loads) {
  const Loaded loaded = LoadCampaign(Sound());
  ASSERT_NE(loaded.campaign, nullptr) << ToString(loaded.diagnostics, "en");
  EXPECT_TRUE(loaded.diagnostics.empty()) << ToString(loaded.diagnostics, "en");
  EXPECT_EQ(loaded.campaign->name, "inspection");
  EXPECT_EQ(loaded.campaign->title.zh, "检查");
  EXPECT_EQ(loaded.campaign->files.size(), 6U);
  ASSERT_EQ(loaded.campaign->workflows.size(), 2U);
  const Definition& child = *loaded.campaign->workflows.at("child");
  EXPECT_EQ(child.campaign, loaded.campaign->digest);
  EXPECT_EQ(child.campaign_name, "inspection");
  EXPECT_EQ(child.source, "phases/child.yaml");
  EXPECT_EQ(child.fields[0].name, "report") << "what is included comes first";
}

TEST(Campaign, DigestIsThatOfTheContent) {
  const std::string digest = LoadCampaign(Sound()).campaign->digest;
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(LoadCampaign(Sound()).campaign->digest, digest);
  // It is stored with every case: it never changes for the same files.
  EXPECT_EQ(
      LoadCampaign({{"a.yaml", "workflow: a\nstates: {s: {final: true}}\n"}}).campaign->digest,
      "22a1eadb06d4661f182e2b11422e2f6b5dd844bef91c8a8f52f408452d0e7180");
  Files other = Sound();
  other["README.md"] += " more";
  EXPECT_NE(LoadCampaign(other).campaign->digest, digest);
  Files moved = Sound();
  moved["READYOU.md"] = moved["README.md"];
  moved.erase("README.md");
  EXPECT_NE(LoadCampaign(moved).campaign->digest, digest);
}

TEST(Campaign, OneWorkflowNeedsNoName) {
  const Loaded loaded = LoadCampaign({{"a.yaml", "workflow: a\nstates: {s: {final: true}}\n"}});
  ASSERT_NE(loaded.campaign, nullptr);
  EXPECT_EQ(loaded.campaign->name, "a");
}

TEST(Campaign, WhatIsRequiredMustBeGiven) {
  Files files = Sound();
  files["campaign.yaml"].replace(files["campaign.yaml"].find("place: \"'x'\", "), 14, "");
  EXPECT_EQ(Codes(LoadCampaign(files).diagnostics), "missing-data:8");
  files["campaign.yaml"].replace(files["campaign.yaml"].find("report: report"), 14, "place: 1");
  EXPECT_EQ(Codes(LoadCampaign(files).diagnostics), "wrong-type:8");
}

TEST(Campaign, NothingAtAll) {
  EXPECT_EQ(Codes(LoadCampaign({}).diagnostics), "no-campaign:0");
  EXPECT_EQ(LoadCampaign({}).campaign, nullptr);
}

TEST(Campaign, Limits) {
  Files many = Sound();
  while (many.size() < kMaxFiles) many["f" + std::to_string(many.size())] = "x";
  EXPECT_NE(LoadCampaign(many).campaign, nullptr);
  many["one too many"] = "x";
  EXPECT_EQ(Codes(LoadCampaign(many).diagnostics), "too-many-files:0");
  Files large = Sound();
  for (int i = 0; i < 8; ++i) large["f" + std::to_string(i)] = std::string(1024 * 1024, 'x');
  EXPECT_EQ(Codes(LoadCampaign(large).diagnostics), "campaign-too-large:0");
}

TEST(Campaign, TheSampleIsSound) {
  const Loaded loaded = LoadCampaign(ReadFolder(SourceRoot() / "workflows/safety-inspection-2022"));
  EXPECT_NE(loaded.campaign, nullptr) << ToString(loaded.diagnostics, "en");
  EXPECT_TRUE(loaded.diagnostics.empty()) << ToString(loaded.diagnostics, "en");
}

}  // namespace
}  // namespace duban::definition
