// What can be done to a task beside deciding it: each request becomes one command of the model.
#include "services/duband/method.h"
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
  if (auto status = CheckPeople("people", {r.people().begin(), r.people().end()}); !status.ok())
    return status;
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

}  // namespace

Methods TaskService::operations() {
  return {
      Write<v1::ClaimRequest, v1::ClaimResponse>("Claim", Make, UnknownTask),
      Write<v1::ReleaseRequest, v1::ReleaseResponse>("Release", Make, UnknownTask),
      Write<v1::TransferRequest, v1::TransferResponse>("Transfer", Make, UnknownTask),
      Write<v1::DelegateRequest, v1::DelegateResponse>("Delegate", Make, UnknownTask),
      Write<v1::AddSignersRequest, v1::AddSignersResponse>("AddSigners", Make, UnknownTask),
      Write<v1::RemoveSignerRequest, v1::RemoveSignerResponse>("RemoveSigner", Make, UnknownTask),
      Write<v1::ReturnRequest, v1::ReturnResponse>("Return", Make, UnknownTask),
      Write<v1::WithdrawRequest, v1::WithdrawResponse>("Withdraw", Make, UnknownTask),
      Write<v1::RemindRequest, v1::RemindResponse>("Remind", Make, UnknownTask),
      Write<v1::SaveDraftRequest, v1::SaveDraftResponse>("SaveDraft", Make, UnknownTask),
  };
}

}  // namespace duban::duband
