#include "core/expression/scope.h"

#include <algorithm>
#include <array>

#include "core/expression/library.h"
#include "core/expression/parser.h"
#include "core/expression/problem.h"

namespace duban::expression {
namespace {

constexpr std::array<std::string_view, 12> kTypeNames = {"bool",
                                                         "int",
                                                         "uint",
                                                         "double",
                                                         "string",
                                                         "bytes",
                                                         "list",
                                                         "map",
                                                         "type",
                                                         "null_type",
                                                         "google.protobuf.Timestamp",
                                                         "google.protobuf.Duration"};

std::size_t CountParts(std::string_view name) {
  return 1 + static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
}

}  // namespace

bool IsTypeName(std::string_view name) {
  return std::find(kTypeNames.begin(), kTypeNames.end(), name) != kTypeNames.end();
}

Scope::Scope(const Environment& environment) : environment_(environment) {
  for (std::string_view type : kTypeNames)
    longest_name_ = std::max(longest_name_, CountParts(type));
  for (const Variable& variable : environment.variables) {
    longest_name_ = std::max(longest_name_, CountParts(variable.name));
  }
}

// Calls `find` with each full name that `name` may mean, until it returns something.
template <class Find>
auto Scope::Resolve(std::string_view name, bool rooted, Find find) const {
  std::string_view container = rooted ? std::string_view() : environment_.container;
  while (!container.empty()) {
    std::string full(container);
    full += '.';
    full += name;
    auto found = find(std::string_view(full));
    if (found) return found;
    const std::size_t dot = container.rfind('.');
    container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
  }
  return find(name);
}

int Scope::FindVariable(std::string_view name, bool rooted) const {
  const auto& variables = environment_.variables;
  const Variable* found = Resolve(name, rooted, [&](std::string_view full) -> const Variable* {
    for (const Variable& variable : variables) {
      if (variable.name == full) return &variable;
    }
    return nullptr;
  });
  return found ? static_cast<int>(found - variables.data()) : -1;
}

std::vector<int> Scope::FindFunctions(std::string_view name, bool rooted) const {
  std::vector<int> out;
  Resolve(name, rooted, [&](std::string_view full) {
    for (std::size_t i = 0; i < environment_.functions.size(); ++i) {
      if (environment_.functions[i].name == full) out.push_back(static_cast<int>(i));
    }
    return !out.empty();
  });
  return out;
}

std::string Scope::SuggestVariable(std::string_view name,
                                   const std::vector<std::string>& locals) const {
  std::vector<std::string> candidates = locals;
  for (const Variable& variable : environment_.variables) candidates.push_back(variable.name);
  for (std::string_view keyword : {"true", "false", "null"}) candidates.emplace_back(keyword);
  return Closest(name, candidates);
}

std::string Scope::SuggestFunction(std::string_view name) const {
  std::vector<std::string> candidates = MacroNames();
  for (const Function& function : environment_.functions) candidates.push_back(function.name);
  for (const LibraryFunction& function : Library()) candidates.emplace_back(function.name);
  candidates.emplace_back("dyn");
  return Closest(name, candidates);
}

}  // namespace duban::expression
