// Times the guard that the engine's budget is stated for, and prints one JSON line: nanoseconds per
// evaluation, the median of several rounds.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "core/expression/expression.h"

namespace {

using duban::expression::Type;
using duban::model::Map;
using duban::model::Value;

class OneCase : public duban::expression::Activation {
 public:
  const Value* Get(int) const override { return &hazard_; }

 private:
  Value hazard_{Map{{"count", 5},
                    {"deadline", duban::model::Timestamp{1'652'662'800, 0}},
                    {"enterprise", "E-0042"},
                    {"found_by", "P-0007"},
                    {"level", "major"},
                    {"place", "锅炉房"}}};
};

double NanosPerTest(const duban::expression::Program& guard, const OneCase& activation) {
  constexpr int kTests = 1000;
  int held = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kTests; ++i) held += guard.Test(activation).value_or(false) ? 1 : 0;
  const auto end = std::chrono::steady_clock::now();
  if (held != kTests) std::abort();
  return std::chrono::duration<double, std::nano>(end - start).count() / kTests;
}

}  // namespace

int main() {
  const std::vector<Type::Field> fields = {
      {"count", Type::Kind::kInt},         {"deadline", Type::Kind::kTimestamp},
      {"enterprise", Type::Kind::kString}, {"found_by", Type::Kind::kString},
      {"level", Type::Kind::kString},      {"place", Type::Kind::kString}};
  duban::expression::Environment environment;
  environment.variables.push_back({"hazard", Type::Object(fields)});
  const auto guard = duban::expression::Compile("hazard.level == \"major\" && hazard.count > 3",
                                                environment, Type::Kind::kBool);
  if (!guard) return 1;
  const OneCase activation;
  std::array<double, 1001> rounds{};
  for (double& round : rounds) round = NanosPerTest(*guard, activation);
  std::sort(rounds.begin(), rounds.end());
  fmt::print("{{\"name\":\"cel_guard\",\"ns\":{:.1f}}}\n", rounds[rounds.size() / 2]);
}
