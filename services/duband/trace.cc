#include "services/duband/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace duban::duband {
namespace {

constexpr std::size_t kLength = 55;  // vv-<32>-<16>-ff

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

std::string NewSpan() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", std::max<std::uint64_t>(random(), 1));
}

}  // namespace

std::string Trace::Response() const {
  return fmt::format("00-{}-{}-{}", trace_id, span_id, sampled ? "01" : "00");
}

std::optional<Trace> ReadTraceparent(std::string_view value) {
  if (value.size() < kLength) return std::nullopt;
  const auto version = value.substr(0, 2);
  const auto trace = value.substr(3, 32);
  const auto parent = value.substr(36, 16);
  const auto flags = value.substr(53, 2);
  if (value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
  if (!IsHex(version) || !IsHex(trace) || !IsHex(parent) || !IsHex(flags)) return std::nullopt;
  if (version == "ff" || IsZero(trace) || IsZero(parent)) return std::nullopt;
  const bool longer = value.size() > kLength;
  if (longer && (version == "00" || value[kLength] != '-')) return std::nullopt;
  const int low = flags[1] <= '9' ? flags[1] - '0' : flags[1] - 'a' + 10;
  return Trace{std::string(trace), std::string(parent), NewSpan(), (low & 1) != 0};
}

}  // namespace duban::duband
