// The steps from a source to a Program or a Template.
#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "core/expression/problem.h"

namespace duban::expression {

struct Compiler {
  // `origin` is where the source stands in what its author sees.
  static std::expected<Program, std::vector<Problem>> Compile(std::string_view source,
                                                              Origin origin,
                                                              const Environment& environment,
                                                              const Type& expected, Check check);
  static std::expected<Template, std::vector<Problem>> CompileTemplate(
      std::string_view source, const Environment& environment);
};

}  // namespace duban::expression
