#include "services/duband/call.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

#include "core/statechart/access.h"
#include "services/duband/log.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

// OK, or how a call ends that nobody waits for any more.
grpc::Status StillWanted(const grpc::CallbackServerContext& call) {
  if (call.IsCancelled()) return {grpc::StatusCode::CANCELLED, "cancelled"};
  if (call.deadline() <= std::chrono::system_clock::now()) {
    return {grpc::StatusCode::DEADLINE_EXCEEDED,
            "the deadline had passed before anything was done"};
  }
  return grpc::Status::OK;
}

// No exception of a handler reaches gRPC.
grpc::Status Guarded(const Handler& handler, const model::Principal& who) {
  try {
    return handler(who);
  } catch (const std::exception& e) {
    return Failed(e);
  }
}

void Finish(grpc::ServerUnaryReactor* reactor, const Observation& seen,
            const grpc::Status& status) {
  seen.End(status);
  reactor->Finish(status);
}

grpc::Status Overloaded() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kOverloaded;
  rejection.message = {"服务器繁忙，请稍后重试", "the server is busy; try again later"};
  rejection.retry_after_ms = 1000;
  return ToStatus(rejection);
}

}  // namespace

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

grpc::ServerUnaryReactor* Answer(Node& node, grpc::CallbackServerContext* call, const char* method,
                                 const Handler& handler) {
  auto* reactor = call->DefaultReactor();
  const Observation seen(node.metrics, method, *call);
  auto who = node.authenticator.Check(*call);
  Finish(reactor, seen, who ? Guarded(handler, *who) : who.error());
  return reactor;
}

grpc::ServerUnaryReactor* AnswerLater(Node& node, grpc::CallbackServerContext* call,
                                      const char* method, Handler handler) {
  auto* reactor = call->DefaultReactor();
  const Observation seen(node.metrics, method, *call);
  auto who = node.authenticator.Check(*call);
  if (!who) {
    Finish(reactor, seen, who.error());
    return reactor;
  }
  const auto job = [call, reactor, seen, who = *who, handler = std::move(handler)] {
    grpc::Status wanted = StillWanted(*call);
    Finish(reactor, seen, wanted.ok() ? Guarded(handler, who) : wanted);
  };
  if (!node.workers.Run(job)) Finish(reactor, seen, Overloaded());
  return reactor;
}

grpc::ServerUnaryReactor* Submit(Node& node, grpc::CallbackServerContext* call, const char* method,
                                 Write write) {
  auto* reactor = call->DefaultReactor();
  Observation seen(node.metrics, method, *call);
  auto who = node.authenticator.Check(*call);
  model::Command command;
  grpc::Status status = who ? CheckRequestId(write.request_id) : who.error();
  if (status.ok()) seen.set_request_id(write.request_id);
  if (status.ok()) status = Guarded([&](const auto&) { return write.make(command); }, *who);
  if (status.ok()) status = StillWanted(*call);
  if (!status.ok()) {
    Finish(reactor, seen, status);
    return reactor;
  }
  command.request_id = std::move(write.request_id);
  command.actor = std::move(*who);
  if (write.expected_revision != 0) command.expected_revision = write.expected_revision;
  const auto answer = [reactor, seen = std::move(seen), receipt = write.receipt,
                       unknown = write.unknown](const engine::Reply& reply) {
    if (const auto* rejection = std::get_if<model::Rejection>(&reply)) {
      const bool absent = rejection->reason == model::Reason::kUnknownCase;
      Finish(reactor, seen, ToStatus(absent && unknown ? unknown() : *rejection));
      return;
    }
    Set(std::get<engine::Receipt>(reply), receipt);
    Finish(reactor, seen, grpc::Status::OK);
  };
  node.engine.Submit(std::move(command), answer, write.bytes);
  return reactor;
}

grpc::Status Failed(const std::exception& e) {
  Log(Level::kError, "a call failed: {}", e.what());
  return Refuse(
      grpc::StatusCode::INTERNAL, "INTERNAL",
      {"服务器内部错误，已记入日志", "an internal error of the server; its log has more"});
}

grpc::Status RequireAdministrator(const Node& node, const model::Principal& who) {
  const auto world = node.world.Now();
  if (statechart::IsAdministrator(world->organisation, who.id)) return grpc::Status::OK;
  model::Rejection rejection;
  rejection.reason = model::Reason::kNotAllowed;
  rejection.message = {"只有管理员可以这样做", "only administrators may do this"};
  rejection.who = world->organisation.administrators();
  return ToStatus(rejection);
}

engine::Catalog::DefinitionPtr DefinitionOf(Node& node, const std::string& digest,
                                            const std::string& workflow) {
  auto found = node.catalog.Find(digest, workflow);
  return found ? *found : nullptr;
}

}  // namespace duban::duband
