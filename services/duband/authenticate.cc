#include "services/duband/authenticate.h"

#include <grpc/grpc_security_constants.h>

#include <optional>
#include <string_view>

#include "services/duband/log.h"
#include "services/duband/status.h"

namespace duban::duband {
namespace {

constexpr std::size_t kMaxCredentialBytes = 4096;

std::optional<std::string_view> Credentials(const grpc::ServerContextBase& call) {
  const auto& metadata = call.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
}

std::optional<std::string_view> BearerToken(std::string_view credentials) {
  constexpr std::string_view kScheme = "bearer ";
  if (credentials.size() <= kScheme.size() || credentials.size() > kMaxCredentialBytes) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    if ((credentials[i] | 0x20) != kScheme[i]) return std::nullopt;
  }
  return credentials.substr(kScheme.size());
}

std::optional<model::PersonId> CertificateName(const grpc::ServerContextBase& call) {
  const auto peer = call.auth_context();
  if (!peer || !peer->IsPeerAuthenticated()) return std::nullopt;
  const auto names = peer->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  if (names.size() != 1) return std::nullopt;
  return std::string(names[0].data(), names[0].size());
}

}  // namespace

std::expected<model::Principal, grpc::Status> Authenticator::Check(
    const grpc::ServerContextBase& call) {
  std::optional<model::PersonId> person;
  if (const auto credentials = Credentials(call)) {
    if (const auto token = BearerToken(*credentials)) person = tokens_.Find(*token);
  } else {
    person = CertificateName(call);
  }
  if (person && *person != model::Principal::kSystem &&
      world_.Now()->organisation.FindPerson(*person) != nullptr) {
    return model::Principal{std::move(*person)};
  }
  Log(Level::kDebug, "a call without valid credentials was refused");
  return std::unexpected(
      Refuse(grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED",
             {"凭据缺失或无效：请发送元数据 authorization: Bearer 令牌，或使用有效的客户端证书",
              "the credentials are missing or wrong: send metadata `authorization: Bearer TOKEN`, "
              "or use a "
              "valid client certificate"}));
}

}  // namespace duban::duband
