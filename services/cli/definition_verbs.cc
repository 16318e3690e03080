// deploy, and graph of a case.
#include <iostream>

#include "duban/v1/definition_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/diagnostics.h"
#include "services/cli/folder.h"
#include "services/cli/graphviz.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

definition::Diagnostic ToDiagnostic(const v1::Diagnostic& from) {
  definition::Diagnostic diagnostic;
  diagnostic.severity = from.severity() == v1::Diagnostic::SEVERITY_WARNING
                            ? definition::Severity::kWarning
                            : definition::Severity::kError;
  diagnostic.code = from.code();
  diagnostic.place = {from.file(), from.line(), from.column(), from.length()};
  diagnostic.source = from.source();
  diagnostic.message = ToModel(from.message());
  diagnostic.hint = ToModel(from.hint());
  return diagnostic;
}

std::vector<definition::Diagnostic> ToDiagnostics(
    const google::protobuf::RepeatedPtrField<v1::Diagnostic>& from) {
  std::vector<definition::Diagnostic> diagnostics;
  for (const v1::Diagnostic& diagnostic : from) diagnostics.push_back(ToDiagnostic(diagnostic));
  return diagnostics;
}

// Says what is wrong with carets where the refusal was about the files, else the refusal itself.
Failure WithCarets(const Connection& connection, const v1::DeployRequest& request,
                   Failure refusal) {
  if (refusal.code != ExitCode::kRefused) return refusal;
  v1::ValidateRequest validate;
  *validate.mutable_files() = request.files();
  const auto checked = connection.Call(&v1::DefinitionService::Stub::Validate, validate);
  if (!checked) return refusal;
  const auto diagnostics = ToDiagnostics(checked->diagnostics());
  return definition::HasErrors(diagnostics) ? Refused(connection.context().terminal, diagnostics)
                                            : refusal;
}

void Print(const Terminal& t, const v1::DeployResponse& response) {
  const v1::Campaign& campaign = response.campaign();
  std::cout << t.Paint(Style::kBold, campaign.name()) << "  " << t.In(ToModel(campaign.title()))
            << '\n'
            << (response.unchanged()
                    ? t.Say("此前已部署，没有变化", "was deployed before, nothing changed")
                    : t.Say("已部署", "deployed"))
            << "  " << campaign.digest() << "\n\n";
  Table table(
      t, {t.Say("工作流", "WORKFLOW"), t.Say("名称", "TITLE"), t.Say("您可启动", "YOU MAY START")});
  for (const v1::Workflow& workflow : campaign.workflows()) {
    table.Add({workflow.name(), t.In(ToModel(workflow.title())),
               workflow.startable() ? t.Say("是", "yes") : ""});
  }
  std::cout << table.ToString();
  if (response.warnings_size() > 0)
    std::cerr << ToText(t, ToDiagnostics(response.warnings()), true);
}

}  // namespace

Outcome Deploy(const Context& context, const std::string& folder) {
  const auto files = ReadFolder(context.terminal, folder);
  if (!files) return std::unexpected(files.error());
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::DeployRequest request;
  for (const auto& [path, text] : *files) {
    if (!google::protobuf::internal::IsStructurallyValidUTF8(text.data(),
                                                             static_cast<int>(text.size()))) {
      return Usage(context.terminal.Say("不是 UTF-8 文本，请移出文件夹：",
                                        "not UTF-8 text, move it out of the folder: ") +
                   path);
    }
    (*request.mutable_files())[path] = text;
  }
  const auto response = connection->Call(&v1::DefinitionService::Stub::Deploy, request);
  if (!response) return std::unexpected(WithCarets(*connection, request, response.error()));
  if (context.terminal.json) {
    std::cout << ToJson(*response) << '\n';
  } else {
    Print(context.terminal, *response);
  }
  return {};
}

std::expected<std::string, Failure> DrawCase(const Context& context,
                                             const GraphArguments& arguments) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::GetGraphRequest request;
  request.set_case_id(arguments.case_id);
  request.set_format(arguments.format == "mermaid" ? v1::GetGraphRequest::FORMAT_MERMAID
                                                   : v1::GetGraphRequest::FORMAT_DOT);
  request.set_language(context.terminal.language);
  const auto response = connection->Call(&v1::DefinitionService::Stub::GetGraph, request);
  if (!response) return std::unexpected(response.error());
  return response->text();
}

}  // namespace duban::cli
