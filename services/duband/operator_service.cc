#include "services/duband/operator_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/engine/projection.h"
#include "core/engine/unreadable.h"
#include "core/model/codec.h"
#include "services/duband/backup.h"
#include "services/duband/diagnose.h"
#include "services/duband/log.h"
#include "services/duband/method.h"
#include "services/duband/page_token.h"
#include "services/duband/request.h"
#include "services/duband/status.h"
#include "services/duband/timeline.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

constexpr char kDeadToken = 'd';

grpc::Status StorageFailed(const ports::StorageError& error) {
  Log(Level::kError, "storage: {}", error.message);
  return ToStatus(engine::Unreadable(error));
}

v1::Finding::Severity ToProto(Severity severity) {
  switch (severity) {
    case Severity::kOk:
      return v1::Finding::SEVERITY_OK;
    case Severity::kWarning:
      return v1::Finding::SEVERITY_WARNING;
    case Severity::kProblem:
      break;
  }
  return v1::Finding::SEVERITY_PROBLEM;
}

void SetLetter(const ports::OutboxRow& row, v1::DeadLetter* to) {
  to->set_id(model::TaskId{row.case_id, row.ordinal}.ToString());
  to->set_case_id(row.case_id.ToString());
  to->set_attempts(static_cast<std::int32_t>(row.attempts));
  to->set_last_error(row.last_error);
  if (row.kind == ports::OutboxKind::kCommand) return;
  const auto message = model::Decode<engine::OutboxMessage>(row.body);
  to->set_recipient(message.notification.recipient);
  to->set_subject(message.notification.subject.In("zh"));
}

}  // namespace

Methods OperatorService::methods() {
  return {
      Read("ListDeadLetters", this, &OperatorService::ListDeadLetters),
      Long("RetryDeadLetter", this, &OperatorService::RetryDeadLetter),
      Long("Backup", this, &OperatorService::Backup),
      Long("Diagnose", this, &OperatorService::Diagnose),
      AtOnce("GetClock", this, &OperatorService::GetClock),
      Long("AdvanceClock", this, &OperatorService::AdvanceClock),
  };
}

grpc::Status OperatorService::ListDeadLetters(const Call& call,
                                              const v1::ListDeadLettersRequest& request,
                                              v1::ListDeadLettersResponse& response) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  ports::OutboxKey after;
  if (!request.page_token().empty()) {
    const auto key = ReadToken(kDeadToken, request.page_token());
    const auto id = key ? model::TaskId::Parse(*key) : std::nullopt;
    if (!id) return BadToken("page_token");
    after = {id->case_id, id->ordinal};
  }
  const auto rows = node_.storage.DeadOutbox(after, *size);
  if (!rows) return StorageFailed(rows.error());
  for (const auto& row : *rows) SetLetter(row, response.add_dead_letters());
  if (rows->size() == *size) {
    response.set_next_page_token(MakeToken(
        kDeadToken, model::TaskId{rows->back().case_id, rows->back().ordinal}.ToString()));
  }
  return grpc::Status::OK;
}

grpc::Status OperatorService::RetryDeadLetter(const Call& call,
                                              const v1::RetryDeadLetterRequest& request,
                                              v1::RetryDeadLetterResponse&) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  auto unknown = Refuse(grpc::StatusCode::NOT_FOUND, "UNKNOWN_DEAD_LETTER",
                        {"没有这封无法投递的消息；ListDeadLetters 列出全部",
                         "there is no such dead letter; ListDeadLetters lists them"});
  const auto id = model::TaskId::Parse(request.id());
  if (!id || id->ordinal == 0) return unknown;
  auto rows = node_.storage.DeadOutbox({id->case_id, id->ordinal - 1}, 1);
  if (!rows) return StorageFailed(rows.error());
  if (rows->empty() || rows->front().case_id != id->case_id ||
      rows->front().ordinal != id->ordinal) {
    return unknown;
  }
  ports::OutboxRow row = rows->front();
  row.state = ports::OutboxState::kPending;
  row.attempts = 0;
  row.next_attempt = node_.clock.Now();
  if (auto done = node_.engine.FinishOutbox({}, {std::move(row)}); !done)
    return StorageFailed(done.error());
  node_.outbox.Wake();
  return grpc::Status::OK;
}

