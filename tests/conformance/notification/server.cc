#include "tests/conformance/notification/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace duban::conformance {

Certificate::Certificate() : certificate_(X509_new()), context_(SSL_CTX_new(TLS_server_method())) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509_set_version(certificate_, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate_), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate_), 3600);
  X509_NAME* name = X509_get_subject_name(certificate_);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate_, name);
  X509_EXTENSION* address =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate_, address, -1);
  X509_EXTENSION_free(address);
  X509_set_pubkey(certificate_, key);
  X509_sign(certificate_, key, EVP_sha256());
  SSL_CTX_use_certificate(context_, certificate_);
  SSL_CTX_use_PrivateKey(context_, key);
  EVP_PKEY_free(key);
}

Certificate::~Certificate() {
  SSL_CTX_free(context_);
  X509_free(certificate_);
}

std::string Certificate::Pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate_);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

Stream::~Stream() {
  SSL_free(ssl_);
  close(socket_);
}

bool Stream::Fill() {
  char chunk[16384];
  const auto got =
      ssl_ != nullptr ? SSL_read(ssl_, chunk, sizeof chunk) : recv(socket_, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> Stream::Line() {
  std::size_t end;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string Stream::Bytes(std::size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return bytes;
}

void Stream::Send(const std::string& text) {
  if (ssl_ != nullptr) {
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
  } else {
    send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  }
}

bool Stream::StartTls(const Certificate& certificate) {
  ssl_ = SSL_new(certificate.context());
  SSL_set_fd(ssl_, socket_);
  const bool good = SSL_accept(ssl_) == 1;
  ERR_clear_error();
  return good;
}

void Stream::WaitForEnd() {
  while (Fill()) {
  }
}

Server::Server(std::function<void(Stream&)> serve)
    : serve_(std::move(serve)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  std::signal(SIGPIPE, SIG_IGN);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

Server::~Server() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void Server::Run() {
  for (;;) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (stopping_ || connection < 0) {
      if (connection >= 0) close(connection);
      return;
    }
    Stream stream(connection);
    serve_(stream);
  }
}

}  // namespace duban::conformance
