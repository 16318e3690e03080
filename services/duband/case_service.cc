#include "services/duband/case_service.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "services/duband/method.h"
#include "services/duband/page_token.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

constexpr char kCaseToken = 'c';
constexpr char kHistoryToken = 'h';
constexpr char kDeadlineToken = 'l';

grpc::Status MakeStart(const v1::StartCaseRequest& request, model::Command& command) {
  for (const auto& [field, value] :
       {std::pair{"campaign", &request.campaign()}, std::pair{"workflow", &request.workflow()}}) {
    if (auto status = CheckName(field, *value); !status.ok()) return status;
  }
  auto data = FromProto(request.data(), "data");
  if (!data) return Invalid(std::move(data.error()));
  command.body = model::StartCase{request.campaign(), request.workflow(), std::move(*data), {}};
  return grpc::Status::OK;
}

grpc::Status MakeSend(const v1::SendEventRequest& request, model::Command& command) {
  if (auto status = CheckName("event", request.event()); !status.ok()) return status;
  if (auto status = CheckSize("reason", request.reason(), kMaxOpinionBytes); !status.ok())
    return status;
  const auto id = ReadCaseId(request.case_id());
  if (!id) return id.error();
  auto data = FromProto(request.data(), "data");
  if (!data) return Invalid(std::move(data.error()));
  command.case_id = *id;
  command.body = model::SendEvent{request.event(), std::move(*data), request.reason()};
  return grpc::Status::OK;
}

std::optional<model::Revision> ReadRevision(const std::string& text) {
  model::Revision revision = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return revision;
}

}  // namespace

Methods CaseService::methods() {
  Methods methods = {
      Write<v1::StartCaseRequest, v1::StartCaseResponse>("StartCase", MakeStart),
      Write<v1::SendEventRequest, v1::SendEventResponse>("SendEvent", MakeSend),
      Read("GetCase", this, &CaseService::GetCase),
      Read("ListCases", this, &CaseService::ListCases),
      Read("ListDeadlines", this, &CaseService::ListDeadlines),
      Read("ListHistory", this, &CaseService::ListHistory),
  };
  std::ranges::move(operations(), std::back_inserter(methods));
  return methods;
}

grpc::Status CaseService::GetCase(const Call& call, const v1::GetCaseRequest& request,
                                  v1::GetCaseResponse& response) {
  const model::Principal& who = call.who();
  const auto id = ReadCaseId(request.case_id());
  if (!id) return id.error();
  const auto detail = node_.queries.GetCase(who, *id);
  if (!detail) return ToStatus(detail.error());
  Set(*detail, response.mutable_case_());
  return grpc::Status::OK;
}

grpc::Status CaseService::ListCases(const Call& call, const v1::ListCasesRequest& request,
                                    v1::ListCasesResponse& response) {
  const model::Principal& who = call.who();
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  ports::CaseQuery query;
  query.page_size = *size;
  query.workflow = request.workflow();
  if (!request.parent_id().empty()) {
    const auto parent = ReadCaseId(request.parent_id());
    if (!parent) return grpc::Status::OK;  // it has no children that anybody could see
    query.parent = *parent;
  }
  if (request.status() == v1::ListCasesRequest::STATUS_OPEN) query.ended = false;
  if (request.status() == v1::ListCasesRequest::STATUS_ENDED) query.ended = true;
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kCaseToken, request.page_token());
    const auto after = key ? model::CaseId::Parse(*key) : std::nullopt;
    if (!after) return BadToken("page_token");
    query.after = *after;
  }
  const auto page = node_.queries.ListCases(who, query);
  if (!page) return ToStatus(page.error());
  for (const auto& line : page->items) {
    Set(line, DefinitionOf(node_, line.campaign, line.workflow).get(), response.add_cases());
  }
  if (page->next) response.set_next_page_token(MakeToken(kCaseToken, page->next->ToString()));
  return grpc::Status::OK;
}

grpc::Status CaseService::ListDeadlines(const Call& call, const v1::ListDeadlinesRequest& request,
                                        v1::ListDeadlinesResponse& response) {
  const model::Principal& who = call.who();
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  engine::DeadlineQuery query;
  query.page_size = *size;
  query.overdue = request.overdue();
  query.mine = request.mine();
  const model::Timestamp now = node_.clock.Now();
  if (request.has_due_within()) {
    const model::Duration within{request.due_within().seconds(), request.due_within().nanos()};
    query.until = model::Add(now, within);
    if (!query.until) return Invalid("due_within", {"超出范围", "is out of range"});
  }
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kDeadlineToken, request.page_token());
    const auto after = key ? model::CaseId::Parse(*key) : std::nullopt;
    if (!after) return BadToken("page_token");
    query.after = *after;
  }
  const auto page = node_.queries.ListDeadlines(who, query);
  if (!page) return ToStatus(page.error());
  for (const auto& line : page->items) Set(line, response.add_deadlines());
  if (page->next) response.set_next_page_token(MakeToken(kDeadlineToken, page->next->ToString()));
  Set(now, response.mutable_now());
  return grpc::Status::OK;
}

grpc::Status CaseService::ListHistory(const Call& call, const v1::ListHistoryRequest& request,
                                      v1::ListHistoryResponse& response) {
  const model::Principal& who = call.who();
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  const auto id = ReadCaseId(request.case_id());
  if (!id) return id.error();
  model::Revision after = 0;
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kHistoryToken, request.page_token());
    const auto revision = key ? ReadRevision(*key) : std::nullopt;
    if (!revision) return BadToken("page_token");
    after = *revision;
  }
  const auto detail = node_.queries.GetCase(who, *id);
  if (!detail) return ToStatus(detail.error());
  const auto page = node_.queries.History(who, *id, after, *size);
  if (!page) return ToStatus(page.error());
  const auto world = node_.world.Now();
  for (const auto& entry : page->items) {
    Set(entry, *detail->definition, world->organisation, response.add_entries());
  }
  if (page->next)
    response.set_next_page_token(MakeToken(kHistoryToken, std::to_string(*page->next)));
  return grpc::Status::OK;
}

}  // namespace duban::duband
