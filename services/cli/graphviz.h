// Pictures: from DOT to SVG, and of a case as the server draws it.
#pragma once

#include <expected>
#include <string>

#include "services/cli/failure.h"
#include "services/cli/verbs.h"

namespace duban::cli {

// Runs Graphviz' `dot`. kUsage when it is not installed, kUnexpected when it fails.
std::expected<std::string, Failure> ToSvg(const Terminal& terminal, const std::string& dot);

// Asks the server for DOT (also for SVG) or Mermaid, the active states of the case highlighted.
std::expected<std::string, Failure> DrawCase(const Context& context,
                                             const GraphArguments& arguments);

}  // namespace duban::cli
