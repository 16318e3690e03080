#include "services/duband/method.h"

#include <utility>

#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {

grpc::Status Malformed() {
  return Refuse(grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED",
                {"请求不是这个方法的消息；客户端与服务器的 .proto 可能不同",
                 "the request is no message of this method; the .proto files of client and server "
                 "may differ"});
}

void Submit(Call& call, model::Command command, v1::Receipt& receipt,
            const google::protobuf::MessageLite& response, Unknown unknown) {
  command.actor = call.who();
  const auto answer = [&call, &receipt, &response, unknown](const engine::Reply& reply) {
    if (const auto* rejection = std::get_if<model::Rejection>(&reply)) {
      const bool absent = rejection->reason == model::Reason::kUnknownCase;
      return call.Finish(ToStatus(absent && unknown ? unknown() : *rejection));
    }
    Set(std::get<engine::Receipt>(reply), &receipt);
    // What is left is not the work of the engine's loop, which waits here.
    call.Post([&call, &response] { call.Finish(grpc::Status::OK, &response); });
  };
  call.node().engine.Submit(std::move(command), answer, call.bytes());
}

}  // namespace duban::duband
