// test: scenarios, run from nothing on a virtual clock.
#include <filesystem>
#include <iostream>
#include <map>

#include "services/cli/campaign_folder.h"
#include "services/cli/folder.h"
#include "services/cli/test_report.h"
#include "services/cli/verbs.h"

namespace duban::cli {
namespace {

// The files that were named, by campaign, so that each campaign is read once.
struct Wanted {
  CampaignFolder folder;
  play::Choice choice;
  bool all = false;  // the folder itself was named
};

constexpr std::string_view kScenario = ".scenario.yaml";

// A definition stands for the scenarios beside it.
std::string ScenarioOf(const std::string& file) {
  if (file.ends_with(kScenario)) return file;
  return file.substr(0, file.rfind('.')) + std::string(kScenario);
}

std::expected<std::map<std::string, Wanted>, Failure> Gather(const Terminal& t,
                                                             const TestArguments& arguments) {
  std::map<std::string, Wanted> wanted;
  std::vector<std::string> paths = arguments.paths;
  if (paths.empty()) paths.emplace_back(".");
  for (const std::string& path : paths) {
    auto folder = FindCampaign(t, path);
    if (!folder) return std::unexpected(folder.error());
    Wanted& one = wanted[folder->path];
    one.choice.name = arguments.name;
    if (folder->file.empty()) {
      one.all = true;
    } else {
      const std::string scenario = ScenarioOf(folder->file);
      if (!folder->files.contains(scenario)) {
        return Usage(t.Say("没有场景文件 ", "there is no file of scenarios ") + scenario);
      }
      one.choice.files.push_back(scenario);
    }
    one.folder = std::move(*folder);
  }
  return wanted;
}

}  // namespace

Outcome Test(const Context& context, const TestArguments& arguments) {
  const Terminal& t = context.terminal;
  auto wanted = Gather(t, arguments);
  if (!wanted) return std::unexpected(wanted.error());
  std::vector<FolderResults> folders;
  for (auto& [path, one] : *wanted) {
    const auto folder = LoadForPlay(t, one.folder);
    if (!folder) return std::unexpected(folder.error());
    if (one.all) one.choice.files.clear();
    const std::string prefix = path == "." ? "" : (std::filesystem::path(path) / "").string();
    folders.push_back({prefix, play::RunAll(*folder, one.folder.files, one.choice)});
  }
  std::cout << (t.json ? TestJson(folders) : TestText(t, folders, arguments.history));
  if (!arguments.junit.empty()) {
    if (auto written = WriteFile(t, arguments.junit, TestJunit(folders)); !written) return written;
  }
  const TestSummary sum = Summarise(folders);
  if (sum.scenarios == 0 && sum.failed == 0) {
    return Usage(t.Say("没有可运行的场景", "there is no scenario to run"));
  }
  if (sum.failed > 0) return std::unexpected(Failure{ExitCode::kRefused, "", ""});
  if (sum.coverage < arguments.min_coverage) {
    return std::unexpected(Failure{ExitCode::kRefused,
                                   t.Say("覆盖率 ", "coverage is ") + std::to_string(sum.coverage) +
                                       t.Say("%，低于要求的 ", " %, less than the ") +
                                       std::to_string(arguments.min_coverage) +
                                       t.Say("%", " % asked for"),
                                   ""});
  }
  return {};
}

}  // namespace duban::cli
