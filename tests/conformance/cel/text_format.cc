#include "tests/conformance/cel/text_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/expression/literal.h"

namespace duban::conformance {
namespace {

bool IsWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-' || c == '+';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::expected<Message, std::string> Run() {
    Message out;
    if (!Fields(out, '\0')) {
      const auto line =
          1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
      return std::unexpected(fmt::format("line {}: {}", line, error_));
    }
    return out;
  }

 private:
  bool Fail(std::string error) {
    error_ = std::move(error);
    return false;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void Skip() {
    while (at_ < text_.size()) {
      if (Peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::string_view(" \t\r\n,;").find(Peek()) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string Word() {
    const std::size_t start = at_;
    while (IsWordPart(Peek())) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  bool Fields(Message& out, char closing) {
    for (Skip(); Peek() != closing; Skip()) {
      Field field;
      if (Peek() == '[') {
        const std::size_t end = text_.find(']', at_);
        if (end == std::string_view::npos) return Fail("] is missing");
        field.name = text_.substr(at_, end + 1 - at_);
        at_ = end + 1;
      } else {
        field.name = Word();
      }
      if (field.name.empty()) return Fail("a field's name is missing");
      Skip();
      if (Peek() == ':') {
        ++at_;
        Skip();
      }
      if (!Values(out, field)) return false;
    }
    if (closing != '\0') ++at_;
    return true;
  }

  bool Values(Message& out, const Field& named) {
    if (Peek() != '[') return OneValue(out, named);
    ++at_;
    for (Skip(); Peek() != ']'; Skip()) {
      if (Peek() == '\0' || !OneValue(out, named)) return Fail("] is missing");
    }
    ++at_;
    return true;
  }

  bool OneValue(Message& out, Field field) {
    if (Peek() == '{' || Peek() == '<') {
      const char closing = Peek() == '{' ? '}' : '>';
      ++at_;
      field.is_message = true;
      if (!Fields(field.message.emplace_back(), closing)) return false;
    } else if (Peek() == '"' || Peek() == '\'') {
      for (; Peek() == '"' || Peek() == '\''; Skip()) {
        if (!Quoted(field.scalar)) return false;
      }
    } else {
      field.scalar = Word();
      if (field.scalar.empty()) return Fail("a value is missing");
    }
    out.fields.push_back(std::move(field));
    return true;
  }

  bool Quoted(std::string& out) {
    const char quote = Peek();
    for (++at_; Peek() != quote; ++at_) {
      if (at_ >= text_.size()) return Fail("a string does not end");
      if (Peek() != '\\') {
        out += Peek();
      } else if (++at_; !Escape(out)) {
        return false;
      }
    }
    ++at_;
    return true;
  }

  // Reads up to `most` digits behind at_, at which the last one then stands.
  std::optional<std::uint32_t> Digits(std::size_t from, std::size_t most, int base) {
    std::uint32_t value = 0;
    const char* begin = text_.data() + from;
    const char* end = text_.data() + std::min(text_.size(), from + most);
    const auto result = std::from_chars(begin, end, value, base);
    if (result.ec != std::errc{}) return std::nullopt;
    at_ = from + static_cast<std::size_t>(result.ptr - begin) - 1;
    return value;
  }

  bool Escape(std::string& out) {
    constexpr std::string_view kNames = "abfnrtv";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v";
    const char c = Peek();
    if (const auto i = kNames.find(c); i != std::string_view::npos) {
      out += kMeanings[i];
      return true;
    }
    const bool octal = c >= '0' && c <= '7';
    if (!octal && c != 'x' && c != 'u' && c != 'U') {
      out += c;
      return true;
    }
    const std::size_t most = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : 8;
    const auto value = Digits(octal ? at_ : at_ + 1, most, octal ? 8 : 16);
    if (!value) return Fail("an escape sequence is wrong");
    if (octal || c == 'x') {
      out += static_cast<char>(*value);
    } else {
      expression::AppendUtf8(out, *value);
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

const Field* Message::Find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

const Message* Message::FindMessage(std::string_view name) const {
  const Field* field = Find(name);
  return field != nullptr && field->is_message ? &field->message.front() : nullptr;
}

std::string Message::Get(std::string_view name) const {
  const Field* field = Find(name);
  return field != nullptr ? field->scalar : std::string();
}

std::expected<Message, std::string> ParseTextFormat(std::string_view text) {
  return Reader(text).Run();
}

}  // namespace duban::conformance
