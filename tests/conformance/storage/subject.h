// What the suite is run against: a storage plugin, loaded from its .so as a server does.
//
// Without arguments the shipped plugins; another one with
//   conformance_storage --plugin=PATH.so [--setting=KEY=VALUE]… [--forgetful] [--shared]
// where {directory} in a value stands for a fresh directory and {fresh} for a fresh name,
// --forgetful says that nothing outlives the instance and backups are refused, --shared that
// several nodes may open it at once. PostgreSQL is a server of the suite's own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/model/codec.h"
#include "core/plugin/host.h"
#include "tests/conformance/storage/postgres_server.h"

namespace duban::conformance {

struct Subject {
  std::string name;
  std::filesystem::path plugin;
  plugin::Settings settings;
  bool durable = true;
  bool shared = false;  // several nodes may open it at once; backups are the database's own affair
};
std::ostream& operator<<(std::ostream& out, const Subject& subject);
std::vector<Subject> Subjects();

std::filesystem::path ShippedStorage(const std::string& name);

// The suite's own PostgreSQL.
PostgresServer& Postgres();

// A directory of its own for one test, removed at its end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class StorageTest : public testing::TestWithParam<Subject> {
 protected:
  void SetUp() override { Open(); }
  void Open();
  void Close() { storage.reset(); }
  plugin::Settings settings() const;  // the subject's, with the places filled in

  TemporaryDirectory directory;
  std::unique_ptr<ports::Storage> storage;

 private:
  static int NextFresh();
  const int fresh_ = NextFresh();
};

#define DUBAN_EVERY_STORAGE(Suite)                                        \
  INSTANTIATE_TEST_SUITE_P(Storage, Suite, testing::ValuesIn(Subjects()), \
                           [](const auto& subject) { return subject.param.name; })

// Rows without surprises, to be changed where a test cares.
model::CaseId Id(std::uint64_t number);
model::Timestamp At(std::int64_t seconds);
ports::CaseWrite Step(model::CaseId id, model::Revision expected);
ports::TaskRow Task(model::CaseId id, model::Ordinal ordinal,
                    std::vector<model::PersonId> candidates);
ports::OutboxRow Outgoing(model::CaseId id, model::Ordinal ordinal, ports::OutboxKind kind,
                          model::Timestamp at);
ports::Batch One(ports::CaseWrite write);

// Rows are compared in their stored form.
template <class T>
std::string Bytes(const T& row) {
  return model::Encode(row);
}

#define ASSERT_COMMITS(batch)                            \
  do {                                                   \
    const auto committed = storage->Commit(batch);       \
    ASSERT_TRUE(committed) << committed.error().message; \
  } while (false)

// The value of a read that must succeed.
template <class T>
T Got(ports::StorageResult<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return T{};
  }
  return std::move(*result);
}

}  // namespace duban::conformance
