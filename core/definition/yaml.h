// A YAML file as a tree with marks; immutable, aliases shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/diagnostic.h"
#include "core/definition/report.h"

namespace duban::definition {

struct Node {
  enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };
  struct Entry {
    std::shared_ptr<const Node> key;  // a scalar; each once
    std::shared_ptr<const Node> value;
  };

  Kind kind = Kind::kNull;
  bool plain = false;  // a scalar without quotes: `1` may mean a number
  std::string scalar;  // kNull: "null"
  std::vector<std::shared_ptr<const Node>> items;
  std::vector<Entry> entries;
  Place place;
  std::size_t size = 1;   // nodes in it, aliases counted where they are used
  std::size_t bytes = 0;  // of the scalars in it, counted likewise
  int depth = 1;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_map() const { return kind == Kind::kMap; }
  // The value of the key; null pointer when there is none.
  const Node* Find(std::string_view key) const;
};
using NodePtr = std::shared_ptr<const Node>;

inline constexpr std::size_t kMaxYamlBytes =
    4 * kMaxFileBytes;  // of scalars, aliases counted where they are used

// One document. Everything that is wrong goes to the report (which must know the file's lines);
// null then. Limits: kMaxFileBytes, kMaxNodes, kMaxYamlDepth, kMaxYamlBytes. Never throws.
NodePtr ReadYaml(const std::string& file, std::string_view text, Report& report);

// Where in the file the code points from `line`, `column` (from 1) of the scalar's value stand. A
// scalar that is written with escapes or folded is taken as a whole.
Place PlaceInside(const Node& scalar, int line, int column, int length, const Report& report);

}  // namespace duban::definition
