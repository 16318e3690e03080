#include "services/duband/tls.h"

#include <fmt/format.h>
#include <grpcpp/security/server_credentials.h>
#include <openssl/ssl.h>

#include <fstream>
#include <sstream>

namespace duban::duband {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

model::Text Unusable(const std::filesystem::path& file, const char* zh, const char* en) {
  return {fmt::format("{}：{}", file.string(), zh), fmt::format("{}: {}", file.string(), en)};
}

}  // namespace

std::optional<model::Text> CheckTls(const Config& config) {
  if (!config.tls()) return std::nullopt;
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()),
                                                             SSL_CTX_free);
  if (SSL_CTX_use_certificate_chain_file(context.get(), config.tls_certificate.c_str()) != 1) {
    return Unusable(config.tls_certificate, "不是可读的 PEM 证书",
                    "not a PEM certificate that can be read");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), config.tls_key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unusable(config.tls_key, "不是可读的 PEM 私钥，或与证书不匹配",
                    "not a PEM key that can be read, or not the certificate's");
  }
  if (!config.tls_client_ca.empty() &&
      SSL_CTX_load_verify_locations(context.get(), config.tls_client_ca.c_str(), nullptr) != 1) {
    return Unusable(config.tls_client_ca, "不是可读的 PEM 证书",
                    "not a PEM certificate that can be read");
  }
  return std::nullopt;
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const Config& config) {
  if (!config.tls()) return grpc::InsecureServerCredentials();
  const bool mutual = !config.tls_client_ca.empty();
  grpc::SslServerCredentialsOptions options(
      mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
             : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  options.pem_key_cert_pairs.push_back(
      {ReadText(config.tls_key), ReadText(config.tls_certificate)});
  if (mutual) options.pem_root_certs = ReadText(config.tls_client_ca);
  return grpc::SslServerCredentials(options);
}

}  // namespace duban::duband
