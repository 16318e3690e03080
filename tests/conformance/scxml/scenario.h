// One scenario of the suite: a statechart, the events sent to it, the active states expected after
// each.
#pragma once

#include <filesystem>
#include <string>

namespace duban::conformance {

struct Verdict {
  bool passed = false;
  std::string difference;  // what went wrong; of a refusal "refused: " and the construct
};

// `chart` is an X.scxml with an X.json beside it. It is imported, loaded, run on a virtual clock;
// at the end the case must equal the fold of everything that was recorded.
Verdict RunScenario(const std::filesystem::path& chart);

}  // namespace duban::conformance
