// As much of JSON Schema (2020-12) as the language's schema uses; a keyword that it does not know
// fails.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/definition/yaml.h"

namespace duban::definition {

// YAML as an editor hands it to a schema: plain scalars by their type.
nlohmann::json ToJson(const Node& node);

// Empty when the value is valid, else where and why it is not.
std::string Validate(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace duban::definition
