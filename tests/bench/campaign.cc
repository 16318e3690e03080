// What it costs to read and check a whole campaign: time and memory of `load`.
//
//   bench_campaign [--rounds N]   of the sample campaign beside the sources
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/definition/load.h"
#include "tests/bench/load.h"
#include "tests/bench/setting.h"

int main(int argc, char** argv) {
  using namespace duban;
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  const fs::path folder = DUBAN_CAMPAIGN;
  std::size_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".yaml" && extension != ".json")) continue;
    std::ifstream in(entry.path());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    bytes += text.size();
    files[fs::relative(entry.path(), folder).string()] = std::move(text);
  }
  const int rounds = bench::Option(argc, argv, "rounds", 5);
  std::vector<double> millis;
  std::size_t workflows = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    const auto loaded = definition::LoadCampaign(files);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    if (loaded.campaign == nullptr) bench::Fail("the campaign has errors");
    workflows = loaded.campaign->workflows.size();
    millis.push_back(took.count());
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print(
      "{{\"name\":\"campaign\",\"files\":{},\"kilobytes\":{:.0f},\"workflows\":{},\"load_ms\":{:."
      "1f},"
      "\"memory_mb\":{:.0f}}}\n",
      files.size(), static_cast<double>(bytes) / 1e3, workflows, bench::Median(millis),
      static_cast<double>(usage.ru_maxrss) / 1e3);
  return 0;
}
