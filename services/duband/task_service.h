// duban.v1.TaskService; the .proto says what each call promises.
#pragma once

#include "duban/v1/task_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class TaskService {
 public:
  explicit TaskService(Node& node) : node_(node) {}
  Methods methods();

 private:
  Methods operations();  // in task_operations.cc

  grpc::Status ListTasks(const Call& call, const v1::ListTasksRequest& request,
                         v1::ListTasksResponse& response);
  grpc::Status GetTask(const Call& call, const v1::GetTaskRequest& request,
                       v1::GetTaskResponse& response);

  Node& node_;
};

}  // namespace duban::duband
