// Pictures of a definition.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/definition/definition.h"

namespace duban::definition {

// `active` states are highlighted. `language`: "zh" or "en".
std::string ToDot(const Definition& definition, const std::vector<model::StateIndex>& active,
                  std::string_view language);
std::string ToMermaid(const Definition& definition, const std::vector<model::StateIndex>& active,
                      std::string_view language);

}  // namespace duban::definition
