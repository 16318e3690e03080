// duban.v1.DefinitionService; the .proto says what each call promises.
#pragma once

#include "duban/v1/definition_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class DefinitionService {
 public:
  explicit DefinitionService(Node& node) : node_(node) {}
  Methods methods();

 private:
  grpc::Status Validate(const Call& call, const v1::ValidateRequest& request,
                        v1::ValidateResponse& response);
  grpc::Status Deploy(const Call& call, const v1::DeployRequest& request,
                      v1::DeployResponse& response);
  grpc::Status ListCampaigns(const Call& call, const v1::ListCampaignsRequest& request,
                             v1::ListCampaignsResponse& response);
  grpc::Status GetCampaign(const Call& call, const v1::GetCampaignRequest& request,
                           v1::GetCampaignResponse& response);
  grpc::Status GetGraph(const Call& call, const v1::GetGraphRequest& request,
                        v1::GetGraphResponse& response);
  void SetCampaign(const definition::Campaign& campaign, const model::Principal& who,
                   v1::Campaign* to);

  Node& node_;
};

}  // namespace duban::duband
