// docs/approvals.md, the scenarios in workflows/approvals and the list of operations that people
// expect say the same: every operation has a row or a reason, every row has a scenario of its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "services/play/scenario.h"

namespace duban::play {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// Every operation that approval systems of Chinese agencies have a name for.
const Names kOperations = {"countersign_all",
                           "countersign_ratio",
                           "or_sign",
                           "sequential",
                           "random_one",
                           "claim",
                           "vote",
                           "weighted_vote",
                           "add_sign_before",
                           "add_sign_after",
                           "add_sign_parallel",
                           "remove_sign",
                           "transfer",
                           "delegate",
                           "proxy",
                           "return_prev",
                           "return_to",
                           "return_start",
                           "reject_end",
                           "retract",
                           "revoke",
                           "cc",
                           "read_receipt",
                           "urge",
                           "supervise",
                           "listed_supervision",
                           "suspend",
                           "resume",
                           "jump",
                           "terminate",
                           "nullify",
                           "resume_history",
                           "draft",
                           "timeout_remind",
                           "timeout_pass",
                           "timeout_reject",
                           "timeout_transfer",
                           "timeout_close",
                           "reason_required",
                           "signature_required",
                           "attachment",
                           "field_permission",
                           "start_select",
                           "prev_select",
                           "handle",
                           "approve",
                           "lead_assist",
                           "backdate"};

std::string Read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(Trimmed(part));
  return parts;
}

bool IsRule(const std::string& line) { return line.starts_with("|--"); }

// The cells of a column in the tables whose head has that title.
std::vector<std::string> Column(const std::string& page, const std::string& title) {
  std::vector<std::string> cells;
  std::size_t column = 0;
  std::string before;
  std::istringstream in(page);
  for (std::string line; std::getline(in, line); before = line) {
    const auto row = Split(line, '|');
    if (IsRule(line)) {
      const auto head = Split(before, '|');
      const auto found = std::ranges::find(head, title);
      column = found == head.end() ? 0 : static_cast<std::size_t>(found - head.begin());
    } else if (!line.starts_with("|")) {
      column = 0;
    } else if (column != 0 && column < row.size()) {
      cells.push_back(row[column]);
    }
  }
  return cells;
}

Names Ids(const std::string& page, const std::string& title) {
  Names ids;
  for (const std::string& cell : Column(page, title)) {
    for (std::string& id : Split(cell, ',')) ids.insert(std::move(id));
  }
  return ids;
}

class Catalogue : public testing::Test {
 protected:
  Catalogue() {
    const char* source_directory = std::getenv("DUBAN_SOURCE");
    const fs::path source(source_directory != nullptr ? source_directory : ".");
    const std::string page = Read(source / "docs" / "approvals.md");
    const auto reasons = page.find("## What is not an operation");
    const auto questions = page.find("## The six questions");
    rows = Ids(page.substr(0, reasons), "id");
    excused = Ids(page.substr(reasons, questions - reasons), "id");
    questioned = Ids(page.substr(questions), "scenario");
    for (const auto& file : fs::directory_iterator(source / "workflows" / "approvals")) {
      if (!file.path().string().ends_with(".scenario.yaml")) continue;
      const auto read = ReadScenarios(Read(file.path()), "");
      EXPECT_TRUE(read) << file.path() << ": " << read.error().message;
      if (!read) continue;
      for (const Scenario& scenario : *read) scenarios.insert(Split(scenario.name, ',').at(0));
    }
  }

  Names rows;        // of the tables
  Names excused;     // that are no operations, with the reason
  Names questioned;  // scenarios of the six questions
  Names scenarios;
};

TEST_F(Catalogue, EveryOperationHasARowOrAReason) {
  for (const std::string& operation : kOperations) {
    EXPECT_TRUE(rows.contains(operation) != excused.contains(operation))
        << operation << " needs a row or a reason, and not both";
  }
  for (const std::string& id : excused) EXPECT_TRUE(kOperations.contains(id)) << id;
}

TEST_F(Catalogue, EveryRowHasAScenarioOfItsName) {
  EXPECT_GT(rows.size(), kOperations.size() - excused.size());
  for (const std::string& row : rows)
    EXPECT_TRUE(scenarios.contains(row)) << "no scenario is called " << row;
  for (const std::string& name : questioned)
    EXPECT_TRUE(scenarios.contains(name)) << "no scenario is called " << name;
}

TEST_F(Catalogue, EveryScenarioIsNamedInThePage) {
  for (const std::string& name : scenarios)
    EXPECT_TRUE(rows.contains(name) || questioned.contains(name)) << name << " is no row";
}

}  // namespace
}  // namespace duban::play
