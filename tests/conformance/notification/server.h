// A server on a free port of this machine, for tests: one thread, one connection at a time.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace duban::conformance {

// A key and a certificate for 127.0.0.1 that signs itself, made afresh.
class Certificate {
 public:
  Certificate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  std::string Pem() const;
  SSL_CTX* context() const { return context_; }

 private:
  X509* certificate_;
  SSL_CTX* context_;
};

class Stream {
 public:
  explicit Stream(int socket) : socket_(socket) {}
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  std::optional<std::string> Line();  // without its CRLF; nothing at the end of the stream
  std::string Bytes(std::size_t size);
  void Send(const std::string& text);
  bool StartTls(const Certificate& certificate);
  void WaitForEnd();  // until the other side hangs up

 private:
  bool Fill();
  int socket_;
  SSL* ssl_ = nullptr;
  std::string buffer_;
};

class Server {
 public:
  explicit Server(std::function<void(Stream&)> serve);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  int port() const { return port_; }

 private:
  void Run();
  std::function<void(Stream&)> serve_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace duban::conformance
