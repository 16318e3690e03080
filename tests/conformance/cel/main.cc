// conform_cel DIR: runs every case of the *.textproto files below DIR, which are laid out like
// cel-spec's tests/simple/testdata. Prints each failing case, then "N passed, N failed". Exit code
// 0: none failed; 1: some failed; 2: the suite cannot be read.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/conformance/cel/case.h"

namespace {

using duban::conformance::Field;
using duban::conformance::Message;

struct Tally {
  int passed = 0;
  int failed = 0;
};

void RunFile(const Message& file, Tally& tally) {
  for (const Field& section : file.fields) {
    if (section.name != "section" || !section.is_message) continue;
    const Message& content = section.message.front();
    for (const Field& test : content.fields) {
      if (test.name != "test" || !test.is_message) continue;
      const Message& one = test.message.front();
      const std::string difference = duban::conformance::RunCase(one);
      if (difference.empty()) {
        ++tally.passed;
        continue;
      }
      ++tally.failed;
      fmt::print("FAILED {}/{}/{}\n  {}\n  {}\n", file.Get("name"), content.Get("name"),
                 one.Get("name"), one.Get("expr"), difference);
    }
  }
}

std::vector<std::filesystem::path> FindFiles(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    if (entry.path().extension() == ".textproto") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: conform_cel DIR\n");
    return 2;
  }
  const auto files = FindFiles(argv[1]);
  if (files.empty()) {
    fmt::print(stderr, "conform_cel: there is no *.textproto below {}\n", argv[1]);
    return 2;
  }
  Tally tally;
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto file = duban::conformance::ParseTextFormat(text);
    if (!file) {
      fmt::print(stderr, "conform_cel: {}: {}\n", path.string(), file.error());
      return 2;
    }
    RunFile(*file, tally);
  }
  fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
  return tally.failed == 0 ? 0 : 1;
}