grpc::Status OperatorService::Backup(const Call& call, const v1::BackupRequest& request,
                                     v1::BackupResponse& response) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  if (!IsBackupName(request.name())) {
    return Invalid("name", {"应为文件名，不含目录：字母、数字、. _ -，最多 100 个",
                            "it must be the name of a file, without a directory: letters, digits, "
                            ". _ -, at most 100"});
  }
  if (node_.backups.empty()) {
    return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "NO_BACKUP_DIRECTORY",
                  {"配置中没有备份目录，请设置 [backup] directory",
                   "the configuration names no directory for backups; set [backup] directory"});
  }
  const auto made = duband::MakeBackup(node_.storage, node_.backups, request.name());
  if (!made) {
    return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "BACKUP_FAILED",
                  {"备份没有完成：" + made.error().zh, "no backup was made: " + made.error().en});
  }
  response.set_path(made->path.string());
  response.set_bytes(static_cast<std::int64_t>(made->bytes));
  response.set_sha256(made->sha256);
  Log(Level::kInfo, "{} made a backup of {} bytes", call.who().id, made->bytes);
  return grpc::Status::OK;
}

grpc::Status OperatorService::Diagnose(const Call& call, const v1::DiagnoseRequest&,
                                       v1::DiagnoseResponse& response) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  // What was found is to arrive before the caller gives up.
  const auto now = std::chrono::system_clock::now();
  const auto until = now + std::min<std::chrono::system_clock::duration>(
                               (call.deadline() - now) / 10 * 8, std::chrono::minutes(10));
  const Examined examined{node_.storage, node_.catalog, node_.clock,
                          node_.world,   node_.engine,  node_.directories};
  for (const Finding& finding : duband::Diagnose(examined, [&] {
         return !call.cancelled() && std::chrono::system_clock::now() < until;
       })) {
    auto* to = response.add_findings();
    to->set_check(finding.check);
    to->set_severity(ToProto(finding.severity));
    Set(finding.what, to->mutable_what());
    Set(finding.advice, to->mutable_advice());
    for (const auto& id : finding.ids) to->add_ids(id);
  }
  return grpc::Status::OK;
}

grpc::Status OperatorService::GetClock(const Call& call, const v1::GetClockRequest&,
                                       v1::GetClockResponse& response) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  Set(node_.clock.Now(), response.mutable_now());
  response.set_is_virtual(node_.virtual_clock != nullptr);
  return grpc::Status::OK;
}

grpc::Status OperatorService::AdvanceClock(const Call& call, const v1::AdvanceClockRequest& request,
                                           v1::AdvanceClockResponse& response) {
  if (auto status = RequireAdministrator(node_, call.who()); !status.ok()) return status;
  if (node_.virtual_clock == nullptr) {
    return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "NOT_VIRTUAL",
                  {"服务器按真实时间运行；只有以 --virtual-clock 启动的服务器才能拨动时钟",
                   "the server goes by the machine's time; only one started with --virtual-clock "
                   "can be moved on"});
  }
  const auto to = FromProto(request.to());
  if (!to) return Invalid("to", {"不是有效的时刻", "not a valid time"});
  const std::lock_guard one_at_a_time(advancing_);
  if (*to <= node_.clock.Now()) {
    return Invalid(
        "to", {"必须晚于现在 " + model::FormatRfc3339(node_.clock.Now(), 8 * 3600),
               "it must be ahead of now, " + model::FormatRfc3339(node_.clock.Now(), 8 * 3600)});
  }
  Timeline timeline(node_);
  const auto moved = timeline.MoveTo(*to, [&call] { return call.cancelled(); });
  Set(node_.clock.Now(), response.mutable_now());
  response.set_timers_fired(timeline.timers_fired());
  return moved;
}

}  // namespace duban::duband
