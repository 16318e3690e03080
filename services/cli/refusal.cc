#include "services/cli/refusal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "duban/v1/common.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/cli/connection.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

struct Details {
  std::optional<v1::Refusal> refusal;
  std::vector<std::pair<std::string, std::string>> violations;  // field, description
};

Details ReadDetails(const std::string& bytes) {
  Details details;
  google::rpc::Status status;
  if (!status.ParseFromString(bytes)) return details;
  for (const auto& any : status.details()) {
    if (v1::Refusal refusal; any.UnpackTo(&refusal)) details.refusal = refusal;
    google::rpc::BadRequest bad;
    if (!any.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) {
      details.violations.emplace_back(violation.field(), violation.description());
    }
  }
  return details;
}

ExitCode CodeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
      return ExitCode::kUnreachable;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::DATA_LOSS:
      return ExitCode::kUnexpected;
    default:
      return ExitCode::kRefused;
  }
}

std::string_view NameOf(grpc::StatusCode code) {
  static constexpr std::string_view kNames[] = {"OK",
                                                "CANCELLED",
                                                "UNKNOWN",
                                                "INVALID_ARGUMENT",
                                                "DEADLINE_EXCEEDED",
                                                "NOT_FOUND",
                                                "ALREADY_EXISTS",
                                                "PERMISSION_DENIED",
                                                "RESOURCE_EXHAUSTED",
                                                "FAILED_PRECONDITION",
                                                "ABORTED",
                                                "OUT_OF_RANGE",
                                                "UNIMPLEMENTED",
                                                "INTERNAL",
                                                "UNAVAILABLE",
                                                "DATA_LOSS",
                                                "UNAUTHENTICATED"};
  return code >= 0 && code < std::ssize(kNames) ? kNames[code] : "UNKNOWN";
}

std::vector<std::string> PeopleOf(const v1::Refusal& refusal) {
  std::vector<std::string> people(refusal.who().begin(), refusal.who().end());
  for (const auto& permitted : refusal.permitted()) {
    people.insert(people.end(), permitted.who().begin(), permitted.who().end());
  }
  if (!refusal.vote().by().empty()) people.push_back(refusal.vote().by());
  return people;
}

std::string VoteLine(const Terminal& t, const v1::Vote& vote, const Names& names) {
  std::string line = "\n  " + t.Say("已有的决定：", "the decision that stands: ") + vote.outcome() +
                     t.Say("，", ", ") + NamedList(t, names, {vote.by()}) + t.Say("，", ", ") +
                     t.Time(ToModel(vote.at()));
  if (!vote.opinion().empty()) line += t.Say("，意见：", ", opinion: ") + vote.opinion();
  return line;
}

std::string RefusalLines(const Terminal& t, const v1::Refusal& refusal, const NameLookup& lookup) {
  const std::vector<std::string> people = PeopleOf(refusal);
  const auto names = people.empty() ? Names() : lookup(people);
  std::string text;
  if (refusal.who_size() > 0) {
    text += "\n  " + t.Say("有权办理的人：", "who may: ") +
            NamedList(t, names, {refusal.who().begin(), refusal.who().end()});
  }
  if (refusal.has_vote() && !refusal.vote().outcome().empty())
    text += VoteLine(t, refusal.vote(), names);
  if (refusal.permitted_size() > 0) text += "\n  " + t.Say("现在可以：", "permitted now:");
  for (const auto& permitted : refusal.permitted()) {
    text += "\n    " + permitted.event() + " (" + permitted.state() + ")";
    if (permitted.who_size() > 0) {
      text += t.Say(" 由 ", " by ") +
              NamedList(t, names, {permitted.who().begin(), permitted.who().end()});
    }
  }
  if (refusal.revision() != 0) {
    text += "\n  " + t.Say("当前修订号：", "revision now: ") + std::to_string(refusal.revision());
  }
  return text;
}

std::string Headline(const Context& context, const grpc::Status& status) {
  const Terminal& t = context.terminal;
  const std::string reason = status.error_message().empty() ? "" : ": " + status.error_message();
  switch (status.error_code()) {
    case grpc::StatusCode::UNAUTHENTICATED:
      return t.Say("服务器不接受您的凭据", "the server does not accept the credentials") + reason;
    case grpc::StatusCode::UNAVAILABLE:
      return t.Say("连不上服务器 ", "cannot reach the server at ") + context.connection.server +
             t.Say("，duband 在运行吗？", "; is duband running there?") + reason;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return t.Say("在时限内没有答复", "no answer in time");
    case grpc::StatusCode::CANCELLED:
      return t.Say("已取消", "cancelled");
    default:
      return std::string(NameOf(status.error_code())) + reason;
  }
}

std::string Json(const grpc::Status& status, const Details& details) {
  nlohmann::json json = {{"code", NameOf(status.error_code())},
                         {"message", status.error_message()}};
  if (details.refusal) json["refusal"] = nlohmann::json::parse(ToJson(*details.refusal));
  for (const auto& [field, description] : details.violations) {
    json["violations"].push_back({{"field", field}, {"description", description}});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Failure ExplainStatus(const Context& context, const grpc::Status& status, bool write,
                      const NameLookup& names) {
  const Details details = ReadDetails(status.error_details());
  const Terminal& t = context.terminal;
  Failure failure{CodeOf(status.error_code()), "", Json(status, details)};
  if (details.refusal) {
    failure.text =
        t.In(ToModel(details.refusal->message())) + " [" + details.refusal->reason() + "]";
  } else {
    failure.text = Headline(context, status);
  }
  for (const auto& [field, description] : details.violations) {
    failure.text += fmt::format("\n  {}: {}", field, description);
  }
  if (details.refusal) failure.text += RefusalLines(t, *details.refusal, names);
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED) {
    failure.text +=
        "\n  " + t.Say("请检查 --token、--token-file、--cert，或相应的环境变量",
                       "check --token, --token-file, --cert or their environment variables");
  }
  const bool unknown = failure.code == ExitCode::kUnreachable &&
                       status.error_code() != grpc::StatusCode::UNAUTHENTICATED;
  if (write && unknown) {
    failure.text += "\n  " +
                    t.Say("重试请用同一编号，不会办两次：",
                          "repeat it with the same id, it is not done twice: ") +
                    "--request-id " + context.connection.request_id;
  }
  return failure;
}

}  // namespace duban::cli
