// duban.v1.CaseService; the .proto says what each call promises.
#pragma once

#include "duban/v1/case_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class CaseService {
 public:
  explicit CaseService(Node& node) : node_(node) {}
  Methods methods();

 private:
  Methods operations();  // in case_operations.cc

  grpc::Status GetCase(const Call& call, const v1::GetCaseRequest& request,
                       v1::GetCaseResponse& response);
  grpc::Status ListCases(const Call& call, const v1::ListCasesRequest& request,
                         v1::ListCasesResponse& response);
  grpc::Status ListDeadlines(const Call& call, const v1::ListDeadlinesRequest& request,
                             v1::ListDeadlinesResponse& response);
  grpc::Status ListHistory(const Call& call, const v1::ListHistoryRequest& request,
                           v1::ListHistoryResponse& response);
  grpc::Status HandOver(const Call& call, const v1::HandOverRequest& request,
                        v1::HandOverResponse& response);

  Node& node_;
};

}  // namespace duban::duband
