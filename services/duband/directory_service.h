// duban.v1.DirectoryService; the .proto says what each call promises.
#pragma once

#include "duban/v1/directory_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class DirectoryService {
 public:
  static constexpr int kMaxNames = 1000;

  explicit DirectoryService(Node& node) : node_(node) {}
  Methods methods();

 private:
  grpc::Status WhoAmI(const Call& call, const v1::WhoAmIRequest& request,
                      v1::WhoAmIResponse& response);
  grpc::Status ResolveNames(const Call& call, const v1::ResolveNamesRequest& request,
                            v1::ResolveNamesResponse& response);

  Node& node_;
};

}  // namespace duban::duband
