#include "services/play/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/definition/load.h"
#include "services/play/coverage.h"
#include "services/play/scenario.h"

namespace duban::play {
namespace {

constexpr std::string_view kScenario = ".scenario.yaml";
constexpr std::string_view kDefinition = ".yaml";
constexpr std::string_view kOrganisation = "organisation.yaml";
constexpr std::string_view kCalendars = "calendar/";

std::string Listed(const std::vector<definition::Diagnostic>& diagnostics,
                   definition::Severity severity, std::string_view language) {
  std::string text;
  for (const definition::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == severity) text += definition::ToString(diagnostic, language) + "\n";
  }
  return text;
}

class FileRun {
 public:
  FileRun(const Folder& folder, const Choice& choice, FileResult& result)
      : folder_(folder), choice_(choice), result_(result) {}

  void Run(const std::string& yaml) {
    const auto scenarios = ReadScenarios(yaml, result_.workflow);
    if (!scenarios) {
      const ReadError& error = scenarios.error();
      result_.unreadable = Failure{error.line, "a file of scenarios", error.message, ""};
      return;
    }
    for (const Scenario& scenario : *scenarios) {
      if (scenario.name.contains(choice_.name)) RunOne(scenario);
    }
    const auto found = folder_.campaign->workflows.find(result_.workflow);
    if (found == folder_.campaign->workflows.end() || !choice_.name.empty()) return;
    result_.coverage = coverage_.Of(*found->second);
  }

 private:
  void RunOne(const Scenario& scenario) {
    ScenarioResult& result = result_.scenarios.emplace_back();
    result.name = scenario.name;
    result.line = scenario.line;
    const auto now = model::ParseRfc3339(scenario.now);
    if (!now) {
      result.failure = Failure{scenario.line, "`now` is an instant", scenario.now, ""};
      return;
    }
    World world(folder_, *now);
    result.failure = play::Run(scenario, folder_, world);
    coverage_.Add(world, result_.workflow);
  }

  const Folder& folder_;
  const Choice& choice_;
  FileResult& result_;
  Coverage coverage_;
};

std::string BesideOf(const std::string& scenario) {
  return scenario.substr(0, scenario.size() - kScenario.size()) + std::string(kDefinition);
}

}  // namespace

std::expected<Read, std::string> ReadFolder(const std::map<std::string, std::string>& files,
                                            std::string_view language) {
  Read read;
  std::map<std::string, std::string> calendars;
  for (const auto& [path, text] : files) {
    if (path.starts_with(kCalendars) && path.ends_with(".json"))
      calendars[path.substr(kCalendars.size())] = text;
  }
  auto calendar = calendar::Calendar::Parse(calendars);
  if (!calendar) return std::unexpected(std::string(calendar.error().In(language)));
  read.folder.calendar = *std::move(calendar);
  if (const auto found = files.find(std::string(kOrganisation)); found != files.end()) {
    auto organisation = definition::Organisation::Parse(found->first, found->second);
    if (!organisation)
      return std::unexpected(Listed(organisation.error(), definition::Severity::kError, language));
    read.folder.organisation = *std::move(organisation);
  }
  definition::Loaded loaded = definition::LoadCampaign(files);
  if (loaded.campaign == nullptr)
    return std::unexpected(Listed(loaded.diagnostics, definition::Severity::kError, language));
  read.folder.campaign = loaded.campaign;
  if (auto text = Listed(loaded.diagnostics, definition::Severity::kWarning, language);
      !text.empty()) {
    read.warnings.push_back(std::move(text));
  }
  return read;
}

int Results::scenarios() const {
  int count = 0;
  for (const FileResult& file : files) count += static_cast<int>(file.scenarios.size());
  return count;
}

int Results::failed() const {
  int count = 0;
  for (const FileResult& file : files) {
    count += file.unreadable ? 1 : 0;
    for (const ScenarioResult& scenario : file.scenarios) count += scenario.failure ? 1 : 0;
  }
  return count;
}

int Results::coverage() const {
  int least = uncovered.empty() ? 100 : 0;
  for (const FileResult& file : files) {
    if (file.coverage) least = std::min(least, file.coverage->percent());
  }
  return least;
}

Results RunAll(const Folder& folder, const std::map<std::string, std::string>& files,
               const Choice& choice) {
  Results results;
  std::set<std::string> covered;
  for (const auto& [path, text] : files) {
    if (!path.ends_with(kScenario)) continue;
    const bool chosen =
        choice.files.empty() || std::ranges::find(choice.files, path) != choice.files.end();
    if (!chosen) continue;
    const auto beside = files.find(BesideOf(path));
    FileResult& result = results.files.emplace_back();
    result.path = path;
    if (beside != files.end()) result.workflow = WorkflowOf(beside->second);
    covered.insert(result.workflow);
    FileRun(folder, choice, result).Run(text);
  }
  if (!choice.files.empty() || !choice.name.empty()) return results;
  for (const auto& [workflow, definition] : folder.campaign->workflows) {
    if (!covered.contains(workflow)) results.uncovered.push_back(workflow);
  }
  return results;
}

}  // namespace duban::play
