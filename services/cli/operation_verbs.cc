// claim, release, transfer, delegate, add-signers, remove-signer, return, withdraw, remind,
// save-draft; revoke, copy, read, comment, suspend, resume, override, hand-over.
#include <iostream>

#include "duban/v1/case_service.grpc.pb.h"
#include "duban/v1/task_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/show.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

using Tasks = v1::TaskService::Stub;
using Cases = v1::CaseService::Stub;

// One call whose answer is a receipt.
template <class Stub, class Request, class Response>
Outcome Send(const Context& context,
             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             Request request) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  request.set_request_id(context.connection.request_id);
  const auto response = connection->Call(method, request);
  if (!response) return std::unexpected(response.error());
  const Terminal& t = context.terminal;
  std::cout << (t.json ? ToJson(*response) + "\n" : ReceiptText(t, response->receipt()));
  return {};
}

template <class Request>
Request OfTask(const OperationArguments& arguments) {
  Request request;
  request.set_task_id(arguments.id);
  request.set_expected_revision(arguments.expected_revision);
  return request;
}

template <class Request>
Request OfCase(const OperationArguments& arguments) {
  Request request;
  request.set_case_id(arguments.id);
  request.set_expected_revision(arguments.expected_revision);
  return request;
}

template <class Request>
Request WithReason(Request request, const OperationArguments& arguments) {
  request.set_reason(arguments.words);
  return request;
}

template <class Request>
Request WithPeople(Request request, const OperationArguments& arguments) {
  for (const std::string& person : arguments.people) request.add_people(person);
  return request;
}

}  // namespace

Outcome Claim(const Context& context, const OperationArguments& a) {
  return Send(context, &Tasks::Claim, OfTask<v1::ClaimRequest>(a));
}

Outcome Release(const Context& context, const OperationArguments& a) {
  return Send(context, &Tasks::Release, OfTask<v1::ReleaseRequest>(a));
}

Outcome Transfer(const Context& context, const OperationArguments& a) {
  auto request = WithReason(OfTask<v1::TransferRequest>(a), a);
  request.set_to(a.to);
  return Send(context, &Tasks::Transfer, std::move(request));
}

Outcome Delegate(const Context& context, const OperationArguments& a) {
  auto request = WithReason(OfTask<v1::DelegateRequest>(a), a);
  request.set_to(a.to);
  return Send(context, &Tasks::Delegate, std::move(request));
}

Outcome AddSigners(const Context& context, const OperationArguments& a) {
  auto request = WithPeople(WithReason(OfTask<v1::AddSignersRequest>(a), a), a);
  request.set_relation(a.kind == "before"  ? v1::TASK_RELATION_BEFORE
                       : a.kind == "after" ? v1::TASK_RELATION_AFTER
                                           : v1::TASK_RELATION_PARALLEL);
  request.set_any_of(a.flag);
  return Send(context, &Tasks::AddSigners, std::move(request));
}

Outcome RemoveSigner(const Context& context, const OperationArguments& a) {
  return Send(context, &Tasks::RemoveSigner, WithReason(OfTask<v1::RemoveSignerRequest>(a), a));
}

Outcome ReturnTask(const Context& context, const OperationArguments& a) {
  auto request = OfTask<v1::ReturnRequest>(a);
  request.set_to(a.to == "previous"  ? v1::ReturnRequest::TO_PREVIOUS
                 : a.to == "starter" ? v1::ReturnRequest::TO_STARTER
                                     : v1::ReturnRequest::TO_STATE);
  if (request.to() == v1::ReturnRequest::TO_STATE) request.set_state(a.to);
  if (a.kind == "rerun") request.set_resubmit(v1::ReturnRequest::RESUBMIT_RERUN);
  if (a.kind == "back") request.set_resubmit(v1::ReturnRequest::RESUBMIT_BACK_TO_RETURNER);
  request.set_opinion(a.words);
  request.set_on_behalf_of(a.on_behalf_of);
  return Send(context, &Tasks::Return, std::move(request));
}

