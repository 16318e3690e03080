#include "services/duband/page_token.h"

#include <fmt/format.h>

#include "core/ports/storage.h"
#include "services/duband/status.h"

namespace duban::duband {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Tells a damaged token from a good one; it is no protection, and needs none: a token only says
// where to go on.
unsigned char Check(std::string_view text) {
  unsigned sum = 7;
  for (const unsigned char c : text) sum = sum * 31 + c;
  return static_cast<unsigned char>(sum ^ sum >> 8 ^ sum >> 16);
}

}  // namespace

std::string MakeToken(char kind, std::string_view key) {
  std::string plain(1, kind);
  plain += key;
  plain += static_cast<char>(Check(plain));
  std::string token;
  unsigned bits = 0;
  int held = 0;
  for (const unsigned char c : plain) {
    bits = (bits << 8 | c) & 0xffff;
    for (held += 8; held >= 6; held -= 6) token += kAlphabet[bits >> (held - 6) & 63];
  }
  if (held > 0) token += kAlphabet[bits << (6 - held) & 63];
  return token;
}

std::optional<std::string> ReadToken(char kind, std::string_view token) {
  if (token.size() > kMaxTokenBytes) return std::nullopt;
  std::string plain;
  unsigned bits = 0;
  int held = 0;
  for (const char c : token) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    plain += static_cast<char>(bits >> held & 0xff);
  }
  if (plain.size() < 2 || plain[0] != kind) return std::nullopt;
  const auto check = static_cast<unsigned char>(plain.back());
  plain.pop_back();
  if (check != Check(plain)) return std::nullopt;
  std::string key = plain.substr(1);
  if (MakeToken(kind, key) != token) return std::nullopt;
  return key;
}

std::expected<std::uint32_t, grpc::Status> PageSize(std::int32_t asked) {
  if (asked == 0) return kDefaultPageSize;
  if (asked > 0 && static_cast<std::uint32_t>(asked) <= ports::kMaxPageSize) {
    return static_cast<std::uint32_t>(asked);
  }
  return std::unexpected(Invalid(
      "page_size", {fmt::format("应为 1 到 {}，或 0（默认）", ports::kMaxPageSize),
                    fmt::format("it must be 1 to {}, or 0 for the default", ports::kMaxPageSize)}));
}

grpc::Status BadToken(std::string field) {
  return Invalid(std::move(field), {"不是本服务给出的标记；请不带它从头开始",
                                    "not a token of this server; leave it out to begin anew"});
}

}  // namespace duban::duband
