// conform_scxml DIR [EXPECTED]: runs every X.scxml below DIR with the X.json beside it. Prints each
// failing case and the difference, then "N passed, N failed"; what is refused by name counts as
// failed. EXPECTED lists the cases that fail, a path below DIR a line. Exit code 0: none failed, or
// exactly those; 1: others; 2: the suite cannot be read.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/conformance/scxml/scenario.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FindCharts(const fs::path& directory) {
  std::vector<fs::path> charts;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
    fs::path script = entry.path();
    script.replace_extension(".json");
    if (entry.path().extension() == ".scxml" && fs::exists(script)) charts.push_back(entry.path());
  }
  std::ranges::sort(charts);
  return charts;
}

std::set<std::string> ReadExpected(const char* path) {
  std::set<std::string> expected;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') expected.insert(line);
  }
  return expected;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    fmt::print(stderr, "usage: conform_scxml DIR [EXPECTED]\n");
    return 2;
  }
  const auto charts = FindCharts(argv[1]);
  if (charts.empty()) {
    fmt::print(stderr, "conform_scxml: there is no X.scxml with its X.json below {}\n", argv[1]);
    return 2;
  }
  std::set<std::string> failed;
  for (const fs::path& chart : charts) {
    const auto verdict = duban::conformance::RunScenario(chart);
    if (verdict.passed) continue;
    const std::string name = fs::relative(chart, argv[1]).string();
    fmt::print("FAILED {}\n  {}\n", name, verdict.difference);
    failed.insert(name);
  }
  fmt::print("{} passed, {} failed\n", charts.size() - failed.size(), failed.size());
  const std::set<std::string> expected =
      argc == 3 ? ReadExpected(argv[2]) : std::set<std::string>();
  return failed == expected ? 0 : 1;
}
