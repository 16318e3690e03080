// tasks, decide.
#include <algorithm>
#include <iostream>
#include <set>

#include "duban/v1/task_service.grpc.pb.h"
#include "services/cli/attachment.h"
#include "services/cli/connection.h"
#include "services/cli/show.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

std::string Ending(const Terminal& t, const Names& names, const v1::Task& task) {
  switch (task.state()) {
    case v1::TASK_STATE_WAITING:
      return t.Say("还未轮到", "not its turn yet");
    case v1::TASK_STATE_DECIDED:
      return t.Paint(Style::kGreen, task.vote().outcome()) + t.Say("：", " by ") +
             NamedList(t, names, {task.vote().by()}) +
             (task.vote().opinion().empty() ? "" : t.Say("，", ": ") + task.vote().opinion());
    case v1::TASK_STATE_CANCELLED:
      return t.Paint(Style::kDim, t.Say("已取消", "cancelled"));
    default: {
      std::string outcomes;
      for (const auto& outcome : task.outcomes())
        outcomes += (outcomes.empty() ? "" : " | ") + outcome.id();
      return outcomes;
    }
  }
}

Names NamesOf(const Connection& connection,
              const google::protobuf::RepeatedPtrField<v1::Task>& tasks) {
  std::vector<std::string> people;
  for (const v1::Task& task : tasks) {
    people.insert(people.end(), task.candidates().begin(), task.candidates().end());
    if (!task.vote().by().empty()) people.push_back(task.vote().by());
  }
  return people.empty() ? Names() : connection.NamesOf(people);
}

// The fields of the task's form whose values are text in whatever way they look.
std::expected<std::set<std::string>, Failure> TextFields(const Connection& connection,
                                                         const std::string& task_id) {
  v1::GetTaskRequest request;
  request.set_task_id(task_id);
  const auto response = connection.Call(&v1::TaskService::Stub::GetTask, request);
  if (!response) return std::unexpected(response.error());
  static const std::set<std::string> kTextTypes = {"text",   "enum",   "date",       "time",
                                                   "person", "office", "enterprise", "file"};
  std::set<std::string> texts;
  for (const v1::FormField& field : response->task().form()) {
    if (kTextTypes.contains(field.type())) texts.insert(field.name());
  }
  return texts;
}

}  // namespace

std::string TaskTable(const Connection& connection,
                      const google::protobuf::RepeatedPtrField<v1::Task>& tasks, bool with_case) {
  const Terminal& t = connection.context().terminal;
  const auto names = NamesOf(connection, tasks);
  std::vector<std::string> header = {t.Say("任务", "TASK"), t.Say("事项", "TITLE"),
                                     t.Say("办理人", "FOR"), t.Say("期限", "DUE"),
                                     t.Say("结果", "OUTCOMES")};
  if (with_case) header.insert(header.begin() + 1, t.Say("案件", "CASE"));
  Table table(t, header);
  for (const v1::Task& task : tasks) {
    std::vector<std::string> row = {
        t.Paint(Style::kBold, task.id()), t.In(ToModel(task.title())),
        NamedList(t, names, {task.candidates().begin(), task.candidates().end()}),
        task.has_deadline() ? t.Time(ToModel(task.deadline().due())) : "", Ending(t, names, task)};
    if (with_case) row.insert(row.begin() + 1, t.In(ToModel(task.case_title())));
    table.Add(std::move(row));
  }
  return table.ToString();
}

Outcome Tasks(const Context& context, const TasksArguments& arguments) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::ListTasksRequest request;
  request.set_case_id(arguments.case_id);
  request.set_include_closed(arguments.closed);
  const auto all = connection->List(&v1::TaskService::Stub::ListTasks, request, arguments.limit,
                                    &v1::ListTasksResponse::tasks_size);
  if (!all) return std::unexpected(all.error());
  const Terminal& t = context.terminal;
  if (t.json) {
    std::cout << ToJson(*all) << '\n';
  } else if (all->tasks_size() == 0) {
    std::cout << t.Say("没有待办\n", "no tasks\n");
  } else {
    std::cout << TaskTable(*connection, all->tasks(), arguments.case_id.empty());
  }
  if (!t.json && !all->next_page_token().empty()) {
    std::cout << t.Say("还有更多：加 --limit 0 列出全部\n",
                       "there are more: --limit 0 lists all\n");
  }
  return {};
}

Outcome Decide(const Context& context, const DecideArguments& arguments) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  std::set<std::string> texts;
  if (!arguments.form.words.empty()) {
    auto found = TextFields(*connection, arguments.task_id);
    if (!found) return std::unexpected(found.error());
    texts = *std::move(found);
  }
  const auto form = ReadData(context.terminal, arguments.form, texts);
  if (!form) return std::unexpected(form.error());
  v1::DecideRequest request;
  request.set_request_id(context.connection.request_id);
  request.set_task_id(arguments.task_id);
  request.set_outcome(arguments.outcome);
  request.set_opinion(arguments.opinion);
  request.set_expected_revision(arguments.expected_revision);
  *request.mutable_form() = *form;
  request.set_on_behalf_of(arguments.on_behalf_of);
  for (const std::string& file : arguments.attachments) {
    auto attachment = Digest(context.terminal, file);
    if (!attachment) return std::unexpected(attachment.error());
    *request.add_attachments() = *std::move(attachment);
  }
  if (!arguments.signature.empty()) {
    auto signature = Digest(context.terminal, arguments.signature);
    if (!signature) return std::unexpected(signature.error());
    *request.mutable_signature() = *std::move(signature);
  }
  const auto response = connection->Call(&v1::TaskService::Stub::Decide, request);
  if (!response) return std::unexpected(response.error());
  const Terminal& t = context.terminal;
  std::cout << (t.json ? ToJson(*response) + "\n" : ReceiptText(t, response->receipt()));
  return {};
}

}  // namespace duban::cli
