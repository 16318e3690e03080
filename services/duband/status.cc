#include "services/duband/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/model/utf8.h"
#include "duban/v1/common.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/duband/log.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

using model::Reason;

grpc::StatusCode CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kInternal:
      return grpc::StatusCode::INTERNAL;
    case Reason::kUnknownCampaign:
    case Reason::kUnknownWorkflow:
    case Reason::kUnknownCase:
    case Reason::kUnknownTask:
    case Reason::kUnknownPerson:
    case Reason::kUnknownOverride:
      return grpc::StatusCode::NOT_FOUND;
    case Reason::kNotAllowed:
    case Reason::kBarred:
    case Reason::kNoMandate:
      return grpc::StatusCode::PERMISSION_DENIED;
    case Reason::kAlreadyDecided:
    case Reason::kTaskClosed:
    case Reason::kTaskNotOpenYet:
    case Reason::kEventNotTaken:
    case Reason::kReasonRequired:
    case Reason::kCaseEnded:
    case Reason::kNobody:
    case Reason::kExpressionFailed:
    case Reason::kSuspended:
    case Reason::kTaskClaimed:
    case Reason::kTaskReassigned:
    case Reason::kCannotReturn:
    case Reason::kCannotWithdraw:
    case Reason::kNotPermittedHere:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case Reason::kUnknownOutcome:
    case Reason::kInvalidData:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case Reason::kStaleRevision:
      return grpc::StatusCode::ABORTED;
    case Reason::kRequestIdReused:
      return grpc::StatusCode::ALREADY_EXISTS;
    case Reason::kLimitExceeded:
    case Reason::kOverloaded:
    case Reason::kTooSoon:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case Reason::kUnavailable:
    case Reason::kShuttingDown:
      return grpc::StatusCode::UNAVAILABLE;
  }
  return grpc::StatusCode::INTERNAL;
}

std::string Both(const model::Text& text) {
  if (text.zh.empty() || text.en.empty()) return text.In("en");
  return text.en + " / " + text.zh;
}

// Adds what fits.
class Details {
 public:
  Details(grpc::StatusCode code, std::string_view reason, const model::Text& message)
      : message_(model::Clip(Both(message), kMaxStatusMessageBytes)) {
    status_.set_code(code);
    status_.set_message(message_);
    google::rpc::ErrorInfo info;
    info.set_reason(std::string(reason));
    info.set_domain("duban");
    status_.add_details()->PackFrom(info);
    refusal_.set_reason(std::string(reason));
    Set({model::Clip(message.zh, kMaxStatusMessageBytes / 2),
         model::Clip(message.en, kMaxStatusMessageBytes / 2)},
        refusal_.mutable_message());
  }

  void Retry(std::int64_t ms) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(ms % 1000 * 1'000'000));
    status_.add_details()->PackFrom(retry);
  }

  void Violations(const std::vector<model::Violation>& violations) {
    google::rpc::BadRequest bad;
    for (const auto& violation : violations) {
      auto* added = bad.add_field_violations();
      added->set_field(model::Clip(violation.field, 200));
      added->set_description(model::Clip(Both(violation.message), 600));
      if (Fits(bad)) continue;
      bad.mutable_field_violations()->RemoveLast();
      const auto left = violations.size() - static_cast<std::size_t>(bad.field_violations_size());
      auto* last = bad.add_field_violations();
      last->set_description(fmt::format("{} more / 还有 {} 处", left, left));
      break;
    }
    if (bad.field_violations_size() > 0) status_.add_details()->PackFrom(bad);
  }

  v1::Refusal& refusal() { return refusal_; }

  void Who(const std::vector<model::PersonId>& who) {
    for (const auto& person : who) {
      refusal_.add_who(person);
      if (Fits(refusal_)) continue;
      refusal_.mutable_who()->RemoveLast();
      break;
    }
  }

  void Permitted(const std::vector<model::Permitted>& permitted) {
    for (const auto& one : permitted) {
      Set(one, refusal_.add_permitted());
      if (Fits(refusal_)) continue;
      refusal_.mutable_permitted()->RemoveLast();
      break;
    }
  }

  grpc::Status Take() {
    status_.add_details()->PackFrom(refusal_);
    return {static_cast<grpc::StatusCode>(status_.code()), message_, status_.SerializeAsString()};
  }

 private:
  bool Fits(const google::protobuf::Message& more) const {
    return status_.ByteSizeLong() + refusal_.ByteSizeLong() +
               (&more == &refusal_ ? 0 : more.ByteSizeLong()) <=
           kMaxDetailBytes - 256;
  }

  std::string message_;
  google::rpc::Status status_;
  v1::Refusal refusal_;
};

}  // namespace

grpc::Status ToStatus(const model::Rejection& rejection) {
  Details details(CodeOf(rejection.reason), model::ReasonName(rejection.reason), rejection.message);
  const bool again =
      rejection.reason == Reason::kOverloaded || rejection.reason == Reason::kUnavailable;
  if (rejection.retry_after_ms > 0 || again) {
    details.Retry(std::max<std::int64_t>(rejection.retry_after_ms, 100));
  }
  if (rejection.reason == Reason::kAlreadyDecided) {
    auto vote = rejection.vote;
    vote.opinion = model::Clip(vote.opinion, kMaxStatusMessageBytes);
    Set(vote, details.refusal().mutable_vote());
  }
  details.refusal().set_revision(rejection.revision);
  details.Violations(rejection.violations);
  details.Permitted(rejection.permitted);
  details.Who(rejection.who);
  return details.Take();
}

grpc::Status Refuse(grpc::StatusCode code, std::string_view reason, const model::Text& message) {
  return Details(code, reason, message).Take();
}

grpc::Status Invalid(std::string field, model::Text message) {
  model::Rejection rejection;
  rejection.reason = Reason::kInvalidData;
  rejection.message = {field + "：" + message.zh, field + ": " + message.en};
  rejection.violations.push_back({std::move(field), std::move(message)});
  return ToStatus(rejection);
}

grpc::Status Failed(const std::exception& e) {
  Log(Level::kError, "a call failed: {}", e.what());
  return Refuse(
      grpc::StatusCode::INTERNAL, "INTERNAL",
      {"服务器内部错误，已记入日志", "an internal error of the server; its log has more"});
}

}  // namespace duban::duband
