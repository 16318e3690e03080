#include "services/duband/request.h"

#include <fmt/format.h>

#include "services/duband/status.h"

namespace duban::duband {
namespace {

std::unexpected<grpc::Status> UnknownCase() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kUnknownCase;
  rejection.message = {"没有这个案件，或您无权知道它",
                       "there is no such case, or you may not know of it"};
  return std::unexpected(ToStatus(rejection));
}

}  // namespace

model::Rejection UnknownTask() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kUnknownTask;
  rejection.message = {"没有这个任务，或您无权知道它",
                       "there is no such task, or you may not know of it"};
  return rejection;
}

model::Rejection UnknownOverride() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kUnknownOverride;
  rejection.message = {"没有这项待确认的处置，或您无权知道它",
                       "no such override waits for a confirmation, or you may not know of it"};
  return rejection;
}

std::expected<model::CaseId, grpc::Status> ReadCaseId(const std::string& text) {
  if (const auto id = model::CaseId::Parse(text); id && *id) return *id;
  return UnknownCase();
}

std::expected<model::TaskId, grpc::Status> ReadTaskId(const std::string& text) {
  if (const auto id = model::TaskId::Parse(text); id && id->case_id) return *id;
  return std::unexpected(ToStatus(UnknownTask()));
}

grpc::Status CheckRequestId(const std::string& id) {
  if (!id.empty() && id.size() <= kMaxRequestIdBytes) return grpc::Status::OK;
  return Invalid(
      "request_id",
      {fmt::format("必填，1 到 {} 字节；每个新请求用一个新值，重试时用同一个值",
                   kMaxRequestIdBytes),
       fmt::format("required, 1 to {} bytes: a new one for each new request, the same one "
                   "when a request is repeated",
                   kMaxRequestIdBytes)});
}

grpc::Status CheckName(const char* field, const std::string& value) {
  if (value.empty()) return Invalid(field, {"必填", "required"});
  return CheckSize(field, value, kMaxNameBytes);
}

grpc::Status CheckSize(const char* field, const std::string& value, std::size_t max) {
  if (value.size() <= max) return grpc::Status::OK;
  return Invalid(field, {fmt::format("最多 {} 字节", max), fmt::format("at most {} bytes", max)});
}

grpc::Status CheckPeople(const char* field, const std::vector<std::string>& people) {
  if (people.empty() || people.size() > kMaxPeople) {
    return Invalid(field, {fmt::format("写 1 到 {} 个人", kMaxPeople),
                           fmt::format("name 1 to {} people", kMaxPeople)});
  }
  for (const std::string& person : people) {
    if (auto status = CheckName(field, person); !status.ok()) return status;
  }
  return grpc::Status::OK;
}

grpc::Status Invalid(model::Violation violation) {
  return Invalid(std::move(violation.field), std::move(violation.message));
}

}  // namespace duban::duband
