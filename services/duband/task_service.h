// duban.v1.TaskService; the .proto says what each call promises.
#pragma once

#include "duban/v1/task_service.grpc.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

class TaskService : public v1::TaskService::CallbackService {
 public:
  explicit TaskService(Node& node) : node_(node) {}

  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* call,
                                      const v1::ListTasksRequest* request,
                                      v1::ListTasksResponse* response) override;
  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* call,
                                    const v1::GetTaskRequest* request,
                                    v1::GetTaskResponse* response) override;
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* call,
                                   const v1::DecideRequest* request,
                                   v1::DecideResponse* response) override;
  // Implemented in task_operations.cc.
  grpc::ServerUnaryReactor* Claim(grpc::CallbackServerContext* call,
                                  const v1::ClaimRequest* request,
                                  v1::ClaimResponse* response) override;
  grpc::ServerUnaryReactor* Release(grpc::CallbackServerContext* call,
                                    const v1::ReleaseRequest* request,
                                    v1::ReleaseResponse* response) override;
  grpc::ServerUnaryReactor* Transfer(grpc::CallbackServerContext* call,
                                     const v1::TransferRequest* request,
                                     v1::TransferResponse* response) override;
  grpc::ServerUnaryReactor* Delegate(grpc::CallbackServerContext* call,
                                     const v1::DelegateRequest* request,
                                     v1::DelegateResponse* response) override;
  grpc::ServerUnaryReactor* AddSigners(grpc::CallbackServerContext* call,
                                       const v1::AddSignersRequest* request,
                                       v1::AddSignersResponse* response) override;
  grpc::ServerUnaryReactor* RemoveSigner(grpc::CallbackServerContext* call,
                                         const v1::RemoveSignerRequest* request,
                                         v1::RemoveSignerResponse* response) override;
  grpc::ServerUnaryReactor* Return(grpc::CallbackServerContext* call,
                                   const v1::ReturnRequest* request,
                                   v1::ReturnResponse* response) override;
  grpc::ServerUnaryReactor* Withdraw(grpc::CallbackServerContext* call,
                                     const v1::WithdrawRequest* request,
                                     v1::WithdrawResponse* response) override;
  grpc::ServerUnaryReactor* Remind(grpc::CallbackServerContext* call,
                                   const v1::RemindRequest* request,
                                   v1::RemindResponse* response) override;
  grpc::ServerUnaryReactor* SaveDraft(grpc::CallbackServerContext* call,
                                      const v1::SaveDraftRequest* request,
                                      v1::SaveDraftResponse* response) override;

 private:
  grpc::Status List(const model::Principal& who, const v1::ListTasksRequest& request,
                    v1::ListTasksResponse& response);
  grpc::Status Get(const model::Principal& who, const v1::GetTaskRequest& request,
                   v1::GetTaskResponse& response);
  Node& node_;
};

}  // namespace duban::duband
