// doctor: what is wrong with a server, or with a database that no server has open, and what to do.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "duban/v1/operator_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/database.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

constexpr std::int64_t kSkewMillis = 2'000;

void Add(v1::DiagnoseResponse& response, const char* check, v1::Finding::Severity severity,
         const model::Text& what, const model::Text& advice = {}) {
  v1::Finding* finding = response.add_findings();
  finding->set_check(check);
  finding->set_severity(severity);
  finding->mutable_what()->set_zh(what.zh);
  finding->mutable_what()->set_en(what.en);
  finding->mutable_advice()->set_zh(advice.zh);
  finding->mutable_advice()->set_en(advice.en);
}

// The server's time against this machine's; half of the way there and back counts in its favour.
Outcome CheckClock(const Connection& connection, v1::DiagnoseResponse& response) {
  using Clock = std::chrono::system_clock;
  const auto asked = Clock::now();
  const auto clock = connection.Call(&v1::OperatorService::Stub::GetClock, v1::GetClockRequest());
  if (!clock) return std::unexpected(clock.error());
  const auto now = asked + (Clock::now() - asked) / 2;
  if (clock->is_virtual()) {
    Add(response, "clock", v1::Finding::SEVERITY_WARNING,
        {"服务器按虚拟时钟运行", "the server goes by a virtual clock"},
        {"只用于试运行；正式使用时去掉 --virtual-clock",
         "for trials only; in earnest start it without --virtual-clock"});
    return {};
  }
  const auto mine = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  const std::int64_t skew = ToModel(clock->now()).UnixMillis() - mine.count();
  const bool bad = std::abs(skew) > kSkewMillis;
  Add(response, "clock", bad ? v1::Finding::SEVERITY_PROBLEM : v1::Finding::SEVERITY_OK,
      {fmt::format("服务器与本机时钟相差 {} 毫秒", skew),
       fmt::format("the server's clock differs from this machine's by {} ms", skew)},
      bad ? model::Text("在两台机器上启用时间同步（chrony）：期限以服务器时钟为准",
                        "have both machines keep time (chrony): due dates go by the server's clock")
          : model::Text());
  return {};
}

void CheckFile(const DoctorArguments& arguments, v1::DiagnoseResponse& response) {
  const fs::path file = fs::absolute(arguments.database);
  const auto say = [&](const char* check, const std::expected<void, model::Text>& result,
                       const model::Text& good, const model::Text& advice) {
    const bool well = result.has_value();
    Add(response, check, well ? v1::Finding::SEVERITY_OK : v1::Finding::SEVERITY_PROBLEM,
        well ? good : result.error(), well ? model::Text() : advice);
    return well;
  };
  if (IsInUse(file)) {
    Add(response, "integrity", v1::Finding::SEVERITY_WARNING,
        {"数据库正被服务器使用，不作检查", "a server has the database open: it is not checked"},
        {"检查一份备份，或先停止服务器", "check a backup, or stop the server first"});
    return;
  }
  if (!say("integrity", CheckIntegrity(file), {"每一页都完好", "every page is whole"},
           {"停止服务器，用 duban restore 恢复备份",
            "stop the server and `duban restore` a backup"}))
    return;
  // The storage brings an older database to its own schema: it gets a copy.
  std::string directory = (fs::temp_directory_path() / "duban-doctor-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) {
    return Add(response, "storage", v1::Finding::SEVERITY_PROBLEM,
               {"无法建立临时目录，数据库没有试着打开",
                "no temporary directory can be made, so opening the database was not tried"},
               {"检查 TMPDIR", "check TMPDIR"});
  }
  const fs::path copy = fs::path(directory) / "copy.db";
  auto opened = CopyDurably(file, copy);
  const fs::path plugins =
      arguments.plugins.empty() ? DefaultPlugins() : fs::path(arguments.plugins);
  if (opened) opened = OpenAsServer(copy, plugins);
  std::error_code ignored;
  fs::remove_all(directory, ignored);
  say("storage", opened,
      {"本版本的存储插件可以打开它", "the storage plugin of this release opens it"},
      {"请使用匹配的版本，或检查 --plugins", "use the release that fits, or check --plugins"});
}

Style StyleOf(v1::Finding::Severity severity) {
  if (severity == v1::Finding::SEVERITY_PROBLEM) return Style::kRed;
  return severity == v1::Finding::SEVERITY_WARNING ? Style::kYellow : Style::kGreen;
}

std::string Name(const Terminal& t, v1::Finding::Severity severity) {
  if (severity == v1::Finding::SEVERITY_PROBLEM) return t.Say("问题", "PROBLEM");
  return severity == v1::Finding::SEVERITY_WARNING ? t.Say("注意", "warning") : t.Say("正常", "ok");
}

void Print(const Terminal& t, const v1::DiagnoseResponse& response) {
  for (const v1::Finding& finding : response.findings()) {
    std::cout << t.Paint(StyleOf(finding.severity()), Name(t, finding.severity())) << "  "
              << finding.check() << ": " << t.In(ToModel(finding.what())) << '\n';
    for (const std::string& id : finding.ids()) std::cout << "      " << id << '\n';
    const std::string advice = t.In(ToModel(finding.advice()));
    if (!advice.empty()) std::cout << "    → " << advice << '\n';
  }
}

}  // namespace

Outcome Doctor(const Context& context, const DoctorArguments& arguments) {
  v1::DiagnoseResponse response;
  if (!arguments.database.empty()) {
    CheckFile(arguments, response);
  } else {
    const auto connection = Connection::Open(context);
    if (!connection) return std::unexpected(connection.error());
    auto found = connection->Call(&v1::OperatorService::Stub::Diagnose, v1::DiagnoseRequest());
    if (!found) return std::unexpected(found.error());
    response = *std::move(found);
    if (auto clock = CheckClock(*connection, response); !clock) return clock;
  }
  if (context.terminal.json) {
    std::cout << ToJson(response) << '\n';
  } else {
    Print(context.terminal, response);
  }
  for (const v1::Finding& finding : response.findings()) {
    if (finding.severity() == v1::Finding::SEVERITY_PROBLEM)
      return std::unexpected(Failure{ExitCode::kRefused, "", ""});
  }
  return {};
}

}  // namespace duban::cli
