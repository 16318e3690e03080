// clock, dead-letters, backup, whoami.
#include <fmt/chrono.h>

#include <chrono>
#include <iostream>

#include "duban/v1/directory_service.grpc.pb.h"
#include "duban/v1/operator_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

// Writes the response as JSON, or `words`.
void Print(const Terminal& terminal, const google::protobuf::Message& response,
           const std::string& words) {
  std::cout << (terminal.json ? ToJson(response) + "\n" : words);
}

Outcome Advance(const Context& context, const Connection& connection, const std::string& to) {
  const Terminal& t = context.terminal;
  v1::AdvanceClockRequest request;
  const auto time = model::ParseRfc3339(to);
  if (!time) {
    return Usage(
        t.Say("--advance-to 需要带时区的时间，例如 2022-08-19T09:00:00+08:00",
              "--advance-to takes a time with its zone, such as 2022-08-19T09:00:00+08:00"));
  }
  request.mutable_to()->set_seconds(time->seconds);
  request.mutable_to()->set_nanos(time->nanos);
  const auto response = connection.Call(&v1::OperatorService::Stub::AdvanceClock, request);
  if (!response) return std::unexpected(response.error());
  Print(t, *response,
        t.Time(ToModel(response->now())) + t.Say("，触发了计时 ", ", clocks fired: ") +
            std::to_string(response->timers_fired()) + "\n");
  return {};
}

}  // namespace

Outcome Clock(const Context& context, const std::string& advance_to) {
  const Terminal& t = context.terminal;
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  if (!advance_to.empty()) return Advance(context, *connection, advance_to);
  const auto response =
      connection->Call(&v1::OperatorService::Stub::GetClock, v1::GetClockRequest());
  if (!response) return std::unexpected(response.error());
  Print(t, *response,
        t.Time(ToModel(response->now())) +
            (response->is_virtual() ? t.Say("（虚拟时钟）", " (virtual clock)") : "") + "\n");
  return {};
}

Outcome ListDeadLetters(const Context& context) {
  const Terminal& t = context.terminal;
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const auto all =
      connection->List(&v1::OperatorService::Stub::ListDeadLetters, v1::ListDeadLettersRequest());
  if (!all) return std::unexpected(all.error());
  Table table(t, {t.Say("编号", "ID"), t.Say("收件人", "RECIPIENT"), t.Say("次数", "ATTEMPTS"),
                  t.Say("主题", "SUBJECT"), t.Say("最后的错误", "LAST ERROR")});
  for (const v1::DeadLetter& letter : all->dead_letters()) {
    table.Add({letter.id(), letter.recipient(), std::to_string(letter.attempts()), letter.subject(),
               letter.last_error()});
  }
  Print(t, *all,
        table.empty() ? t.Say("没有无法送达的消息\n", "no dead letters\n") : table.ToString());
  return {};
}

Outcome RetryDeadLetter(const Context& context, const std::string& id) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::RetryDeadLetterRequest request;
  request.set_id(id);
  const auto response = connection->Call(&v1::OperatorService::Stub::RetryDeadLetter, request);
  if (!response) return std::unexpected(response.error());
  Print(context.terminal, *response, context.terminal.Say("将重新发送\n", "will be tried again\n"));
  return {};
}

Outcome Backup(const Context& context, const std::string& name) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::BackupRequest request;
  request.set_name(name);
  if (name.empty()) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    request.set_name(fmt::format("duban-{:%Y%m%dT%H%M%SZ}.db", fmt::gmtime(now)));
  }
  const auto response = connection->Call(&v1::OperatorService::Stub::Backup, request);
  if (!response) return std::unexpected(response.error());
  Print(context.terminal, *response,
        context.terminal.Say("已备份到服务器上的 ", "backed up, on the server, to ") +
            response->path() + "\n");
  return {};
}

Outcome WhoAmI(const Context& context) {
  const Terminal& t = context.terminal;
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  const auto me = connection->Call(&v1::DirectoryService::Stub::WhoAmI, v1::WhoAmIRequest());
  if (!me) return std::unexpected(me.error());
  std::vector<std::string> ids(me->posts().begin(), me->posts().end());
  ids.insert(ids.end(), me->roles().begin(), me->roles().end());
  if (!me->office().empty()) ids.push_back(me->office());
  const auto names = t.json || ids.empty() ? Names() : connection->NamesOf(ids);
  std::string words = t.Paint(Style::kBold, me->id()) + "  " + t.In(ToModel(me->name())) + "\n";
  const auto line = [&](const std::string& heading, const std::vector<std::string>& list) {
    if (!list.empty()) words += heading + NamedList(t, names, list) + "\n";
  };
  line(t.Say("岗位：", "posts: "), {me->posts().begin(), me->posts().end()});
  line(t.Say("角色：", "roles: "), {me->roles().begin(), me->roles().end()});
  if (!me->office().empty()) line(t.Say("科室：", "office: "), {me->office()});
  if (me->administrator()) words += t.Say("管理员\n", "administrator\n");
  Print(t, *me, words);
  return {};
}

}  // namespace duban::cli
