#include "services/duband/task_service.h"

#include <algorithm>
#include <iterator>

#include "core/statechart/step.h"
#include "services/duband/method.h"
#include "services/duband/page_token.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

constexpr char kTaskToken = 't';

grpc::Status MakeDecide(const v1::DecideRequest& request, model::Command& command) {
  if (auto status = CheckName("outcome", request.outcome()); !status.ok()) return status;
  if (auto status = CheckSize("opinion", request.opinion(), kMaxOpinionBytes); !status.ok())
    return status;
  const auto id = ReadTaskId(request.task_id());
  if (!id) return id.error();
  auto form = FromProto(request.form(), "form");
  if (!form) return Invalid(std::move(form.error()));
  command.case_id = id->case_id;
  model::Decide decide{.task = id->ordinal,
                       .outcome = request.outcome(),
                       .opinion = request.opinion(),
                       .form = std::move(*form),
                       .on_behalf_of = request.on_behalf_of(),
                       .attachments = FromProto(request.attachments()),
                       .signature = {}};
  if (request.has_signature()) decide.signature = FromProto(request.signature());
  command.body = std::move(decide);
  return grpc::Status::OK;
}

}  // namespace

Methods TaskService::methods() {
  Methods methods = {
      Read("ListTasks", this, &TaskService::ListTasks),
      Read("GetTask", this, &TaskService::GetTask),
      Write<v1::DecideRequest, v1::DecideResponse>("Decide", MakeDecide, UnknownTask),
  };
  std::ranges::move(operations(), std::back_inserter(methods));
  return methods;
}

grpc::Status TaskService::ListTasks(const Call& call, const v1::ListTasksRequest& request,
                                    v1::ListTasksResponse& response) {
  const model::Principal& who = call.who();
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  if (request.include_closed() && request.case_id().empty()) {
    return Invalid("include_closed", {"只能与 case_id 一起使用", "only together with case_id"});
  }
  model::TaskId after;
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kTaskToken, request.page_token());
    const auto task = key ? model::TaskId::Parse(*key) : std::nullopt;
    if (!task) return BadToken("page_token");
    after = *task;
  }
  engine::Answer<engine::Page<engine::TaskView, model::TaskId>> page;
  if (request.case_id().empty()) {
    page = node_.queries.Inbox(who, after, *size);
  } else {
    const auto id = ReadCaseId(request.case_id());
    if (!id) return id.error();
    page = node_.queries.TasksOfCase(who, *id, request.include_closed(), after, *size);
  }
  if (!page) return ToStatus(page.error());
  for (const auto& task : page->items) {
    Set(task, DefinitionOf(node_, task.campaign, task.workflow).get(), nullptr,
        response.add_tasks());
  }
  if (page->next) response.set_next_page_token(MakeToken(kTaskToken, page->next->ToString()));
  return grpc::Status::OK;
}

grpc::Status TaskService::GetTask(const Call& call, const v1::GetTaskRequest& request,
                                  v1::GetTaskResponse& response) {
  const model::Principal& who = call.who();
  const auto id = ReadTaskId(request.task_id());
  if (!id) return id.error();
  const auto detail = node_.queries.GetTask(who, *id);
  if (!detail) return ToStatus(detail.error());
  Set(detail->task, detail->definition.get(), &detail->data, response.mutable_task());
  Set(detail->offer, *detail->definition, response.mutable_task()->mutable_offer());
  return grpc::Status::OK;
}

}  // namespace duban::duband
