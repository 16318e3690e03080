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
  grpc::ServerUnaryReactor* ListDeadlines(grpc::CallbackServerContext* call,
                                          const v1::ListDeadlinesRequest* request,
                                          v1::ListDeadlinesResponse* response) override;
  grpc::ServerUnaryReactor* ListHistory(grpc::CallbackServerContext* call,
                                        const v1::ListHistoryRequest* request,
                                        v1::ListHistoryResponse* response) override;
  // Implemented in case_operations.cc.
  grpc::ServerUnaryReactor* RevokeCase(grpc::CallbackServerContext* call,
                                       const v1::RevokeCaseRequest* request,
                                       v1::RevokeCaseResponse* response) override;
  grpc::ServerUnaryReactor* CopyCase(grpc::CallbackServerContext* call,
                                     const v1::CopyCaseRequest* request,
                                     v1::CopyCaseResponse* response) override;
  grpc::ServerUnaryReactor* MarkRead(grpc::CallbackServerContext* call,
                                     const v1::MarkReadRequest* request,
                                     v1::MarkReadResponse* response) override;
  grpc::ServerUnaryReactor* Comment(grpc::CallbackServerContext* call,
                                    const v1::CommentRequest* request,
                                    v1::CommentResponse* response) override;
  grpc::ServerUnaryReactor* SuspendCase(grpc::CallbackServerContext* call,
                                        const v1::SuspendCaseRequest* request,
                                        v1::SuspendCaseResponse* response) override;
  grpc::ServerUnaryReactor* ResumeCase(grpc::CallbackServerContext* call,
                                       const v1::ResumeCaseRequest* request,
                                       v1::ResumeCaseResponse* response) override;
  grpc::ServerUnaryReactor* ProposeOverride(grpc::CallbackServerContext* call,
                                            const v1::ProposeOverrideRequest* request,
                                            v1::ProposeOverrideResponse* response) override;
  grpc::ServerUnaryReactor* CloseOverride(grpc::CallbackServerContext* call,
                                          const v1::CloseOverrideRequest* request,
                                          v1::CloseOverrideResponse* response) override;
  grpc::ServerUnaryReactor* HandOver(grpc::CallbackServerContext* call,
                                     const v1::HandOverRequest* request,
                                     v1::HandOverResponse* response) override;

 private:
  grpc::Status List(const model::Principal& who, const v1::ListCasesRequest& request,
                    v1::ListCasesResponse& response);
  grpc::Status List(const model::Principal& who, const v1::ListDeadlinesRequest& request,
                    v1::ListDeadlinesResponse& response);
  grpc::Status History(const model::Principal& who, const v1::ListHistoryRequest& request,
                       v1::ListHistoryResponse& response);
  Node& node_;
};

}  // namespace duban::duband
