// One small world for the engine's tests: storage in memory through its real .so, a clock that
// stands until it is moved, a notifier that listens, a storage that can be told to fail.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/outbox.h"
#include "core/engine/queries.h"
#include "core/model/codec.h"
#include "core/plugin/host.h"
#include "core/statechart/step.h"
#include "tests/doubles/storage_proxy.h"

namespace duban::engine {

inline model::Timestamp At(std::string_view text) { return *model::ParseRfc3339(text); }

class StandingClock final : public ports::Clock {
 public:
  model::Timestamp Now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void Set(model::Timestamp now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }

 private:
  mutable std::mutex mutex_;
  model::Timestamp now_ = At("2022-05-16T09:00:00+08:00");
};

class ListeningNotifier final : public ports::Notifier {
 public:
  std::expected<void, ports::NotifierError> Deliver(const ports::Message& message) override {
    const std::lock_guard lock(mutex_);
    attempts.push_back(message);
    if (!failures.empty()) {
      const ports::NotifierError error = failures.front();
      failures.pop_front();
      return std::unexpected(error);
    }
    delivered.push_back(message);
    return {};
  }
  std::mutex mutex_;
  std::vector<ports::Message> attempts;
  std::vector<ports::Message> delivered;
  std::deque<ports::NotifierError> failures;  // one per attempt, in order
};

class Texts final : public ports::Directory {
 public:
  Snapshot Read() override { return {organisation, calendars}; }
  std::map<std::string, std::string> calendars;
  std::string organisation = R"(
people:
  head:    {name: {zh: 局长, en: Head}}
  clerk:   {name: {zh: 科员, en: Clerk}}
  other:   {name: {zh: 旁人, en: Other}}
  admin:   {name: {zh: 管理员, en: Admin}}
posts: {bureau-head: {title: 局长, holder: head}}
offices: {section: {title: 科室, head: head, members: [head, clerk]}}
roles: {administrator: {title: 管理员, members: [admin]}}
enterprises:
  north: {title: 北山, office: section, contacts: [clerk], principal: clerk}
  south: {title: 南湖, office: section, contacts: [clerk], principal: clerk}
)";
};

// Passes everything on, but fails commits when told to: before they are written, or after.
class FaultyStorage final : public doubles::StorageProxy {
 public:
  enum class Fault { kNone, kBefore, kAfter, kConflict };

