// start, send, cases.
#include <algorithm>
#include <iostream>

#include "duban/v1/case_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/show.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

void PrintReceipt(const Terminal& terminal, const google::protobuf::Message& response,
                  const v1::Receipt& receipt) {
  std::cout << (terminal.json ? ToJson(response) + "\n" : ReceiptText(terminal, receipt));
}

}  // namespace

std::string ReceiptText(const Terminal& t, const v1::Receipt& receipt) {
  std::string text = t.Say("案件 ", "case ") + t.Paint(Style::kBold, receipt.case_id()) +
                     t.Say("，修订号 ", ", revision ") + std::to_string(receipt.revision());
  if (receipt.repeated())
    text += t.Say("（此前已答复，没有重复办理）", " (answered before, nothing was done twice)");
  text += '\n';
  std::string states;
  for (const std::string& state : receipt.states()) states += (states.empty() ? "" : ", ") + state;
  if (!states.empty()) text += t.Say("进入：", "entered: ") + states + "\n";
  if (receipt.ended()) {
    text += t.Paint(Style::kGreen, t.Say("已办结：", "ended: ") + receipt.outcome()) + "\n";
  }
  return text;
}

Outcome Start(const Context& context, const StartArguments& arguments) {
  v1::StartCaseRequest request;
  request.set_request_id(context.connection.request_id);
  request.set_campaign(arguments.campaign);
  request.set_workflow(arguments.workflow);
  const auto data = ReadData(context.terminal, arguments.data);
  if (!data) return std::unexpected(data.error());
  *request.mutable_data() = *data;
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const auto response = connection->Call(&v1::CaseService::Stub::StartCase, request);
  if (!response) return std::unexpected(response.error());
  PrintReceipt(context.terminal, *response, response->receipt());
  return {};
}

Outcome Send(const Context& context, const SendArguments& arguments) {
  v1::SendEventRequest request;
  request.set_request_id(context.connection.request_id);
  request.set_case_id(arguments.case_id);
  request.set_event(arguments.event);
  request.set_reason(arguments.reason);
  request.set_expected_revision(arguments.expected_revision);
  const auto data = ReadData(context.terminal, arguments.data);
  if (!data) return std::unexpected(data.error());
  if (data->fields_size() > 0) *request.mutable_data()->mutable_struct_value() = *data;
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const auto response = connection->Call(&v1::CaseService::Stub::SendEvent, request);
  if (!response) return std::unexpected(response.error());
  PrintReceipt(context.terminal, *response, response->receipt());
  return {};
}

namespace {

v1::ListCasesRequest ToRequest(const CasesArguments& arguments) {
  v1::ListCasesRequest request;
  request.set_workflow(arguments.workflow);
  request.set_parent_id(arguments.parent);
  if (arguments.open != arguments.ended) {
    request.set_status(arguments.open ? v1::ListCasesRequest::STATUS_OPEN
                                      : v1::ListCasesRequest::STATUS_ENDED);
  }
  return request;
}

std::string LeafTitles(const Terminal& t, const v1::Case& item) {
  std::string text;
  for (const v1::ActiveState& state : item.states()) {
    if (!state.leaf()) continue;
    const std::string title = t.In(ToModel(state.title()));
    text += (text.empty() ? "" : ", ") + (title.empty() ? state.id() : title);
  }
  return text;
}

std::string CaseTable(const Terminal& t, const v1::ListCasesResponse& list) {
  Table table(t, {t.Say("案件", "CASE"), t.Say("工作流", "WORKFLOW"), t.Say("名称", "TITLE"),
                  t.Say("更新", "UPDATED"), t.Say("状态", "STATE")});
  for (const v1::Case& item : list.cases()) {
    const std::string ended = t.Paint(Style::kDim, t.Say("办结：", "ended: ") + item.outcome());
    table.Add({item.id(), item.workflow(), t.In(ToModel(item.title())),
               t.Time(ToModel(item.updated_at())), item.ended() ? ended : LeafTitles(t, item)});
  }
  return table.empty() ? t.Say("没有您可以看到的案件\n", "no cases that you may see\n")
                       : table.ToString();
}

}  // namespace

Outcome Cases(const Context& context, const CasesArguments& arguments) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const auto all = connection->List(&v1::CaseService::Stub::ListCases, ToRequest(arguments),
                                    arguments.limit, &v1::ListCasesResponse::cases_size);
  if (!all) return std::unexpected(all.error());
  const Terminal& t = context.terminal;
  std::cout << (t.json ? ToJson(*all) + "\n" : CaseTable(t, *all));
  if (!t.json && !all->next_page_token().empty()) {
    std::cout << t.Say("还有更多：加 --limit 0 列出全部\n",
                       "there are more: --limit 0 lists all\n");
  }
  return {};
}

}  // namespace duban::cli
