// An SCXML document as elements.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/definition/diagnostic.h"

namespace duban::import {

struct Element {
  std::string name;  // without the prefix of the SCXML namespace; a foreign one keeps its prefix
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Element> children;
  std::string text;  // trimmed

  // Empty when there is none.
  const std::string& operator[](std::string_view attribute) const;
  bool Has(std::string_view attribute) const;
};

// The root. Limits: kMaxXmlBytes, kMaxXmlDepth. Never throws.
std::expected<Element, definition::Diagnostic> ParseXml(std::string_view xml,
                                                        const std::string& file);

// "a  b" → a, b
std::vector<std::string> SplitWords(std::string_view text);

}  // namespace duban::import
