// A YAML text in the making: keys in order, short things on one line.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace duban::import {

class Yaml {
 public:
  // A scalar as it is to stand in the file; see Text for one that may need quotes.
  static Yaml Plain(std::string scalar);
  // Quoted unless it is a plain word.
  static Yaml Text(std::string_view text);
  static Yaml List(std::vector<Yaml> items);
  // One item alone stands without its list.
  static Yaml OneOrMany(std::vector<Yaml> items);
  static Yaml Map();

  Yaml& Set(std::string_view key, Yaml value);  // of a map; returns the map
  bool empty() const { return items_.empty() && entries_.empty() && scalar_.empty(); }
  bool is_list() const { return kind_ == Kind::kList; }
  void Comment(std::string text) { comment_ = std::move(text); }  // stands before it, in a list
  void Spread() { spread_ = true; }                               // never on one line

  std::string ToString() const;

 private:
  enum class Kind { kScalar, kList, kMap };
  std::string Flow() const;
  bool FitsOneLine(std::size_t indent) const;
  bool IsSpread() const;
  void Write(std::string& out, std::size_t indent) const;
  void WriteList(std::string& out, std::size_t indent) const;
  void WriteMap(std::string& out, std::size_t indent) const;

  Kind kind_ = Kind::kScalar;
  std::string scalar_;
  std::vector<Yaml> items_;
  std::vector<std::pair<std::string, Yaml>> entries_;
  std::string comment_;
  bool spread_ = false;
};

}  // namespace duban::import
