#include "core/expression/pattern.h"

#include <re2/re2.h>

namespace duban::expression {

std::expected<Pattern, std::string> Pattern::Compile(std::string_view text) {
  constexpr std::int64_t kMaxMemory = 1 << 18;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  auto compiled =
      std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!compiled->ok()) return std::unexpected(compiled->error());
  Pattern out;
  out.compiled_ = std::move(compiled);
  return out;
}

bool Pattern::Matches(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::size_t Pattern::size() const { return static_cast<std::size_t>(compiled_->ProgramSize()); }

}  // namespace duban::expression
