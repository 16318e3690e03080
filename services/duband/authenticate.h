// Who is calling: from credentials alone.
#pragma once

#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_context.h>

#include <expected>

#include "core/engine/world.h"
#include "core/model/command.h"
#include "services/duband/tokens.h"

namespace duban::duband {

// Thread-safe. A bearer token (metadata `authorization: Bearer …`) says who it is; without one the
// common name of the verified client certificate does. Whoever it is must be a person of the
// organisation now.
class Authenticator {
 public:
  // `world` must outlive it.
  Authenticator(Tokens tokens, const engine::World& world)
      : tokens_(std::move(tokens)), world_(world) {}

  // Or UNAUTHENTICATED, which does not say whether the credentials or the person is unknown.
  std::expected<model::Principal, grpc::Status> Check(const grpc::ServerContextBase& call);

 private:
  Tokens tokens_;
  const engine::World& world_;
};

}  // namespace duban::duband
