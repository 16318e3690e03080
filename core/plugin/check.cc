#include "core/plugin/check.h"

#include <fmt/format.h>

#include "core/plugin/settings.h"

namespace duban::plugin {
namespace {

using ports::StorageError;

constexpr std::uint64_t kMaxRevision = (std::uint64_t{1} << 63) - 1;
constexpr std::int64_t kMaxTimeSeconds =
    9'223'372'035;  // 2262-04-11, the same before 1970: 1677-09-21

StorageError Invalid(model::CaseId id, std::string_view zh, std::string_view en) {
  return {StorageError::Code::kInvalid, Bilingual(zh, en), id};
}

bool Holds(model::Timestamp t) {
  return t.seconds >= -kMaxTimeSeconds && t.seconds <= kMaxTimeSeconds && t.nanos >= 0 &&
         t.nanos < model::kNanosPerSecond;
}

StorageError BadTime(model::CaseId id) {
  return Invalid(id, "时间超出 1678 至 2262 年", "a time is outside the years 1678 to 2262");
}

template <class Rows>
bool AllOf(const Rows& rows, model::CaseId id) {
  for (const auto& row : rows) {
    if (row.case_id != id) return false;
  }
  return true;
}

bool TimesHold(const ports::CaseWrite& write) {
  for (const auto& task : write.tasks) {
    if (task.due && !Holds(*task.due)) return false;
  }
  for (const auto& timer : write.timers_set) {
    if (!Holds(timer.due)) return false;
  }
  for (const auto& row : write.outbox) {
    if (!Holds(row.next_attempt)) return false;
  }
  return true;
}

std::optional<StorageError> Check(const ports::CaseWrite& write) {
  const model::CaseId id = write.row.case_id;
  if (!id) return Invalid(id, "事项编号为空", "a case has no id");
  if (write.row.revision == 0 || write.row.revision > kMaxRevision ||
      write.row.revision < write.expected_revision ||
      (write.row.revision == write.expected_revision && !write.journal.empty())) {
    return Invalid(
        id, fmt::format("版本号 {} 不能接在版本 {} 之后", write.row.revision, write.expected_revision),
        fmt::format("revision {} does not follow {}", write.row.revision, write.expected_revision));
  }
  if (!AllOf(write.journal, id) || !AllOf(write.tasks, id) || !AllOf(write.timers_set, id) ||
      !AllOf(write.outbox, id)) {
    return Invalid(id, "一个步骤写了别的事项的行", "a step writes rows of another case");
  }
  for (const auto& entry : write.journal) {
    if (entry.revision == 0 || entry.revision > write.row.revision) {
      return Invalid(id, "日志行的版本号不属于该步骤",
                     "a journal row's revision is not of this step");
    }
  }
  if (!TimesHold(write)) return BadTime(id);
  return std::nullopt;
}

}  // namespace

std::optional<StorageError> Check(const ports::Batch& batch) {
  for (const auto& write : batch.cases) {
    if (auto error = Check(write)) return error;
  }
  for (const auto& request : batch.requests) {
    if (request.request_id.empty()) return Invalid({}, "请求编号为空", "a request has no id");
    if (!Holds(request.at)) return BadTime({});
  }
  for (const auto& row : batch.outbox_updated) {
    if (!Holds(row.next_attempt)) return BadTime(row.case_id);
  }
  return std::nullopt;
}

std::optional<StorageError> Check(const ports::CampaignRow& row) {
  if (row.digest.empty()) return Invalid({}, "专项行动缺少摘要", "a campaign has no digest");
  if (!Holds(row.deployed_at)) return BadTime({});
  return std::nullopt;
}

std::optional<StorageError> Check(const ports::TaskQuery& query) {
  if (query.candidate.empty() && !query.case_id) {
    return Invalid({}, "请指明人员或事项", "name a candidate or a case");
  }
  if (query.include_closed && !query.case_id) {
    return Invalid({}, "已办结的任务只能按事项查询", "closed tasks can be listed by case only");
  }
  return CheckPage(query.page_size);
}

std::optional<StorageError> CheckPage(std::uint32_t size) {
  if (size >= 1 && size <= ports::kMaxPageSize) return std::nullopt;
  return Invalid({}, fmt::format("每页条数 {} 应为 1 到 {}", size, ports::kMaxPageSize),
                 fmt::format("page size {} is not from 1 to {}", size, ports::kMaxPageSize));
}

}  // namespace duban::plugin
