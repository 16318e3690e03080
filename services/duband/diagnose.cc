#include "services/duband/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/engine/census.h"
#include "core/engine/projection.h"
#include "core/model/codec.h"

namespace duban::duband {
namespace {

namespace fs = std::filesystem;
using model::Text;
using Findings = std::vector<Finding>;

constexpr std::int64_t kStuckMillis = 10 * 60 * 1000;
constexpr std::chrono::milliseconds kLongWait{1'000};
constexpr std::uintmax_t kFewBytes = std::uintmax_t{1} << 30;
constexpr int kNoticesComeIn =
    11;  // the State Council's notice for a year is published in November

Finding Fine(const char* check, Text what) {
  return {check, Severity::kOk, std::move(what), {}, {}};
}

Finding Unreadable(const char* check, const ports::StorageError& error) {
  return {check,
          Severity::kProblem,
          {"存储读取失败：" + error.message, "the storage cannot be read: " + error.message},
          {"请查看服务器日志和磁盘", "see the server's log and its disk"},
          {}};
}

void CheckCalendar(const Examined& examined, Findings& findings) {
  const auto world = examined.world.Now();
  const auto today = calendar::LocalDate(examined.clock.Now(), "Asia/Shanghai");
  if (!today) return;
  for (const int year : {today->year, today->year + 1}) {
    if (world->calendar.HasNotice(year)) {
      findings.push_back(
          Fine("calendar", {fmt::format("{} 年的放假安排已载入", year),
                            fmt::format("the holiday notice of {} is there", year)}));
      continue;
    }
    const bool late = year == today->year || today->month >= kNoticesComeIn;
    findings.push_back(
        {"calendar",
         late ? Severity::kWarning : Severity::kOk,
         {fmt::format("没有 {} 年的放假安排，这一年的期限都是暂定的", year),
          fmt::format("there is no holiday notice for {}: due dates in it are provisional", year)},
         {fmt::format(
              "把 {}.json 放进 [directory] calendar 目录，然后发送 SIGHUP（通常 11 月公布）", year),
          fmt::format(
              "put {}.json into the directory [directory] calendar, then send SIGHUP (it is "
              "published in November, as a rule)",
              year)},
         {}});
  }
}

void CheckOutbox(const Examined& examined, Findings& findings) {
  const auto dead = examined.storage.DeadOutbox({}, ports::kMaxPageSize);
  if (!dead) return findings.push_back(Unreadable("outbox", dead.error()));
  const std::int64_t now = examined.clock.Now().UnixMillis();
  std::size_t stuck = 0;
  std::size_t waiting = 0;
  std::string error;
  for (const auto kind : {ports::OutboxKind::kAlarm, ports::OutboxKind::kNotification}) {
    const auto pending = examined.storage.PeekOutbox(kind, {}, ports::kMaxPageSize);
    if (!pending) return findings.push_back(Unreadable("outbox", pending.error()));
    waiting += pending->size();
    for (const auto& row : *pending) {
      // What was never tried may wait for the end of quiet hours; an alarm does not.
      if (kind == ports::OutboxKind::kNotification && row.attempts == 0) continue;
      const auto message = model::Decode<engine::OutboxMessage>(row.body);
      if (now - message.created_at.UnixMillis() < kStuckMillis) continue;
      if (stuck++ == 0) error = row.last_error;
    }
  }
  if (stuck > 0) {
    findings.push_back(
        {"outbox",
         Severity::kProblem,
         {fmt::format("{} 条消息超过 10 分钟未送出；最后的错误：{}", stuck, error),
          fmt::format("{} messages have waited for more than 10 minutes; the last error: {}", stuck,
                      error)},
         {"检查通知渠道的配置和网络；恢复后会自动发送",
          "check the channel's configuration and the network; they go out by themselves then"},
         {}});
  }
  if (!dead->empty()) {
    findings.push_back(
        {"outbox",
         Severity::kProblem,
         {fmt::format("{} 条消息无法送达，已放弃", dead->size()),
          fmt::format("{} messages could not be delivered and were given up", dead->size())},
         {"用 duban dead-letters list 查看，修复后用 duban dead-letters retry 重发",
          "see them with `duban dead-letters list`; when the cause is gone, `duban "
          "dead-letters retry ID`"},
         {}});
  }
  if (stuck == 0 && dead->empty()) {
    findings.push_back(
        Fine("outbox", {fmt::format("没有滞留的消息，{} 条在途", waiting),
                        fmt::format("no message is stuck, {} are on their way", waiting)}));
  }
}

template <class Id>
std::vector<std::string> Ids(const std::vector<Id>& of) {
  std::vector<std::string> ids;
  for (const Id& id : of) ids.push_back(id.ToString());
  return ids;
}

void SayDates(const engine::Census& census, Findings& findings) {
  if (census.provisional > 0) {
    findings.push_back(
        {"deadlines",
         Severity::kWarning,
         {fmt::format("{} 个任务的期限是暂定的", census.provisional),
          fmt::format("the due dates of {} tasks are provisional", census.provisional)},
         {"载入缺少的放假安排", "load the holiday notice that is missing"},
         Ids(census.first_provisional)});
  }
  if (census.not_recounted > 0) {
    findings.push_back(
        {"deadlines",
         Severity::kWarning,
         {fmt::format("{} 个案件的期限还没有按现行放假安排重新计算", census.not_recounted),
          fmt::format("the due dates of {} cases are not yet counted by the present holidays",
                      census.not_recounted)},
         {"刚载入放假安排时属正常，稍后再查；若一直如此，请查看服务器日志，"
          "并逐一查看这些案件的历史",
          "that is so for a moment after a notice was loaded: look again; if it stays, see the "
          "server's log and the history of these cases"},
         Ids(census.first_not_recounted)});
  }
}

void CheckTasks(const Examined& examined, const std::function<bool()>& go_on, Findings& findings) {
  const auto world = examined.world.Now();
  const auto census =
      engine::TakeCensus(examined.storage, examined.catalog, *world, examined.clock.Now(), go_on);
  if (!census) return findings.push_back(Unreadable("tasks", census.error()));
  engine::Census::Workflow all;
  for (const auto& [name, workflow] : census->workflows) {
    all.cases += workflow.cases;
    all.tasks += workflow.tasks;
    all.overdue += workflow.overdue;
  }
  Finding looked =
      Fine("tasks", {fmt::format("查看了 {} 个未结案件、{} 个任务，其中 {} 个已逾期", all.cases,
                                 all.tasks, all.overdue),
                     fmt::format("looked at {} open cases with {} tasks, {} of them overdue",
                                 all.cases, all.tasks, all.overdue)});
  if (!census->complete) {
    looked.severity = Severity::kWarning;
    looked.advice = {"时间不够，只看了一部分；请加大 --timeout",
                     "there was time for a part only; give a longer --timeout"};
  }
  findings.push_back(std::move(looked));
  if (census->without_holder > 0) {
    findings.push_back({"tasks",
                        Severity::kProblem,
                        {fmt::format("{} 个任务已没有人可以办理", census->without_holder),
                         fmt::format("{} tasks have nobody left who is able to act on them",
                                     census->without_holder)},
                        {"办理人已离职、停用或须回避：更正 "
                         "organisation.yaml，或由两名管理员改派（duban override reassign）",
                         "their people have left or are kept out by a rule: correct "
                         "organisation.yaml, or have two "
                         "administrators reassign them (duban override reassign)"},
                        Ids(census->first_without_holder)});
  }
  if (census->unreadable > 0) {
    findings.push_back(
        {"cases",
         Severity::kProblem,
         {fmt::format(
              "{} 个未结案件无法完整读取：已损坏，或缺少其流程定义；它们可能不再前进，期限也可"
              "能不触发",
              census->unreadable),
          fmt::format("{} open cases cannot be read whole: they are damaged, or their workflow is "
                      "not there; they may not go on, nor their due dates fire",
                      census->unreadable)},
         {"停止服务器，检查数据库（duban doctor --database），从备份恢复",
          "stop the server, look at the database (duban doctor --database), restore a backup"},
         Ids(census->first_unreadable)});
  }
  SayDates(*census, findings);
}

void CheckQueue(const Examined& examined, Findings& findings) {
  const auto counters = examined.engine.counters();
  if (counters.oldest_waits < kLongWait) {
    findings.push_back(Fine("queue", {fmt::format("{} 个请求在排队", counters.waiting),
                                      fmt::format("{} commands wait", counters.waiting)}));
    return;
  }
  findings.push_back(
      {"queue",
       Severity::kProblem,
       {fmt::format("请求已等待 {} 毫秒", counters.oldest_waits.count()),
        fmt::format("a command has waited for {} ms", counters.oldest_waits.count())},
       {"检查磁盘是否变慢（指标 duban_commit_seconds），以及是否有客户端请求过多",
        "see whether the disk has become slow (metric duban_commit_seconds) and "
        "whether a client asks too much"},
       {}});
}

void CheckDisk(const Examined& examined, Findings& findings) {
  std::set<fs::path> seen;
  for (const auto& directory : examined.directories) {
    std::error_code failed;
    const auto space = fs::space(directory, failed);
    if (failed || !seen.insert(directory).second) continue;
    const auto mebibytes = space.available >> 20;
    const std::string where = directory.string();
    if (space.available >= kFewBytes && space.available >= space.capacity / 20) {
      findings.push_back(Fine("disk", {fmt::format("{} 可用 {} MiB", where, mebibytes),
                                       fmt::format("{} has {} MiB left", where, mebibytes)}));
      continue;
    }
    findings.push_back(
        {"disk",
         Severity::kProblem,
         {fmt::format("{} 只剩 {} MiB", where, mebibytes),
          fmt::format("{} has only {} MiB left", where, mebibytes)},
         {"请腾出空间：磁盘写满后不再接受决定（已作出的不会丢失）",
          "free some space: a full disk takes no more decisions (none that was taken "
          "is lost)"},
         {}});
  }
}

}  // namespace

Findings Diagnose(const Examined& examined, const std::function<bool()>& go_on) {
  Findings findings;
  CheckQueue(examined, findings);
  CheckOutbox(examined, findings);
  CheckCalendar(examined, findings);
  CheckDisk(examined, findings);
  CheckTasks(examined, go_on, findings);
  return findings;
}

}  // namespace duban::duband
