// Reading the fields of requests: ids, names, data.
#pragma once

#include <grpcpp/support/status.h>

#include <expected>
#include <string>
#include <vector>

#include "core/model/ids.h"
#include "core/model/rejection.h"
#include "core/statechart/operations.h"

namespace duban::duband {

inline constexpr std::size_t kMaxRequestIdBytes = 128;
inline constexpr std::size_t kMaxOpinionBytes = statechart::kMaxWordsBytes;
inline constexpr std::size_t kMaxNameBytes = 256;  // of campaigns, workflows, events, outcomes

// NOT_FOUND UNKNOWN_CASE, UNKNOWN_TASK: the same answer whether the text is no id, there is no such
// case, or the caller may not know that there is one.
std::expected<model::CaseId, grpc::Status> ReadCaseId(const std::string& text);
std::expected<model::TaskId, grpc::Status> ReadTaskId(const std::string& text);
model::Rejection UnknownTask();
model::Rejection UnknownOverride();

// OK, or INVALID_ARGUMENT: required and at most kMaxRequestIdBytes; kMaxNameBytes.
grpc::Status CheckRequestId(const std::string& id);
grpc::Status CheckName(const char* field, const std::string& value);
grpc::Status CheckSize(const char* field, const std::string& value, std::size_t max);
// OK, or INVALID_ARGUMENT: 1 to kMaxPeople ids, each as CheckName has it.
inline constexpr std::size_t kMaxPeople = 50;
grpc::Status CheckPeople(const char* field, const std::vector<std::string>& people);

// INVALID_ARGUMENT INVALID_DATA.
grpc::Status Invalid(model::Violation violation);

}  // namespace duban::duband
