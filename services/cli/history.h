// Committed steps as a readable story.
#pragma once

#include <string>

#include "duban/v1/case_service.pb.h"
#include "services/cli/connection.h"

namespace duban::cli {

// When and who (`names`: of the actors), then a line for each thing that happened. Without `all`,
// what only the engine cares about is left out; empty when nothing remains.
std::string EntryText(const Terminal& terminal, const Names& names, const v1::HistoryEntry& entry,
                      bool all);

}  // namespace duban::cli
