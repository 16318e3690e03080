// What can be done to a task beside deciding it: each request becomes one command of the model.
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/task_service.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

using model::Command;

// The task of the request and its words, checked; then `fill` makes the command's body.
template <class Request, class Fill>
grpc::Status Make(const Request& request, const char* field, const std::string& words,
                  Command& command, Fill fill) {
  if (auto status = CheckSize(field, words, kMaxOpinionBytes); !status.ok()) return status;
  const auto id = ReadTaskId(request.task_id());
  if (!id) return id.error();
  command.case_id = id->case_id;
  return fill(id->ordinal);
}

template <class Body>
grpc::Status Become(Command& command, Body body) {
  command.body = std::move(body);
  return grpc::Status::OK;
}

grpc::Status Make(const v1::ClaimRequest& r, Command& c) {
  return Make(r, "", {}, c, [&](auto task) { return Become(c, model::Claim{task}); });
}

grpc::Status Make(const v1::ReleaseRequest& r, Command& c) {
  return Make(r, "", {}, c, [&](auto task) { return Become(c, model::Release{task}); });
}

grpc::Status Make(const v1::TransferRequest& r, Command& c) {
  if (auto status = CheckName("to", r.to()); !status.ok()) return status;
  return Make(r, "reason", r.reason(), c, [&](auto task) {
    return Become(c, model::Transfer{.task = task, .to = r.to(), .reason = r.reason(), .from = {}});
  });
}

grpc::Status Make(const v1::DelegateRequest& r, Command& c) {
  if (auto status = CheckName("to", r.to()); !status.ok()) return status;
  return Make(r, "reason", r.reason(), c,
              [&](auto task) { return Become(c, model::Delegate{task, r.to(), r.reason()}); });
}

grpc::Status Make(const v1::AddSignersRequest& r, Command& c) {
  const auto relation = FromProto(r.relation());
  if (!relation) {
    return Invalid({"relation",
                    {"应是 BEFORE（前加签）、AFTER（后加签）或 PARALLEL（并加签）",
                     "TASK_RELATION_BEFORE, TASK_RELATION_AFTER or TASK_RELATION_PARALLEL"}});
  }
  if (auto status = CheckPeople("people", {r.people().begin(), r.people().end()}); !status.ok()) return status;
  return Make(r, "reason", r.reason(), c, [&](auto task) {
    return Become(
        c, model::AddSigners{
               task, {r.people().begin(), r.people().end()}, *relation, r.any_of(), r.reason()});
  });
}

grpc::Status Make(const v1::RemoveSignerRequest& r, Command& c) {
  return Make(r, "reason", r.reason(), c,
              [&](auto task) { return Become(c, model::RemoveSigner{task, r.reason()}); });
}

grpc::Status Make(const v1::ReturnRequest& r, Command& c) {
  using To = model::Return::To;
  using Resubmit = model::Return::Resubmit;
  model::Return body;
  switch (r.to()) {
    case v1::ReturnRequest::TO_PREVIOUS:
      body.to = To::kPrevious;
      break;
    case v1::ReturnRequest::TO_STARTER:
      body.to = To::kStarter;
      break;
    case v1::ReturnRequest::TO_STATE:
      body.to = To::kState;
      if (auto status = CheckName("state", r.state()); !status.ok()) return status;
      break;
    default:
      return Invalid({"to",
                      {"退回到哪里：TO_PREVIOUS、TO_STARTER 或 TO_STATE",
                       "where to: TO_PREVIOUS, TO_STARTER or TO_STATE"}});
  }
  if (r.resubmit() == v1::ReturnRequest::RESUBMIT_RERUN) body.resubmit = Resubmit::kRerun;
  if (r.resubmit() == v1::ReturnRequest::RESUBMIT_BACK_TO_RETURNER)
    body.resubmit = Resubmit::kBackToReturner;
  body.state = r.state();
  body.opinion = r.opinion();
  body.on_behalf_of = r.on_behalf_of();
  return Make(r, "opinion", r.opinion(), c, [&](auto task) {
    body.task = task;
    return Become(c, std::move(body));
  });
}

grpc::Status Make(const v1::WithdrawRequest& r, Command& c) {
  return Make(r, "reason", r.reason(), c,
              [&](auto task) { return Become(c, model::Withdraw{task, r.reason()}); });
}

grpc::Status Make(const v1::RemindRequest& r, Command& c) {
  return Make(r, "note", r.note(), c,
              [&](auto task) { return Become(c, model::Remind{task, r.note()}); });
}

grpc::Status Make(const v1::SaveDraftRequest& r, Command& c) {
  auto form = FromProto(r.form(), "form");
  if (!form) return Invalid(std::move(form.error()));
  return Make(r, "opinion", r.opinion(), c, [&](auto task) {
    return Become(c, model::SaveDraft{task, r.outcome(), r.opinion(), std::move(*form)});
  });
}

template <class Request, class Response>
grpc::ServerUnaryReactor* Do(Node& node, grpc::CallbackServerContext* call, const char* method,
                             const Request* request, Response* response) {
  return Submit(node, call, method,
                {request->request_id(), request->expected_revision(),
                 [request](Command& command) { return Make(*request, command); },
                 response->mutable_receipt(), request->ByteSizeLong(), UnknownTask});
}

}  // namespace

grpc::ServerUnaryReactor* TaskService::Claim(grpc::CallbackServerContext* call,
                                             const v1::ClaimRequest* request,
                                             v1::ClaimResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Release(grpc::CallbackServerContext* call,
                                               const v1::ReleaseRequest* request,
                                               v1::ReleaseResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Transfer(grpc::CallbackServerContext* call,
                                                const v1::TransferRequest* request,
                                                v1::TransferResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Delegate(grpc::CallbackServerContext* call,
                                                const v1::DelegateRequest* request,
                                                v1::DelegateResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::AddSigners(grpc::CallbackServerContext* call,
                                                  const v1::AddSignersRequest* request,
                                                  v1::AddSignersResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::RemoveSigner(grpc::CallbackServerContext* call,
                                                    const v1::RemoveSignerRequest* request,
                                                    v1::RemoveSignerResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Return(grpc::CallbackServerContext* call,
                                              const v1::ReturnRequest* request,
                                              v1::ReturnResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Withdraw(grpc::CallbackServerContext* call,
                                                const v1::WithdrawRequest* request,
                                                v1::WithdrawResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::Remind(grpc::CallbackServerContext* call,
                                              const v1::RemindRequest* request,
                                              v1::RemindResponse* response) {
  return Do(node_, call, __func__, request, response);
}

grpc::ServerUnaryReactor* TaskService::SaveDraft(grpc::CallbackServerContext* call,
                                                 const v1::SaveDraftRequest* request,
                                                 v1::SaveDraftResponse* response) {
  return Do(node_, call, __func__, request, response);
}

}  // namespace duban::duband
