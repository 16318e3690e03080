// run_scenarios [--history] DIR: runs every scenario of a campaign's folder. Exit codes: 0 all
// passed and everything is covered, 1 not so, 2 the folder cannot be read.
#include <cstdio>
#include <exception>
#include <string_view>

#include "tests/scenarios/folder.h"

int main(int argc, char** argv) {
  using namespace duban::scenarios;
  const bool history = argc == 3 && std::string_view(argv[1]) == "--history";
  if (argc != 2 && !history) {
    std::fprintf(stderr, "usage: run_scenarios [--history] DIR\n");
    return 2;
  }
  try {
    const auto files = ReadFiles(argv[argc - 1]);
    const auto read = ReadFolder(files);
    if (!read) {
      std::fprintf(stderr, "%s\n", read.error().c_str());
      return 2;
    }
    for (const auto& warning : read->warnings) std::fprintf(stderr, "%s", warning.c_str());
    const Report report = RunAll(read->folder, files, history);
    std::printf("%s%d scenarios, %d failed%s\n", report.text.c_str(), report.scenarios,
                report.failed,
                report.complete ? ", everything covered" : ", not everything covered");
    return report.failed == 0 && report.complete ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