  explicit FaultyStorage(std::unique_ptr<ports::Storage> inner)
      : StorageProxy(*inner), inner_(std::move(inner)) {}
  void FailNext(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(fault);
  }
  void FailNoMore() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
  }
  std::atomic<bool> cases_unreadable = false;
  std::function<void()> after_due_timers;  // set before the engine starts
  std::function<void()> before_commit;     // likewise
  std::function<bool(const ports::CaseWrite&)> can_never_be_written;  // likewise
  int commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }

  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    if (before_commit) before_commit();
    Fault fault = Fault::kNone;
    {
      const std::lock_guard lock(mutex_);
      ++commits_;
      if (!faults_.empty()) {
        fault = faults_.front();
        faults_.pop_front();
      }
    }
    using Code = ports::StorageError::Code;
    if (can_never_be_written && std::ranges::any_of(batch.cases, can_never_be_written))
      return std::unexpected(ports::StorageError{Code::kInvalid, "a row is too large", {}});
    if (fault == Fault::kBefore)
      return std::unexpected(ports::StorageError{Code::kUnavailable, "disk full", {}});
    if (fault == Fault::kConflict)
      return std::unexpected(ports::StorageError{Code::kConflict, "conflict", {}});
    auto result = StorageProxy::Commit(batch);
    if (fault == Fault::kAfter)
      return std::unexpected(ports::StorageError{Code::kUnknown, "connection lost", {}});
    return result;
  }
  ports::StorageResult<std::optional<ports::CaseRow>> LoadCase(model::CaseId id) override {
    if (cases_unreadable) {
      using Code = ports::StorageError::Code;
      return std::unexpected(ports::StorageError{Code::kUnavailable, "connection lost", {}});
    }
    return StorageProxy::LoadCase(id);
  }
  ports::StorageResult<std::vector<ports::TimerRow>> DueTimers(model::Timestamp until,
                                                               std::uint32_t limit) override {
    auto due = StorageProxy::DueTimers(until, limit);
    if (after_due_timers) after_due_timers();
    return due;
  }

 private:
  std::unique_ptr<ports::Storage> inner_;
  mutable std::mutex mutex_;
  std::deque<Fault> faults_;
  int commits_ = 0;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    const char* binary = std::getenv("DUBAN_BINARY");
    auto memory =
        plugin::LoadStorage(std::string(binary ? binary : ".") + "/plugins/storage/memory.so", {});
    if (!memory) throw std::runtime_error(memory.error().en);
    storage = std::make_unique<FaultyStorage>(std::move(*memory));
    for (const auto& d : world.Refresh(texts)) ADD_FAILURE() << definition::ToString(d, "en");
  }
  ~EngineTest() override { Down(); }

  // Starts catalog, engine and outbox on the storage as it is.
  void Up(Limits limits = {}) {
    catalog = std::make_unique<Catalog>(*storage);
    ASSERT_TRUE(catalog->Load());
    engine = std::make_unique<Engine>(*storage, clock, *catalog, world, limits);
    outbox =
        std::make_unique<Outbox>(*storage, clock, world, channels, [this](auto done, auto updated) {
          return engine->FinishOutbox(std::move(done), std::move(updated)).has_value();
        });
    queries = std::make_unique<Queries>(*storage, clock, *catalog, world);
    ASSERT_TRUE(engine->Start());
  }
  void Down() {
    if (outbox) outbox->Stop();
    if (engine) engine->Stop();
    queries.reset();
    outbox.reset();
    engine.reset();
    catalog.reset();
  }
  void Deploy(const std::string& campaign, const std::string& extra = "") {
    std::map<std::string, std::string> files{{"campaign.yaml", campaign},
                                             {"organisation.yaml", texts.organisation}};
    if (!extra.empty()) files["extra.yaml"] = extra;
    auto deployed = catalog->Deploy(files, "admin", clock.Now());
    ASSERT_TRUE(deployed);
    for (const auto& d : deployed->diagnostics) {
      if (d.severity == definition::Severity::kError)
        ADD_FAILURE() << definition::ToString(d, "en");
    }
    ASSERT_TRUE(deployed->campaign);
  }

  std::future<Reply> Submit(model::Command command) {
    auto promise = std::make_shared<std::promise<Reply>>();
    engine->Submit(std::move(command),
                   [promise](const Reply& reply) { promise->set_value(reply); });
    return promise->get_future();
  }
  Reply Ask(model::Command command) { return Submit(std::move(command)).get(); }
  Reply Start(const std::string& by, const std::string& workflow, model::Map data = {},
              std::string request = {}) {
    model::Command command;
    command.actor.id = by;
    command.request_id = request.empty() ? NewRequest() : request;
    command.body = model::StartCase{"test", workflow, std::move(data), {}};
    return Ask(std::move(command));
  }
  static model::Command Decision(const std::string& by, model::CaseId id, model::Ordinal task,
                                 const std::string& outcome, std::string request = {}) {
    model::Command command;
    command.actor.id = by;
    command.request_id = request.empty() ? NewRequest() : std::move(request);
    command.case_id = id;
    command.body = model::Decide{task, outcome, "", {}};
    return command;
  }
  Reply Decide(const std::string& by, model::CaseId id, model::Ordinal task,
               const std::string& outcome, std::string request = {},
               std::optional<model::Revision> expected = {}) {
    model::Command command = Decision(by, id, task, outcome, std::move(request));
    command.expected_revision = expected;
    return Ask(std::move(command));
  }
  Reply Send(const std::string& by, model::CaseId id, const std::string& event) {
    model::Command command;
    command.actor.id = by;
    command.request_id = NewRequest();
    command.case_id = id;
    command.body = model::SendEvent{event, {}, {}};
    return Ask(std::move(command));
  }
  // The ordinal of the person's oldest open task in the case, or 0.
  model::Ordinal TaskOf(const std::string& who, model::CaseId id) {
    const auto page = queries->Inbox({who}, {}, 100);
    if (!page) return 0;
    for (const TaskView& task : page->items) {
      if (task.id.case_id == id) return task.id.ordinal;
    }
    return 0;
  }
  void Advance(std::string_view to) {
    clock.Set(At(to));
    engine->Settle();
  }
  model::Case Stored(model::CaseId id) {
    const auto row = storage->LoadCase(id);
    return row && *row ? model::Decode<model::Case>((*row)->body) : model::Case();
  }
  // Every stored case equals the fold of its journal.
  void ExpectFolds() {
    const auto rows = storage->ListCases({});
    ASSERT_TRUE(rows);
    for (const ports::CaseRow& row : *rows) {
      const model::Case stored = Stored(row.case_id);
      const auto definition = catalog->Find(stored.campaign, stored.workflow);
      ASSERT_TRUE(definition);
      model::Case folded;
      folded.id = stored.id;
      const auto journal = storage->ReadJournal(row.case_id, 0, ports::kMaxPageSize);
      ASSERT_TRUE(journal);
      for (const ports::JournalRow& entry : *journal) {
        statechart::Apply(**definition, folded, model::Decode<model::JournalEntry>(entry.body));
      }
      EXPECT_EQ(folded, stored) << row.case_id.ToString();
    }
  }

  static std::string NewRequest() {
    static int n = 0;
    return "request-" + std::to_string(++n);
  }
  static const Receipt* Ok(const Reply& reply) { return std::get_if<Receipt>(&reply); }
  static model::Reason Why(const Reply& reply) {
    const auto* rejection = std::get_if<model::Rejection>(&reply);
    EXPECT_TRUE(rejection) << "it was not refused";
    return rejection ? rejection->reason : model::Reason::kInternal;
  }

  StandingClock clock;
  ListeningNotifier notifier;
  Channels channels{{{"test", &notifier}}, {}};
  Texts texts;
  World world;
  std::unique_ptr<FaultyStorage> storage;
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<Queries> queries;
};

inline constexpr const char* kApproval = R"(
workflow: approval
campaign: test
title: 审批
start: {by: [{person: clerk}]}
states:
  deciding:
    approval: {title: 决定, by: {post: bureau-head}}
    on: {approved: acting, rejected: refused}
  acting:
    task: {title: 办理, for: {person: clerk}}
    on: {submitted: done}
  done: {final: true, outcome: done}
  refused: {final: true, outcome: refused}
)";

}  // namespace duban::engine
