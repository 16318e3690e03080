// Page and resume tokens: opaque to clients, a key within.
#pragma once

#include <grpcpp/support/status.h>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace duban::duband {

inline constexpr std::uint32_t kDefaultPageSize = 100;
inline constexpr std::size_t kMaxTokenBytes = 256;

// `kind`: which list the token belongs to, so that one does not serve another.
std::string MakeToken(char kind, std::string_view key);
// nullopt: not a token that was made so.
std::optional<std::string> ReadToken(char kind, std::string_view token);

// 0: the default. INVALID_ARGUMENT outside 0 … 1000.
std::expected<std::uint32_t, grpc::Status> PageSize(std::int32_t asked);
grpc::Status BadToken(std::string field);

}  // namespace duban::duband
