// One case of the suite: an expression, its variables, and what must come out.
#pragma once

#include <string>

#include "tests/conformance/cel/text_format.h"

namespace duban::conformance {

// Runs a `test` message (cel-spec's SimpleTest). Empty when it passes; otherwise the difference.
std::string RunCase(const Message& test);

}  // namespace duban::conformance
