#include "tests/conformance/notification/file_sink.h"

#include <stdlib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace duban::conformance {

FileSink::FileSink(Parse parse) : parse_(std::move(parse)) {
  std::string name = (std::filesystem::temp_directory_path() / "duban-XXXXXX").string();
  root_ = mkdtemp(name.data());
  place_ = root_ / "place";
  std::filesystem::create_directory(place_);
}

FileSink::~FileSink() { std::filesystem::remove_all(root_); }

std::vector<Received> FileSink::received() {
  std::vector<Received> list;
  std::ifstream file(place_ / "messages");
  for (std::string line; std::getline(file, line);) list.push_back(parse_(line));
  return list;
}

void FileSink::Break() { std::filesystem::rename(place_, root_ / "away"); }
void FileSink::Repair() { std::filesystem::rename(root_ / "away", place_); }

Received ParseJsonLine(const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  return {json.at("idempotency_key"), json.at("address"), json.at("subject"), json.at("body")};
}

Received ParseTabs(const std::string& line) {
  Received received;
  std::istringstream fields(line);
  std::getline(fields, received.key, '\t');
  std::getline(fields, received.address, '\t');
  std::getline(fields, received.subject);
  return received;
}

}  // namespace duban::conformance
