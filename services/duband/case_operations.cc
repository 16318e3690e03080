// What can be done to a case as a whole, beside moving it by events.
#include "services/duband/case_service.h"
#include "services/duband/hand_over.h"
#include "services/duband/method.h"
#include "services/duband/page_token.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

using model::Command;

constexpr char kHandOverToken = 'o';

template <class Request>
grpc::Status Locate(const Request& request, const char* field, const std::string& words,
                    Command& command) {
  if (auto status = CheckSize(field, words, kMaxOpinionBytes); !status.ok()) return status;
  const auto id = ReadCaseId(request.case_id());
  if (!id) return id.error();
  command.case_id = *id;
  return grpc::Status::OK;
}

grpc::Status Make(const v1::RevokeCaseRequest& r, Command& c) {
  c.body = model::Revoke{r.reason()};
  return Locate(r, "reason", r.reason(), c);
}

grpc::Status Make(const v1::CopyCaseRequest& r, Command& c) {
  if (auto status = CheckPeople("people", {r.people().begin(), r.people().end()}); !status.ok())
    return status;
  c.body = model::CopyTo{{r.people().begin(), r.people().end()}, r.note()};
  return Locate(r, "note", r.note(), c);
}

grpc::Status Make(const v1::MarkReadRequest& r, Command& c) {
  c.body = model::MarkRead{};
  return Locate(r, "", {}, c);
}

grpc::Status Make(const v1::CommentRequest& r, Command& c) {
  if (r.text().empty() && r.attachments().empty())
    return Invalid({"text", {"写上内容，或附上文件", "write something, or attach a document"}});
  c.body = model::Comment{r.text(), FromProto(r.attachments())};
  return Locate(r, "text", r.text(), c);
}

grpc::Status Make(const v1::SuspendCaseRequest& r, Command& c) {
  c.body = model::Suspend{r.reason()};
  return Locate(r, "reason", r.reason(), c);
}

grpc::Status Make(const v1::ResumeCaseRequest& r, Command& c) {
  c.body = model::Resume{r.reason()};
  return Locate(r, "reason", r.reason(), c);
}

grpc::Status Make(const v1::ProposeOverrideRequest& r, Command& c) {
  model::ProposeOverride body;
  if (auto status = Locate(r, "reason", r.reason(), c); !status.ok()) return status;
  switch (r.kind()) {
    case v1::OVERRIDE_KIND_JUMP:
      body.kind = model::Override::Kind::kJump;
      if (auto status = CheckName("state", r.state()); !status.ok()) return status;
      break;
    case v1::OVERRIDE_KIND_TERMINATE:
      body.kind = model::Override::Kind::kTerminate;
      break;
    case v1::OVERRIDE_KIND_REASSIGN: {
      body.kind = model::Override::Kind::kReassign;
      if (auto status = CheckPeople("people", {r.people().begin(), r.people().end()}); !status.ok())
        return status;
      const auto task = ReadTaskId(r.task_id());
      if (!task) return task.error();
      if (task->case_id != c.case_id)
        return Invalid({"task_id", {"不是这个案件的任务", "no task of this case"}});
      body.task = task->ordinal;
      break;
    }
    default:
      return Invalid({"kind",
                      {"要做什么：JUMP、TERMINATE 或 REASSIGN",
                       "what is to be done: JUMP, TERMINATE or REASSIGN"}});
  }
  body.state = r.state();
  body.outcome = r.outcome();
  body.people = {r.people().begin(), r.people().end()};
  body.reason = r.reason();
  c.body = std::move(body);
  return grpc::Status::OK;
}

grpc::Status MakeClose(const v1::CloseOverrideRequest& r, Command& c) {
  if (auto status = CheckSize("reason", r.reason(), kMaxOpinionBytes); !status.ok()) return status;
  const auto id = model::TaskId::Parse(r.override_id());
  if (!id || !id->case_id) return ToStatus(UnknownOverride());
  c.case_id = id->case_id;
  c.body = model::CloseOverride{id->ordinal, r.confirm(), r.reason()};
  return grpc::Status::OK;
}

}  // namespace

Methods CaseService::operations() {
  return {
      Write<v1::RevokeCaseRequest, v1::RevokeCaseResponse>("RevokeCase", Make),
      Write<v1::CopyCaseRequest, v1::CopyCaseResponse>("CopyCase", Make),
      Write<v1::MarkReadRequest, v1::MarkReadResponse>("MarkRead", Make),
      Write<v1::CommentRequest, v1::CommentResponse>("Comment", Make),
      Write<v1::SuspendCaseRequest, v1::SuspendCaseResponse>("SuspendCase", Make),
      Write<v1::ResumeCaseRequest, v1::ResumeCaseResponse>("ResumeCase", Make),
      Write<v1::ProposeOverrideRequest, v1::ProposeOverrideResponse>("ProposeOverride", Make),
      Write<v1::CloseOverrideRequest, v1::CloseOverrideResponse>("CloseOverride", MakeClose,
                                                                 UnknownOverride),
      Long("HandOver", this, &CaseService::HandOver),
  };
}

grpc::Status CaseService::HandOver(const Call& call, const v1::HandOverRequest& request,
                                   v1::HandOverResponse& response) {
  const model::Principal& who = call.who();
  if (auto status = RequireAdministrator(node_, who); !status.ok()) return status;
  duband::HandOver wanted{request.request_id(), request.from(), request.to(), request.reason(), {}};
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kHandOverToken, request.page_token());
    const auto after = key ? model::TaskId::Parse(*key) : std::nullopt;
    if (!after) return BadToken("page_token");
    wanted.after = *after;
  }
  const auto done = HandOverAll(node_, who, wanted);
  if (!done) return done.error();
  for (const HandedOver::Task& one : done->tasks) {
    if (!one.refused) {
      response.add_task_ids(one.id.ToString());
      continue;
    }
    auto* failure = response.add_failures();
    failure->set_task_id(one.id.ToString());
    failure->set_reason(std::string(model::ReasonName(one.refused->reason)));
    Set(one.refused->message, failure->mutable_message());
  }
  if (done->more) response.set_next_page_token(MakeToken(kHandOverToken, done->last.ToString()));
  return grpc::Status::OK;
}

}  // namespace duban::duband
