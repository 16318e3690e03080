// duban.v1.OperatorService; the .proto says what each call promises.
#pragma once

#include <mutex>

#include "duban/v1/operator_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class OperatorService {
 public:
  explicit OperatorService(Node& node) : node_(node) {}
  Methods methods();

 private:
  grpc::Status ListDeadLetters(const Call& call, const v1::ListDeadLettersRequest& request,
                               v1::ListDeadLettersResponse& response);
  grpc::Status RetryDeadLetter(const Call& call, const v1::RetryDeadLetterRequest& request,
                               v1::RetryDeadLetterResponse& response);
  grpc::Status Backup(const Call& call, const v1::BackupRequest& request,
                      v1::BackupResponse& response);
  grpc::Status Diagnose(const Call& call, const v1::DiagnoseRequest& request,
                        v1::DiagnoseResponse& response);
  grpc::Status GetClock(const Call& call, const v1::GetClockRequest& request,
                        v1::GetClockResponse& response);
  grpc::Status AdvanceClock(const Call& call, const v1::AdvanceClockRequest& request,
                            v1::AdvanceClockResponse& response);

  Node& node_;
  std::mutex advancing_;
};

}  // namespace duban::duband
