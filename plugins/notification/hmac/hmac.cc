#include "plugins/notification/hmac/hmac.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace duban::notification_hmac {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest Hmac(std::string_view key, std::string_view message) {
  Digest digest{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
           nullptr) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 is not available");
  }
  return digest;
}

}  // namespace

std::string HmacBase64(std::string_view key, std::string_view message) {
  const Digest digest = Hmac(key, message);
  std::array<unsigned char, 4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1> text;
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

std::string HmacHex(std::string_view key, std::string_view message) {
  std::string hex;
  for (const unsigned char byte : Hmac(key, message)) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace duban::notification_hmac
