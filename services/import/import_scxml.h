// SCXML (W3C Recommendation of 2015-09-01) to the YAML of the definition language.
//
// What the language cannot say is refused by its name (a script, an assignment inside a condition,
// invoke …), never left out. Variables become fields of type any; a state without an id gets one.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/diagnostic.h"

namespace duban::import {

inline constexpr std::size_t kMaxXmlBytes = 1024 * 1024;
inline constexpr int kMaxXmlDepth = 60;  // elements inside each other: what the YAML can hold

// `file` is for diagnostics, and names the workflow where the chart has no name. Every refusal at
// once: code "scxml-unsupported", the message names the construct. A text that is not XML:
// "xml-syntax", with its line. Never throws.
std::expected<std::string, std::vector<definition::Diagnostic>> ImportScxml(
    std::string_view xml, const std::string& file);

}  // namespace duban::import
