// Diagnostics as the user sees them.
#pragma once

#include <string>
#include <vector>

#include "core/definition/diagnostic.h"
#include "services/cli/failure.h"
#include "services/cli/terminal.h"

namespace duban::cli {

// Each with its caret, coloured on a terminal (`error`: for standard error), ending with a line
// that counts them.
std::string ToText(const Terminal& terminal, const std::vector<definition::Diagnostic>& diagnostics,
                   bool error);
// One object {diagnostics, errors, warnings}, for --output json.
std::string ToJson(const std::vector<definition::Diagnostic>& diagnostics);

// Writes them to standard output, as the result of a check; kRefused when there are errors.
Outcome Report(const Terminal& terminal, const std::vector<definition::Diagnostic>& diagnostics);
// They are why something else was not done.
Failure Refused(const Terminal& terminal, const std::vector<definition::Diagnostic>& diagnostics);

}  // namespace duban::cli