Outcome Withdraw(const Context& context, const OperationArguments& a) {
  return Send(context, &Tasks::Withdraw, WithReason(OfTask<v1::WithdrawRequest>(a), a));
}

Outcome Remind(const Context& context, const OperationArguments& a) {
  auto request = OfTask<v1::RemindRequest>(a);
  request.set_note(a.words);
  return Send(context, &Tasks::Remind, std::move(request));
}

Outcome SaveDraft(const Context& context, const OperationArguments& a) {
  const auto form = ReadData(context.terminal, a.form, {});
  if (!form) return std::unexpected(form.error());
  auto request = OfTask<v1::SaveDraftRequest>(a);
  request.set_outcome(a.kind);
  request.set_opinion(a.words);
  *request.mutable_form() = *form;
  return Send(context, &Tasks::SaveDraft, std::move(request));
}

Outcome Revoke(const Context& context, const OperationArguments& a) {
  return Send(context, &Cases::RevokeCase, WithReason(OfCase<v1::RevokeCaseRequest>(a), a));
}

Outcome Copy(const Context& context, const OperationArguments& a) {
  auto request = WithPeople(OfCase<v1::CopyCaseRequest>(a), a);
  request.set_note(a.words);
  return Send(context, &Cases::CopyCase, std::move(request));
}

Outcome MarkRead(const Context& context, const OperationArguments& a) {
  return Send(context, &Cases::MarkRead, OfCase<v1::MarkReadRequest>(a));
}

Outcome Comment(const Context& context, const OperationArguments& a) {
  auto request = OfCase<v1::CommentRequest>(a);
  request.set_text(a.words);
  return Send(context, &Cases::Comment, std::move(request));
}

Outcome Suspend(const Context& context, const OperationArguments& a) {
  return Send(context, &Cases::SuspendCase, WithReason(OfCase<v1::SuspendCaseRequest>(a), a));
}

Outcome Resume(const Context& context, const OperationArguments& a) {
  return Send(context, &Cases::ResumeCase, WithReason(OfCase<v1::ResumeCaseRequest>(a), a));
}

Outcome ProposeOverride(const Context& context, const OperationArguments& a) {
  auto request = WithPeople(WithReason(OfCase<v1::ProposeOverrideRequest>(a), a), a);
  if (a.kind == "jump") {
    request.set_kind(v1::OVERRIDE_KIND_JUMP);
    request.set_state(a.to);
  } else if (a.kind == "terminate") {
    request.set_kind(v1::OVERRIDE_KIND_TERMINATE);
    request.set_outcome(a.to);
  } else {
    request.set_kind(v1::OVERRIDE_KIND_REASSIGN);
    request.set_case_id(a.id.substr(0, a.id.find('-')));
    request.set_task_id(a.id);
  }
  return Send(context, &Cases::ProposeOverride, std::move(request));
}

Outcome CloseOverride(const Context& context, const OperationArguments& a) {
  v1::CloseOverrideRequest request;
  request.set_override_id(a.id);
  request.set_confirm(a.flag);
  request.set_reason(a.words);
  return Send(context, &Cases::CloseOverride, std::move(request));
}

Outcome HandOver(const Context& context, const OperationArguments& a) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const Terminal& t = context.terminal;
  v1::HandOverRequest request;
  request.set_request_id(context.connection.request_id);
  request.set_from(a.id);
  request.set_to(a.to);
  request.set_reason(a.words);
  const auto all = connection->List(&Cases::HandOver, request);
  if (!all) return std::unexpected(all.error());
  if (t.json) {
    std::cout << ToJson(*all) << '\n';
  } else {
    std::cout << t.Say("已移交 ", "handed over: ") << all->task_ids_size() << '\n';
    for (const auto& failure : all->failures()) {
      std::cout << failure.task_id() << "  " << failure.reason() << "  "
                << t.In(ToModel(failure.message())) << '\n';
    }
  }
  if (all->failures_size() == 0) return {};
  return std::unexpected(
      Failure{ExitCode::kRefused,
              t.Say("有任务没有移交，见上", "some tasks were not handed over, see above"), ""});
}

}  // namespace duban::cli
