// What names mean: variables and functions of the environment, looked up as CEL's containers say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/expression/expression.h"

namespace duban::expression {

class Scope {
 public:
  // The environment must outlive the scope.
  explicit Scope(const Environment& environment);

  // The slot of a variable, or -1. In container A.B, `x` is A.B.x, A.x or x; a rooted name only x.
  int FindVariable(std::string_view name, bool rooted) const;
  // The functions of that name, by their index.
  std::vector<int> FindFunctions(std::string_view name, bool rooted) const;
  // No variable's name has more parts than this ("a.b" has two).
  std::size_t longest_name() const { return longest_name_; }

  // A name that looks like this one; empty when there is none.
  std::string SuggestVariable(std::string_view name, const std::vector<std::string>& locals) const;
  std::string SuggestFunction(std::string_view name) const;

 private:
  template <class Find>
  auto Resolve(std::string_view name, bool rooted, Find find) const;

  const Environment& environment_;
  std::size_t longest_name_ = 1;
};

// Types are values: "int" names one, "google.protobuf.Duration" too.
bool IsTypeName(std::string_view name);

}  // namespace duban::expression
