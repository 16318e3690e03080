#include "tests/unit/definition/json_schema.h"

#include <algorithm>
#include <regex>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using Json = nlohmann::json;

bool HasType(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  std::string Check(const Json& schema, const Json& value, const std::string& path) const {
    for (const auto& [keyword, rule] : schema.items()) {
      std::string problem = Apply(schema, keyword, rule, value, path);
      if (!problem.empty()) return problem;
    }
    return "";
  }

 private:
  static std::string Fail(const std::string& path, const std::string& why) {
    return path + ": " + why;
  }

  std::string Apply(const Json& schema, const std::string& keyword, const Json& rule,
                    const Json& value, const std::string& path) const {
    if (keyword == "$ref") {
      return Check(root_["$defs"][rule.get<std::string>().substr(std::string("#/$defs/").size())],
                   value, path);
    }
    if (keyword == "type") return CheckType(rule, value, path);
    if (keyword == "enum")
      return std::find(rule.begin(), rule.end(), value) != rule.end() ? ""
                                                                      : Fail(path, "not in enum");
    if (keyword == "const") return rule == value ? "" : Fail(path, "not the constant");
    if (keyword == "anyOf") return CheckAnyOf(rule, value, path);
    if (keyword == "if") {
      const std::string branch = Check(rule, value, path).empty() ? "then" : "else";
      return schema.contains(branch) ? Check(schema[branch], value, path) : "";
    }
    if (keyword == "pattern") {
      return !value.is_string() || std::regex_search(value.get<std::string>(),
                                                     std::regex(rule.get<std::string>()))
                 ? ""
                 : Fail(path, "pattern");
    }
    if (keyword == "minimum")
      return !value.is_number() || value >= rule ? "" : Fail(path, "too small");
    if (keyword == "maximum")
      return !value.is_number() || value <= rule ? "" : Fail(path, "too large");
    if (keyword == "minItems")
      return !value.is_array() || value.size() >= rule.get<std::size_t>() ? ""
                                                                          : Fail(path, "too few");
    if (keyword == "items") return CheckItems(rule, value, path);
    if (keyword == "required") return CheckRequired(rule, value, path);
    if (keyword == "properties" || keyword == "additionalProperties")
      return CheckMembers(schema, value, path);
    static const std::string kNoRules[] = {"then",  "else",        "$schema", "$defs",
                                           "title", "description", "examples"};
    return std::find(std::begin(kNoRules), std::end(kNoRules), keyword) != std::end(kNoRules)
               ? ""
               : Fail(path, "unknown keyword " + keyword);
  }

  static std::string CheckType(const Json& rule, const Json& value, const std::string& path) {
    if (rule.is_string())
      return HasType(value, rule) ? "" : Fail(path, "not of type " + rule.get<std::string>());
    const bool any = std::any_of(rule.begin(), rule.end(),
                                 [&](const Json& type) { return HasType(value, type); });
    return any ? "" : Fail(path, "not of any type of " + rule.dump());
  }
  std::string CheckAnyOf(const Json& rule, const Json& value, const std::string& path) const {
    std::string all;
    for (const Json& option : rule) {
      const std::string problem = Check(option, value, path);
      if (problem.empty()) return "";
      all += "\n  " + problem;
    }
    return Fail(path, "none of:") + all;
  }
  std::string CheckItems(const Json& rule, const Json& value, const std::string& path) const {
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
      std::string problem = Check(rule, value[i], path + "/" + std::to_string(i));
      if (!problem.empty()) return problem;
    }
    return "";
  }
  static std::string CheckRequired(const Json& rule, const Json& value, const std::string& path) {
    for (const Json& key : rule) {
      if (value.is_object() && !value.contains(key.get<std::string>()))
        return Fail(path, "needs " + key.dump());
    }
    return "";
  }
  std::string CheckMembers(const Json& schema, const Json& value, const std::string& path) const {
    if (!value.is_object()) return "";
    for (const auto& [key, member] : value.items()) {
      const Json* rule = nullptr;
      if (schema.contains("properties") && schema["properties"].contains(key)) {
        rule = &schema["properties"][key];
      } else if (schema.contains("additionalProperties")) {
        rule = &schema["additionalProperties"];
      }
      if (rule == nullptr) continue;
      if (rule->is_boolean()) {
        if (!rule->get<bool>()) return Fail(path, "unknown key " + key);
        continue;
      }
      std::string problem = Check(*rule, member, path + "/" + key);
      if (!problem.empty()) return problem;
    }
    return "";
  }

  const Json& root_;
};

}  // namespace

Json ToJson(const Node& node) {
  if (node.is_map()) {
    Json object = Json::object();
    for (const Node::Entry& entry : node.entries) object[entry.key->scalar] = ToJson(*entry.value);
    return object;
  }
  if (node.is_sequence()) {
    Json array = Json::array();
    for (const NodePtr& item : node.items) array.push_back(ToJson(*item));
    return array;
  }
  return Json::parse(model::ToJson(ToValue(node)));
}

std::string Validate(const Json& schema, const Json& value) {
  return Validator(schema).Check(schema, value, "");
}

}  // namespace duban::definition
