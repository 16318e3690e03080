#include "tests/conformance/storage/subject.h"

#include <cstdlib>
#include <string_view>

namespace duban::conformance {
namespace {

std::vector<Subject>& Given() {
  static std::vector<Subject> subjects;
  return subjects;
}

void ReadArguments(int argc, char** argv) {
  Subject subject;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--plugin=")) {
      subject.plugin = argument.substr(9);
      subject.name = subject.plugin.stem().string();
    } else if (argument.starts_with("--setting=")) {
      const std::string_view setting = argument.substr(10);
      const std::size_t equals = setting.find('=');
      subject.settings.emplace(setting.substr(0, equals), setting.substr(equals + 1));
    } else if (argument == "--forgetful") {
      subject.durable = false;
    } else if (argument == "--shared") {
      subject.shared = true;
    }
  }
  if (!subject.name.empty()) Given().push_back(subject);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Subject& subject) { return out << subject.name; }

std::filesystem::path ShippedStorage(const std::string& name) {
  const char* binary = std::getenv("DUBAN_BINARY");
  const std::filesystem::path root =
      binary != nullptr
          ? std::filesystem::path(binary)
          : std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  return root / "plugins" / "storage" / (name + ".so");
}

std::vector<Subject> Subjects() {
  if (!Given().empty()) return Given();
  return {{"memory", ShippedStorage("memory"), {}, false},
          {"sqlite", ShippedStorage("sqlite"), {{"path", "{directory}/duban.db"}}, true},
          {"postgres",
           ShippedStorage("postgres"),
           {{"connection", "{postgres}"}, {"schema", "t_{fresh}"}, {"readers", "4"}},
           true,
           true}};
}

// Started when the first test needs it.
PostgresServer& Postgres() {
  static PostgresServer server;
  return server;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "duban-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

plugin::Settings StorageTest::settings() const {
  const auto replace = [](std::string& value, std::string_view place, auto with) {
    const std::size_t at = value.find(place);
    if (at != std::string::npos) value.replace(at, place.size(), with());
  };
  plugin::Settings settings = GetParam().settings;
  for (auto& [name, value] : settings) {
    replace(value, "{directory}", [&] { return directory.path().string(); });
    replace(value, "{fresh}", [&] { return std::to_string(fresh_); });
    replace(value, "{postgres}", [] { return Postgres().connection(); });
  }
  return settings;
}

int StorageTest::NextFresh() {
  static int last = 0;
  return ++last;
}

void StorageTest::Open() {
  const plugin::Settings settings = this->settings();
  auto loaded = plugin::LoadStorage(GetParam().plugin, settings);
  ASSERT_TRUE(loaded) << loaded.error().en;
  storage = std::move(*loaded);
}

// Ids as they are given: time in the upper bits.
model::CaseId Id(std::uint64_t number) { return {(std::uint64_t{200'000'000'000} << 22) + number}; }

model::Timestamp At(std::int64_t seconds) { return {1'652'630'400 + seconds, 7}; }

ports::CaseWrite Step(model::CaseId id, model::Revision expected) {
  ports::CaseWrite write;
  write.expected_revision = expected;
  write.row.case_id = id;
  write.row.revision = expected + 1;
  write.row.campaign = "digest";
  write.row.workflow = "inspection";
  write.row.summary = "summary of revision " + std::to_string(expected + 1);
  write.row.body =
      "body of revision " + std::to_string(expected + 1) + std::string(1, '\0') + "\xff";
  write.journal.push_back({id, expected + 1, 0, "entry " + std::to_string(expected + 1)});
  return write;
}

ports::TaskRow Task(model::CaseId id, model::Ordinal ordinal,
                    std::vector<model::PersonId> candidates) {
  ports::TaskRow row;
  row.case_id = id;
  row.ordinal = ordinal;
  row.due = At(ordinal);
  row.candidates = std::move(candidates);
  row.body = "task " + std::to_string(ordinal);
  return row;
}

ports::OutboxRow Outgoing(model::CaseId id, model::Ordinal ordinal, ports::OutboxKind kind,
                          model::Timestamp at) {
  ports::OutboxRow row;
  row.case_id = id;
  row.ordinal = ordinal;
  row.kind = kind;
  row.next_attempt = at;
  row.body = "message " + std::to_string(ordinal);
  return row;
}

ports::Batch One(ports::CaseWrite write) {
  ports::Batch batch;
  batch.cases.push_back(std::move(write));
  return batch;
}

}  // namespace duban::conformance

int main(int argc, char** argv) {
  duban::conformance::ReadArguments(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
