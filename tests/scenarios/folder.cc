#include "tests/scenarios/folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/definition/load.h"
#include "tests/scenarios/coverage.h"
#include "tests/scenarios/run.h"
#include "tests/scenarios/scenario.h"

namespace duban::scenarios {
namespace {

constexpr std::string_view kScenario = ".scenario.yaml";
constexpr std::string_view kDefinition = ".yaml";
constexpr std::string_view kOrganisation = "organisation.yaml";
constexpr std::string_view kCalendars = "calendar/";

std::string Listed(const std::vector<definition::Diagnostic>& diagnostics,
                   definition::Severity severity) {
  std::string text;
  for (const definition::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == severity) text += definition::ToString(diagnostic, "en") + "\n";
  }
  return text;
}

class FileRun {
 public:
  FileRun(const Folder& folder, const std::string& path, std::string workflow, Report& report,
          bool history)
      : folder_(folder),
        path_(path),
        workflow_(std::move(workflow)),
        report_(report),
        history_(history) {}

  void Run(const std::string& yaml) {
    const auto scenarios = ReadScenarios(yaml, workflow_);
    if (!scenarios) {
      ++report_.failed;
      report_.text +=
          fmt::format("{}:{}: {}\n", path_, scenarios.error().line, scenarios.error().message);
      return;
    }
    for (const Scenario& scenario : *scenarios) RunOne(scenario);
    const auto found = folder_.campaign->workflows.find(workflow_);
    if (found == folder_.campaign->workflows.end()) return;
    const Coverage::Figures figures = coverage_.Of(*found->second);
    report_.text += ToString(workflow_, figures) + "\n";
    for (const std::string& missing : figures.missing)
      report_.text += "  not reached: " + missing + "\n";
    report_.complete = report_.complete && figures.complete();
  }

 private:
  void RunOne(const Scenario& scenario) {
    ++report_.scenarios;
    const auto now = model::ParseRfc3339(scenario.now);
    if (!now) {
      ++report_.failed;
      report_.text +=
          fmt::format("{}:{}: `now` is not an instant: {}\n", path_, scenario.line, scenario.now);
      return;
    }
    World world(folder_, *now);
    if (const auto failure = scenarios::Run(scenario, folder_, world)) {
      ++report_.failed;
      report_.text += fmt::format("{}:{}: {}\n    expected: {}\n    actual:   {}\n", path_,
                                  failure->line, scenario.name, failure->expected, failure->actual);
      if (history_) report_.text += failure->history;
    }
    coverage_.Add(world, workflow_);
  }

  const Folder& folder_;
  const std::string& path_;
  std::string workflow_;
  Report& report_;
  bool history_;
  Coverage coverage_;
};

std::string BesideOf(const std::string& scenario) {
  return scenario.substr(0, scenario.size() - kScenario.size()) + std::string(kDefinition);
}

}  // namespace

std::map<std::string, std::string> ReadFiles(const std::string& directory) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), directory).generic_string()] =
        std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

std::expected<Read, std::string> ReadFolder(const std::map<std::string, std::string>& files) {
  Read read;
  std::map<std::string, std::string> calendars;
  for (const auto& [path, text] : files) {
    if (path.starts_with(kCalendars) && path.ends_with(".json"))
      calendars[path.substr(kCalendars.size())] = text;
  }
  auto calendar = calendar::Calendar::Parse(calendars);
  if (!calendar) return std::unexpected(calendar.error().In("en"));
  read.folder.calendar = *std::move(calendar);
  if (const auto found = files.find(std::string(kOrganisation)); found != files.end()) {
    auto organisation = definition::Organisation::Parse(found->first, found->second);
    if (!organisation)
      return std::unexpected(Listed(organisation.error(), definition::Severity::kError));
    read.folder.organisation = *std::move(organisation);
  }
  definition::Loaded loaded = definition::LoadCampaign(files);
  if (loaded.campaign == nullptr)
    return std::unexpected(Listed(loaded.diagnostics, definition::Severity::kError));
  read.folder.campaign = loaded.campaign;
  if (auto text = Listed(loaded.diagnostics, definition::Severity::kWarning); !text.empty()) {
    read.warnings.push_back(std::move(text));
  }
  return read;
}

Report RunAll(const Folder& folder, const std::map<std::string, std::string>& files, bool history) {
  Report report;
  std::set<std::string> covered;
  for (const auto& [path, text] : files) {
    if (!path.ends_with(kScenario)) continue;
    const auto beside = files.find(BesideOf(path));
    const std::string workflow = beside == files.end() ? "" : WorkflowOf(beside->second);
    covered.insert(workflow);
    FileRun(folder, path, workflow, report, history).Run(text);
  }
  for (const auto& [workflow, definition] : folder.campaign->workflows) {
    if (covered.contains(workflow)) continue;
    report.complete = false;
    report.text += workflow + ": no scenario beside it\n";
  }
  return report;
}

}  // namespace duban::scenarios
