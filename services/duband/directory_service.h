// duban.v1.DirectoryService; the .proto says what each call promises.
#pragma once

#include "duban/v1/directory_service.grpc.pb.h"
#include "services/duband/call.h"

namespace duban::duband {

class DirectoryService : public v1::DirectoryService::CallbackService {
 public:
  static constexpr int kMaxNames = 1000;

  explicit DirectoryService(Node& node) : node_(node) {}

  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* call,
                                   const v1::WhoAmIRequest* request,
                                   v1::WhoAmIResponse* response) override;
  grpc::ServerUnaryReactor* ResolveNames(grpc::CallbackServerContext* call,
                                         const v1::ResolveNamesRequest* request,
                                         v1::ResolveNamesResponse* response) override;

 private:
  Node& node_;
};

}  // namespace duban::duband
