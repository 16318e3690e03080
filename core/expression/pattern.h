// Regular expressions in RE2's syntax: matching takes time linear in the text.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace duban::expression {

// Immutable; copying shares; safe to use from several threads.
class Pattern {
 public:
  // The error says what is wrong with the pattern.
  static std::expected<Pattern, std::string> Compile(std::string_view text);
  // Whether some part of `text` matches.
  bool Matches(std::string_view text) const;
  // How many steps a byte of text may take in the worst case.
  std::size_t size() const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace duban::expression
