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

 private:
  grpc::Status List(const model::Principal& who, const v1::ListTasksRequest& request,
                    v1::ListTasksResponse& response);
  grpc::Status Get(const model::Principal& who, const v1::GetTaskRequest& request,
                   v1::GetTaskResponse& response);
  Node& node_;
};

}  // namespace duban::duband
