// The server's side of a connection: plaintext on this machine only, TLS and mutual TLS otherwise.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <expected>
#include <memory>
#include <optional>

#include "core/model/text.h"
#include "services/duband/config.h"

namespace duban::duband {

// What is wrong with the certificate, its key or the clients' CA; nothing without TLS.
std::optional<model::Text> CheckTls(const Config& config);

// Of a configuration that CheckTls has nothing against.
std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const Config& config);

}  // namespace duban::duband
