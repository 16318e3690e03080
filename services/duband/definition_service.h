// duban.v1.DefinitionService; the .proto says what each call promises.
#pragma once

#include "duban/v1/definition_service.grpc.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

class DefinitionService : public v1::DefinitionService::CallbackService {
 public:
  explicit DefinitionService(Node& node) : node_(node) {}

  grpc::ServerUnaryReactor* Validate(grpc::CallbackServerContext* call,
                                     const v1::ValidateRequest* request,
                                     v1::ValidateResponse* response) override;
  grpc::ServerUnaryReactor* Deploy(grpc::CallbackServerContext* call,
                                   const v1::DeployRequest* request,
                                   v1::DeployResponse* response) override;
  grpc::ServerUnaryReactor* ListCampaigns(grpc::CallbackServerContext* call,
                                          const v1::ListCampaignsRequest* request,
                                          v1::ListCampaignsResponse* response) override;
  grpc::ServerUnaryReactor* GetCampaign(grpc::CallbackServerContext* call,
                                        const v1::GetCampaignRequest* request,
                                        v1::GetCampaignResponse* response) override;
  grpc::ServerUnaryReactor* GetGraph(grpc::CallbackServerContext* call,
                                     const v1::GetGraphRequest* request,
                                     v1::GetGraphResponse* response) override;

 private:
  grpc::Status DeployFiles(const model::Principal& who, const v1::DeployRequest& request,
                           v1::DeployResponse& response);
  grpc::Status Graph(const model::Principal& who, const v1::GetGraphRequest& request,
                     v1::GetGraphResponse& response);
  void SetCampaign(const definition::Campaign& campaign, const model::Principal& who,
                   v1::Campaign* to);
  Node& node_;
};

}  // namespace duban::duband
