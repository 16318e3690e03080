#include "core/model/ids.h"

#include <charconv>

namespace duban::model {
namespace {
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 13;
}  // namespace

std::optional<CaseId> CaseId::Parse(std::string_view text) {
  if (text.size() != kLength) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    char c = text[i];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos || (i == 0 && digit > 15)) return std::nullopt;
    value = value << 5 | digit;
  }
  return CaseId{value};
}

std::string CaseId::ToString() const {
  std::string text(kLength, '0');
  std::uint64_t rest = value;
  for (std::size_t i = kLength; i-- > 0; rest >>= 5) text[i] = kAlphabet[rest & 31];
  return text;
}

std::optional<TaskId> TaskId::Parse(std::string_view text) {
  if (text.size() < kLength + 2 || text[kLength] != '-') return std::nullopt;
  const auto case_id = CaseId::Parse(text.substr(0, kLength));
  Ordinal ordinal = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + kLength + 1, end, ordinal);
  if (!case_id || error != std::errc{} || stop != end) return std::nullopt;
  return TaskId{*case_id, ordinal};
}

std::string TaskId::ToString() const { return case_id.ToString() + '-' + std::to_string(ordinal); }

}  // namespace duban::model
