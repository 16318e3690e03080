#include "services/cli/test_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace duban::cli {
namespace {

using nlohmann::json;

// What XML 1.0 cannot carry even as a reference is left out.
std::string Xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
    }
  }
  return out;
}

std::string FailureText(const Terminal& t, const std::string& place, const play::Failure& failure) {
  std::string text = t.Paint(Style::kRed, t.Say("失败 ", "failed ")) + place + "\n";
  text += t.Say("    应为：", "    expected: ") + failure.expected + "\n";
  text += t.Say("    实际：", "    actual:   ") + failure.actual + "\n";
  return text;
}

std::string CoverageText(const play::FileResult& file) {
  std::string text = play::ToString(file.workflow, *file.coverage) + "\n";
  for (const std::string& missing : file.coverage->missing) text += "    - " + missing + "\n";
  return text;
}

json ToJson(const play::Failure& failure) {
  return {{"line", failure.line}, {"expected", failure.expected}, {"actual", failure.actual}};
}

json ToJson(const std::string& prefix, const play::FileResult& file) {
  json scenarios = json::array();
  for (const play::ScenarioResult& one : file.scenarios) {
    json scenario = {{"name", one.name}, {"line", one.line}, {"passed", !one.failure}};
    if (one.failure) scenario["failure"] = ToJson(*one.failure);
    scenarios.push_back(std::move(scenario));
  }
  json out = {{"file", prefix + file.path}, {"workflow", file.workflow}, {"scenarios", scenarios}};
  if (file.unreadable) out["error"] = ToJson(*file.unreadable);
  if (file.coverage) {
    const auto& c = *file.coverage;
    out["coverage"] = {{"percent", c.percent()},
                       {"states", {{"reached", c.states}, {"of", c.states_of}}},
                       {"transitions", {{"reached", c.transitions}, {"of", c.transitions_of}}},
                       {"outcomes", {{"reached", c.outcomes}, {"of", c.outcomes_of}}},
                       {"missing", c.missing}};
  }
  return out;
}

std::string FailureXml(const std::string& path, const play::Failure& failure) {
  return "      <failure message=\"" +
         Xml(path + ":" + std::to_string(failure.line) + ": expected " + failure.expected +
             ", actual " + failure.actual) +
         "\"/>\n";
}

std::string SuiteXml(const std::string& prefix, const play::FileResult& file) {
  const std::string path = prefix + file.path;
  std::string cases;
  int failures = 0;
  const auto add = [&](const std::string& name, const std::optional<play::Failure>& failure) {
    cases += "    <testcase name=\"" + Xml(name) + "\" classname=\"" + Xml(path) + "\"";
    failures += failure ? 1 : 0;
    cases += failure ? ">\n" + FailureXml(path, *failure) + "    </testcase>\n" : "/>\n";
  };
  if (file.unreadable) add("(file)", file.unreadable);
  for (const play::ScenarioResult& one : file.scenarios) add(one.name, one.failure);
  const std::size_t tests = file.scenarios.size() + (file.unreadable ? 1 : 0);
  return "  <testsuite name=\"" + Xml(path) + "\" tests=\"" + std::to_string(tests) +
         "\" failures=\"" + std::to_string(failures) + "\">\n" + cases + "  </testsuite>\n";
}

}  // namespace

TestSummary Summarise(const std::vector<FolderResults>& folders) {
  TestSummary summary;
  for (const FolderResults& folder : folders) {
    summary.scenarios += folder.results.scenarios();
    summary.failed += folder.results.failed();
    summary.coverage = std::min(summary.coverage, folder.results.coverage());
  }
  return summary;
}

std::string TestText(const Terminal& t, const std::vector<FolderResults>& folders, bool history) {
  std::string text;
  for (const auto& [prefix, results] : folders) {
    for (const play::FileResult& file : results.files) {
      const std::string path = prefix + file.path;
      if (file.unreadable) {
        text +=
            FailureText(t, path + ":" + std::to_string(file.unreadable->line), *file.unreadable);
      }
      for (const play::ScenarioResult& one : file.scenarios) {
        if (!one.failure) continue;
        const std::string place = path + ":" + std::to_string(one.failure->line) + ": " + one.name;
        text += FailureText(t, place, *one.failure);
        if (history) text += one.failure->history;
      }
      if (file.coverage) text += CoverageText(file);
    }
    for (const std::string& workflow : results.uncovered)
      text += workflow + t.Say("：旁边没有场景\n", ": no scenario beside it\n");
  }
  const TestSummary sum = Summarise(folders);
  const std::string failed = std::to_string(sum.failed) + t.Say(" 个失败", " failed");
  return text + std::to_string(sum.scenarios) + t.Say(" 个场景，", " scenarios, ") +
         t.Paint(sum.failed > 0 ? Style::kRed : Style::kGreen, failed) + "\n";
}

std::string TestJson(const std::vector<FolderResults>& folders) {
  json files = json::array();
  json uncovered = json::array();
  for (const auto& [prefix, results] : folders) {
    for (const play::FileResult& file : results.files) files.push_back(ToJson(prefix, file));
    for (const std::string& workflow : results.uncovered) uncovered.push_back(workflow);
  }
  const TestSummary sum = Summarise(folders);
  const json out = {{"scenarios", sum.scenarios},
                    {"failed", sum.failed},
                    {"coverage", sum.coverage},
                    {"files", std::move(files)},
                    {"withoutScenario", std::move(uncovered)}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string TestJunit(const std::vector<FolderResults>& folders) {
  const TestSummary sum = Summarise(folders);
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"duban test\" tests=\"" +
      std::to_string(sum.scenarios) + "\" failures=\"" + std::to_string(sum.failed) + "\">\n";
  for (const auto& [prefix, results] : folders) {
    for (const play::FileResult& file : results.files) xml += SuiteXml(prefix, file);
  }
  return xml + "</testsuites>\n";
}

}  // namespace duban::cli
