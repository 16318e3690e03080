// duban.v1.CaseService; the .proto says what each call promises.
#pragma once

#include "duban/v1/case_service.grpc.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

class CaseService : public v1::CaseService::CallbackService {
 public:
  explicit CaseService(Node& node) : node_(node) {}

  grpc::ServerUnaryReactor* StartCase(grpc::CallbackServerContext* call,
                                      const v1::StartCaseRequest* request,
                                      v1::StartCaseResponse* response) override;
  grpc::ServerUnaryReactor* SendEvent(grpc::CallbackServerContext* call,
                                      const v1::SendEventRequest* request,
                                      v1::SendEventResponse* response) override;
  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* call,
                                    const v1::GetCaseRequest* request,
                                    v1::GetCaseResponse* response) override;
  grpc::ServerUnaryReactor* ListCases(grpc::CallbackServerContext* call,
                                      const v1::ListCasesRequest* request,
                                      v1::ListCasesResponse* response) override;
  grpc::ServerUnaryReactor* ListHistory(grpc::CallbackServerContext* call,
                                        const v1::ListHistoryRequest* request,
                                        v1::ListHistoryResponse* response) override;

 private:
  grpc::Status List(const model::Principal& who, const v1::ListCasesRequest& request,
                    v1::ListCasesResponse& response);
  grpc::Status History(const model::Principal& who, const v1::ListHistoryRequest& request,
                       v1::ListHistoryResponse& response);
  Node& node_;
};

}  // namespace duban::duband
