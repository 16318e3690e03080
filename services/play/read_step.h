// The words of which scenarios are made, read from YAML. Each throws YAML::Exception with the place
// of what is wrong. For the .cc files that read scenarios and scripts.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/play/scenario.h"

namespace duban::play {

[[noreturn]] void Fail(const YAML::Node& node, const std::string& message);
void OnlyKeys(const YAML::Node& node, std::initializer_list<std::string_view> keys);

std::string Text(const YAML::Node& node);
std::string TextOr(const YAML::Node& parent, const char* key, const std::string& otherwise);
std::vector<std::string> Texts(const YAML::Node& node);  // one, or a list
model::Value ReadValue(const YAML::Node& node, int depth = 0);
model::Map ReadMap(const YAML::Node& node, int depth);

// decide, send, claim …; nullopt when the verb is none of them.
std::optional<ActStep> ReadAct(const std::string& verb, const YAML::Node& node);
// All of those verbs, for messages.
std::string ActVerbs();

}  // namespace duban::play
