// Verbs that need no server: lint, schema, import, and graph of a folder.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "core/definition/graph.h"
#include "core/definition/load.h"
#include "core/definition/organisation.h"
#include "services/cli/diagnostics.h"
#include "services/cli/folder.h"
#include "services/cli/graphviz.h"
#include "services/cli/verbs.h"
#include "services/import/import_scxml.h"

namespace duban::cli {
namespace {

using definition::Diagnostic;

std::vector<Diagnostic> CheckFile(const std::string& path, const std::string& text) {
  if (std::filesystem::path(path).filename() == "organisation.yaml") {
    auto organisation = definition::Organisation::Parse(path, text);
    return organisation ? std::vector<Diagnostic>() : std::move(organisation.error());
  }
  return definition::LoadWorkflow(path, text).diagnostics;
}

std::expected<std::vector<Diagnostic>, Failure> Check(const Terminal& terminal,
                                                      const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    const auto text = ReadFile(terminal, path);
    if (!text) return std::unexpected(text.error());
    return CheckFile(path, *text);
  }
  const auto files = ReadFolder(terminal, path);
  if (!files) return std::unexpected(files.error());
  std::vector<Diagnostic> diagnostics = definition::LoadCampaign(*files).diagnostics;
  for (Diagnostic& diagnostic : diagnostics) {
    diagnostic.place.file =
        (std::filesystem::path(path) / diagnostic.place.file).lexically_normal().string();
  }
  return diagnostics;
}

std::expected<std::string, Failure> Draw(const Context& context, const GraphArguments& arguments) {
  const Terminal& t = context.terminal;
  const auto files = ReadFolder(t, arguments.folder);
  if (!files) return std::unexpected(files.error());
  const definition::Loaded loaded = definition::LoadCampaign(*files);
  if (loaded.campaign == nullptr) return std::unexpected(Refused(t, loaded.diagnostics));
  const auto& workflows = loaded.campaign->workflows;
  const auto found = workflows.find(arguments.workflow);
  if (found == workflows.end()) {
    std::string names;
    for (const auto& [name, workflow] : workflows) names += (names.empty() ? "" : ", ") + name;
    return Usage(t.Say("没有工作流 ", "there is no workflow ") + "'" + arguments.workflow + "'" +
                 t.Say("；这里有：", "; there are: ") + names);
  }
  return arguments.format == "mermaid" ? definition::ToMermaid(*found->second, {}, t.language)
                                       : definition::ToDot(*found->second, {}, t.language);
}

}  // namespace

Outcome Lint(const Context& context, const std::vector<std::string>& paths) {
  std::vector<Diagnostic> all;
  for (const std::string& path : paths) {
    auto found = Check(context.terminal, path);
    if (!found) return std::unexpected(found.error());
    std::ranges::move(*found, std::back_inserter(all));
  }
  return Report(context.terminal, all);
}

Outcome PrintSchema(const Context& context) {
  return WriteFile(context.terminal, "", definition::JsonSchema() + "\n");
}

Outcome ImportScxml(const Context& context, const std::string& file) {
  const auto xml = ReadFile(context.terminal, file);
  if (!xml) return std::unexpected(xml.error());
  const auto yaml = import::ImportScxml(*xml, file);
  if (!yaml) return std::unexpected(Refused(context.terminal, yaml.error()));
  return WriteFile(context.terminal, "", *yaml);
}

Outcome Graph(const Context& context, const GraphArguments& arguments) {
  auto text = arguments.case_id.empty() ? Draw(context, arguments) : DrawCase(context, arguments);
  if (!text) return std::unexpected(text.error());
  if (arguments.format == "svg") text = ToSvg(context.terminal, *text);
  if (!text) return std::unexpected(text.error());
  if (!text->ends_with('\n')) *text += '\n';
  return WriteFile(context.terminal, arguments.file, *text);
}

}  // namespace duban::cli
