// What was acknowledged outlives the process; a backup is one moment's whole state.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;

class DurabilityTest : public StorageTest {
 protected:
  void SetUp() override {
    if (!GetParam().durable) GTEST_SKIP() << "keeps nothing, by its nature";
    StorageTest::SetUp();
  }
};

Batch Everything() {
  CaseWrite write = Step(Id(1), 0);
  write.tasks = {Task(Id(1), 1, {"li"})};
  write.timers_set = {{Id(1), 2, At(1)}};
  OutboxRow dead = Outgoing(Id(1), 4, OutboxKind::kNotification, At(0));
  dead.state = OutboxState::kDead;
  write.outbox = {Outgoing(Id(1), 3, OutboxKind::kCommand, At(0)), dead};
  Batch batch = One(write);
  batch.requests = {{"li/1", "f", "r", At(0)}};
  return batch;
}

std::string Dump(Storage& storage) {
  return Bytes(Got(storage.ListCases({}))) +
         Bytes(Got(storage.LoadCase(Id(1))).value_or(CaseRow{})) +
         Bytes(Got(storage.ReadChanges(0, 1000))) +
         Bytes(Got(storage.ListTasks({.candidate = "li"}))) +
         Bytes(Got(storage.DueTimers(At(9), 10))) +
         Bytes(Got(storage.PendingOutbox(OutboxKind::kCommand, At(9), 10))) +
         Bytes(Got(storage.DeadOutbox({}, 10))) +
         Bytes(Got(storage.FindRequest("li/1")).value_or(RequestRow{})) +
         Bytes(Got(storage.LoadCampaign("digest")).value_or(CampaignRow{}));
}

TEST_P(DurabilityTest, EverythingIsThereAfterReopening) {
  ASSERT_COMMITS(Everything());
  ASSERT_TRUE(storage->SaveCampaign({"digest", "name", At(0), "li", {{"a", "b"}}}));
  const std::string before = Dump(*storage);
  Close();
  Open();
  EXPECT_EQ(Dump(*storage), before);
  EXPECT_EQ(Got(storage->Commit(One(Step(Id(1), 1)))).last_change, 2u)
      << "changes go on where they ended";
}

TEST_P(DurabilityTest, WhatWasAcknowledgedBeforeAKillIsThere) {
  for (int round = 0; round < 5; ++round) {
    const model::Revision start = round == 0 ? 0 : Got(storage->LoadCase(Id(1)))->revision;
    Close();
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(pipe_ends[0]);
      Open();
      for (model::Revision r = start; storage && storage->Commit(One(Step(Id(1), r))); ++r) {
        const model::Revision acknowledged = r + 1;
        if (write(pipe_ends[1], &acknowledged, sizeof acknowledged) != sizeof acknowledged) break;
      }
      _exit(1);
    }
    close(pipe_ends[1]);
    model::Revision acknowledged = 0;
    for (int i = 0; i < 20 + round * 7; ++i) {
      ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged),
                ssize_t{sizeof acknowledged});
    }
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) == ssize_t{sizeof acknowledged}) {
    }
    close(pipe_ends[0]);
    waitpid(child, nullptr, 0);
    Open();
    const auto row = Got(storage->LoadCase(Id(1)));
    ASSERT_TRUE(row);
    EXPECT_GE(row->revision, acknowledged);
    EXPECT_LE(row->revision, acknowledged + 1);
    EXPECT_EQ(Got(storage->LastChange()), row->revision);
    EXPECT_EQ(Got(storage->ReadJournal(Id(1), row->revision - 1, 10)).size(), 1u);
  }
}

TEST_P(DurabilityTest, ABackupTakenWhileCommitsGoOnIsOneMomentsState) {
  if (GetParam().shared) {
    const auto refused = storage->Backup((directory.path() / "copy").string());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, StorageError::Code::kInvalid);
    EXPECT_FALSE(refused.error().message.empty()) << "it says how else";
    return;
  }
  ASSERT_COMMITS(Everything());
  ASSERT_TRUE(storage->SaveCampaign({"digest", "name", At(0), "li", {{"a", "b"}}}));
  std::jthread writer([this](const std::stop_token& stop) {
    for (model::Revision r = 0; !stop.stop_requested(); ++r) {
      Batch batch;
      batch.cases = {Step(Id(2), r), Step(Id(3), r)};
      ASSERT_COMMITS(batch);
    }
  });
  const std::filesystem::path copies = directory.path() / "copies";
  std::filesystem::create_directory(copies);
  const std::uint64_t floor = Got(storage->LastChange());
  const auto backup = storage->Backup((copies / "duban.db").string());
  writer.request_stop();
  writer.join();
  ASSERT_TRUE(backup) << backup.error().message;
  const auto again = storage->Backup((copies / "duban.db").string());
  ASSERT_FALSE(again) << "a backup never overwrites";
  EXPECT_EQ(again.error().code, StorageError::Code::kInvalid);
  EXPECT_FALSE(storage->Backup((copies / "missing" / "duban.db").string()));

  plugin::Settings settings = this->settings();
  settings["path"] = (copies / "duban.db").string();
  auto copy = plugin::LoadStorage(GetParam().plugin, settings);
  ASSERT_TRUE(copy) << copy.error().en;
  EXPECT_GE(Got((*copy)->LastChange()), floor);
  const auto second = Got((*copy)->LoadCase(Id(2)));
  const auto third = Got((*copy)->LoadCase(Id(3)));
  ASSERT_EQ(second.has_value(), third.has_value());
  EXPECT_EQ(second.value_or(CaseRow{}).revision, third.value_or(CaseRow{}).revision);
  EXPECT_EQ(Bytes(Got((*copy)->LoadCase(Id(1))).value()),
            Bytes(Got(storage->LoadCase(Id(1))).value()));
  EXPECT_EQ(Got((*copy)->LoadCampaign("digest"))->files.at("a"), "b");
}

TEST_P(DurabilityTest, ASecondServerIsRefused) {
  if (GetParam().shared) GTEST_SKIP() << "may be opened by several";
  plugin::Settings settings = this->settings();
  settings["path"] = (directory.path() / "duban.db").string();
  const auto second = plugin::LoadStorage(GetParam().plugin, settings);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().en.find(settings["path"]), std::string::npos) << second.error().en;
}

DUBAN_EVERY_STORAGE(DurabilityTest);

}  // namespace
}  // namespace duban::conformance
