// Reading the small things of which the language is made, with their errors.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/keys.h"
#include "core/definition/report.h"
#include "core/definition/yaml.h"

namespace duban::definition {

// A map whose keys are known: unknown and missing keys are reported when it is made.
class Object {
 public:
  Object(const Node& node, const Table& table, Report& report);

  // The value of the key; null when it is absent or has no value.
  const Node* operator[](std::string_view key) const;
  const Place& KeyPlace(
      std::string_view key) const;  // of the key itself; of the map when it is absent
  bool is_map() const { return node_.is_map(); }
  const Node& node() const { return node_; }
  // Reports all but the first of the keys that are there; false when there is none (reported too,
  // unless an unknown key is reported already).
  bool ExactlyOne(const std::vector<std::string_view>& keys, Report& report) const;

 private:
  const Node& node_;
  bool has_unknown_keys_ = false;
};

inline constexpr std::size_t kMaxNameBytes = 200;
inline constexpr std::size_t kMaxPlainTextBytes = 16 * 1024;

// Each reports what is wrong and gives nothing then.
std::optional<std::string> ReadText(const Node& node, Report& report);
std::optional<bool> ReadBool(const Node& node, Report& report);
std::optional<std::int64_t> ReadInteger(const Node& node, std::int64_t min, std::int64_t max,
                                        Report& report);
std::optional<calendar::Date> ReadDate(const Node& node, Report& report);
// Which of the words it is.
std::optional<std::size_t> ReadWord(const Node& node, std::span<const std::string_view> words,
                                    Report& report);
model::Text ReadTitle(const Node& node, Report& report);
// One scalar or a list of them.
std::vector<const Node*> ReadNames(const Node& node, Report& report);
// A node, or the items of a list.
std::vector<const Node*> OneOrMany(const Node& node);
// Whether the node is a map; reported otherwise. `zh` and `en` say what it should hold.
bool ExpectMap(const Node& node, std::string_view zh, std::string_view en, Report& report);
bool ExpectScalar(const Node& node, Report& report);

// Letters (of any script), digits, '-', '_', '.'; what names of states, fields of organisations and
// so on are made of.
bool IsName(std::string_view text);
// a-z, A-Z, 0-9, '_', not beginning with a digit.
bool IsIdentifier(std::string_view text);

// The word for a node's kind: "a list" …
model::Text KindOf(const Node& node);

}  // namespace duban::definition
