// How a refusal travels: google.rpc.Status with ErrorInfo, BadRequest, RetryInfo and
// duban.v1.Refusal.
#pragma once

#include <grpcpp/support/status.h>

#include <exception>
#include <string>
#include <string_view>

#include "core/model/rejection.h"

namespace duban::duband {

// Trailing metadata is limited to 8 KiB by most clients: lists of people, events and violations are
// cut so that the details keep within this many bytes, and the message says that there are more.
inline constexpr std::size_t kMaxDetailBytes = 4096;
inline constexpr std::size_t kMaxStatusMessageBytes = 1024;

grpc::Status ToStatus(const model::Rejection& rejection);

// A refusal of the server itself, with a reason code of its own.
grpc::Status Refuse(grpc::StatusCode code, std::string_view reason, const model::Text& message);

// INVALID_ARGUMENT INVALID_DATA, one violation.
grpc::Status Invalid(std::string field, model::Text message);

// What an exception becomes: INTERNAL, and a line in the log.
grpc::Status Failed(const std::exception& e);

}  // namespace duban::duband
