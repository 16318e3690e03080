#include "services/duband/definition_service.h"

#include <fmt/format.h>

#include "core/definition/graph.h"
#include "core/definition/load.h"
#include "core/statechart/access.h"
#include "services/duband/log.h"
#include "services/duband/method.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

constexpr const char* kOrganisationFile = "organisation.yaml";

template <class Files>
std::map<std::string, std::string> FilesOf(const Files& files) {
  return {files.begin(), files.end()};
}

std::string PlaceOf(const definition::Place& place) {
  if (place.line == 0) return place.file;
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

grpc::Status Refused(const std::vector<definition::Diagnostic>& diagnostics) {
  model::Rejection rejection;
  rejection.reason = model::Reason::kInvalidData;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity != definition::Severity::kError) continue;
    rejection.violations.push_back({PlaceOf(diagnostic.place), diagnostic.message});
  }
  const auto count = rejection.violations.size();
  rejection.message = {
      fmt::format("有 {} 处错误，没有部署；Validate 列出全部", count),
      fmt::format("{} errors, nothing was deployed; Validate lists them all", count)};
  return ToStatus(rejection);
}

grpc::Status StorageFailed(const ports::StorageError& error) {
  Log(Level::kError, "a campaign could not be stored: {}", error.message);
  model::Rejection rejection;
  rejection.reason = model::Reason::kUnavailable;
  rejection.message = {"无法写入存储，没有部署：" + error.message,
                       "the storage cannot be written, nothing was deployed: " + error.message};
  return ToStatus(rejection);
}

}  // namespace

Methods DefinitionService::methods() {
  return {
      Long("Validate", this, &DefinitionService::Validate),
      Long("Deploy", this, &DefinitionService::Deploy),
      Read("ListCampaigns", this, &DefinitionService::ListCampaigns),
      Read("GetCampaign", this, &DefinitionService::GetCampaign),
      Read("GetGraph", this, &DefinitionService::GetGraph),
  };
}

grpc::Status DefinitionService::Validate(const Call&, const v1::ValidateRequest& request,
                                         v1::ValidateResponse& response) {
  const auto loaded = definition::LoadCampaign(FilesOf(request.files()));
  for (const auto& diagnostic : loaded.diagnostics) Set(diagnostic, response.add_diagnostics());
  if (loaded.campaign) response.set_digest(loaded.campaign->digest);
  return grpc::Status::OK;
}

grpc::Status DefinitionService::Deploy(const Call& call, const v1::DeployRequest& request,
                                       v1::DeployResponse& response) {
  const model::Principal& who = call.who();
  if (auto status = RequireAdministrator(node_, who); !status.ok()) return status;
  const auto deployed = node_.catalog.Deploy(FilesOf(request.files()), who.id, node_.clock.Now());
  if (!deployed) return StorageFailed(deployed.error());
  if (!deployed->campaign) return Refused(deployed->diagnostics);
  SetCampaign(*deployed->campaign, who, response.mutable_campaign());
  response.set_unchanged(deployed->unchanged);
  for (const auto& warning : deployed->diagnostics) Set(warning, response.add_warnings());
  Log(Level::kInfo, "{} deployed {} {}{}", who.id, deployed->campaign->name,
      deployed->campaign->digest, deployed->unchanged ? " (unchanged)" : "");
  return grpc::Status::OK;
}

grpc::Status DefinitionService::ListCampaigns(const Call& call, const v1::ListCampaignsRequest&,
                                              v1::ListCampaignsResponse& response) {
  const model::Principal& who = call.who();
  for (const auto& row : node_.catalog.List()) {
    const auto campaign = node_.catalog.Find(row.digest);
    if (!campaign) return ToStatus(campaign.error());
    SetCampaign(**campaign, who, response.add_campaigns());
  }
  return grpc::Status::OK;
}

grpc::Status DefinitionService::GetCampaign(const Call& call, const v1::GetCampaignRequest& request,
                                            v1::GetCampaignResponse& response) {
  const model::Principal& who = call.who();
  if (auto status = CheckName("campaign", request.campaign()); !status.ok()) return status;
  const auto campaign = node_.catalog.Find(request.campaign());
  if (!campaign) return ToStatus(campaign.error());
  SetCampaign(**campaign, who, response.mutable_campaign());
  const bool all = statechart::IsAdministrator(node_.world.Now()->organisation, who.id);
  for (const auto& [path, text] : (*campaign)->files) {
    if (all || path != kOrganisationFile) (*response.mutable_files())[path] = text;
  }
  return grpc::Status::OK;
}

grpc::Status DefinitionService::GetGraph(const Call& call, const v1::GetGraphRequest& request,
                                         v1::GetGraphResponse& response) {
  const model::Principal& who = call.who();
  engine::Catalog::DefinitionPtr definition;
  std::vector<model::StateIndex> active;
  if (!request.case_id().empty()) {
    const auto id = ReadCaseId(request.case_id());
    if (!id) return id.error();
    auto detail = node_.queries.GetCase(who, *id);
    if (!detail) return ToStatus(detail.error());
    definition = detail->definition;
    active = std::move(detail->state.configuration);
  } else {
    if (auto status = CheckName("campaign", request.campaign()); !status.ok()) return status;
    if (auto status = CheckName("workflow", request.workflow()); !status.ok()) return status;
    const auto found = node_.catalog.Find(request.campaign(), request.workflow());
    if (!found) return ToStatus(found.error());
    definition = *found;
  }
  const std::string language = request.language().empty() ? "zh" : request.language();
  if (language != "zh" && language != "en")
    return Invalid("language", {"应为 zh 或 en", "it must be zh or en"});
  response.set_text(request.format() == v1::GetGraphRequest::FORMAT_MERMAID
                        ? definition::ToMermaid(*definition, active, language)
                        : definition::ToDot(*definition, active, language));
  return grpc::Status::OK;
}

void DefinitionService::SetCampaign(const definition::Campaign& campaign,
                                    const model::Principal& who, v1::Campaign* to) {
  to->set_digest(campaign.digest);
  to->set_name(campaign.name);
  Set(campaign.title, to->mutable_title());
  for (const auto& row : node_.catalog.List()) {
    if (row.digest != campaign.digest) continue;
    Set(row.deployed_at, to->mutable_deployed_at());
    to->set_deployed_by(row.deployed_by);
  }
  const auto world = node_.world.Now();
  for (const auto& [name, definition] : campaign.workflows) {
    auto* workflow = to->add_workflows();
    workflow->set_name(name);
    Set(definition->title, workflow->mutable_title());
    workflow->set_startable(statechart::MayStart(*definition, world->organisation, who));
  }
}

}  // namespace duban::duband
