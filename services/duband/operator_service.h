// duban.v1.OperatorService; the .proto says what each call promises.
#pragma once

#include <mutex>

#include "duban/v1/operator_service.grpc.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

class OperatorService : public v1::OperatorService::CallbackService {
 public:
  explicit OperatorService(Node& node) : node_(node) {}

  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* call,
                                            const v1::ListDeadLettersRequest* request,
                                            v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* RetryDeadLetter(grpc::CallbackServerContext* call,
                                            const v1::RetryDeadLetterRequest* request,
                                            v1::RetryDeadLetterResponse* response) override;
  grpc::ServerUnaryReactor* Backup(grpc::CallbackServerContext* call,
                                   const v1::BackupRequest* request,
                                   v1::BackupResponse* response) override;
  grpc::ServerUnaryReactor* Diagnose(grpc::CallbackServerContext* call,
                                     const v1::DiagnoseRequest* request,
                                     v1::DiagnoseResponse* response) override;
  grpc::ServerUnaryReactor* GetClock(grpc::CallbackServerContext* call,
                                     const v1::GetClockRequest* request,
                                     v1::GetClockResponse* response) override;
  grpc::ServerUnaryReactor* AdvanceClock(grpc::CallbackServerContext* call,
                                         const v1::AdvanceClockRequest* request,
                                         v1::AdvanceClockResponse* response) override;

 private:
  grpc::Status List(const v1::ListDeadLettersRequest& request,
                    v1::ListDeadLettersResponse& response);
  grpc::Status MakeBackup(const v1::BackupRequest& request, v1::BackupResponse& response);
  grpc::Status Retry(const v1::RetryDeadLetterRequest& request);
  grpc::Status Advance(const grpc::CallbackServerContext& call,
                       const v1::AdvanceClockRequest& request, v1::AdvanceClockResponse& response);
  Node& node_;
  std::mutex advancing_;
};

}  // namespace duban::duband
