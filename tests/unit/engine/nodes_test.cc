// Two engines on one storage: the expected revision decides, nothing is done twice, and each sees
// what the other did. The storage in memory stands for a shared one; who has which timers is told
// it by the test.
#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using model::Reason;

// One node's view of a shared storage.
class NodeStorage final : public doubles::StorageProxy {
 public:
  NodeStorage(ports::Storage& shared, std::uint32_t node) : StorageProxy(shared), node_(node) {}

  // The next commit finds that `act`, done on the other node, came first.
  void BeforeNextCommit(std::function<void()> act) { before_ = std::move(act); }

  ports::StorageResult<ports::Membership> Join() override {
    return ports::Membership{true, node_, 1};
  }
  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    if (before_) std::exchange(before_, nullptr)();
    return StorageProxy::Commit(batch);
  }

 private:
  const std::uint32_t node_;
  std::function<void()> before_;
};

struct Node {
  Node(ports::Storage& shared, std::uint32_t number, ports::Clock& clock, World& world)
      : storage(shared, number),
        catalog(storage),
        engine(storage, clock, catalog, world),
        queries(storage, clock, catalog, world) {
    EXPECT_TRUE(catalog.Load());
    EXPECT_TRUE(engine.Start());
  }
  Reply Ask(const std::string& by, const std::string& request, model::CaseId id,
            model::CommandBody body) {
    model::Command command;
    command.actor.id = by;
    command.request_id = request;
    command.case_id = id;
    command.body = std::move(body);
    std::promise<Reply> promise;
    engine.Submit(std::move(command), [&](const Reply& reply) { promise.set_value(reply); });
    return promise.get_future().get();
  }

  NodeStorage storage;
  Catalog catalog;
  Engine engine;
  Queries queries;
};

class NodesTest : public EngineTest {
 protected:
  NodesTest() : a(*storage, 1, clock, world), b(*storage, 2, clock, world) {}
  void DeployOn(Node& node, const std::string& campaign, const std::string& extra = "") {
    std::map<std::string, std::string> files{{"campaign.yaml", campaign},
                                             {"organisation.yaml", texts.organisation}};
    if (!extra.empty()) files["extra.yaml"] = extra;
    const auto deployed = node.catalog.Deploy(files, "admin", clock.Now());
    ASSERT_TRUE(deployed && deployed->campaign);
  }
  Reply StartOn(Node& node, const std::string& workflow = "approval") {
    return node.Ask("clerk", NewRequest(), {}, model::StartCase{"test", workflow, {}, {}});
  }
  Reply DecideOn(Node& node, const std::string& by, model::CaseId id, model::Ordinal task,
                 const std::string& outcome, const std::string& request) {
    return node.Ask(by, request, id, model::Decide{task, outcome, "", {}});
  }
  model::Ordinal TaskOn(Node& node, const std::string& who, model::CaseId id) {
    const auto page = node.queries.Inbox({who}, {}, 100);
    if (!page) return 0;
    for (const TaskView& task : page->items) {
      if (task.id.case_id == id) return task.id.ordinal;
    }
    return 0;
  }

  Node a, b;
};

TEST_F(NodesTest, WhatOneDeploysAndStartsTheOtherGoesOnWith) {
  DeployOn(a, kApproval);
  const Reply first = StartOn(a);
  ASSERT_TRUE(Ok(first));
  const model::CaseId id = Ok(first)->case_id;
  const Reply decided = DecideOn(b, "head", id, TaskOn(b, "head", id), "approved", NewRequest());
  ASSERT_TRUE(Ok(decided));
  EXPECT_EQ(Ok(decided)->revision, 2u);
  // What `a` keeps in memory is of revision 1; it must not answer from it.
  const Reply done = DecideOn(a, "clerk", id, TaskOn(a, "clerk", id), "submitted", NewRequest());
  ASSERT_TRUE(Ok(done));
  EXPECT_TRUE(Ok(done)->ended);
  EXPECT_EQ(Why(DecideOn(b, "head", id, 1, "approved", NewRequest())), Reason::kAlreadyDecided);
}

TEST_F(NodesTest, ANewerVersionDeployedOnOneIsWhatTheOtherStarts) {
  DeployOn(a, kApproval);
  ASSERT_TRUE(Ok(StartOn(b)));
  std::string newer = kApproval;
  newer.replace(newer.find("outcome: done"), 13, "outcome: newer");
  DeployOn(a, newer);
  const model::CaseId id = Ok(StartOn(b))->case_id;
  EXPECT_EQ(Stored(id).campaign, a.catalog.List().back().digest);
}

TEST_F(NodesTest, TheSecondOfTwoAtOnceIsDecidedOnWhatTheFirstLeft) {
  DeployOn(a, kApproval);
  const model::CaseId id = Ok(StartOn(a))->case_id;
  const model::Ordinal task = TaskOn(a, "head", id);
  b.storage.BeforeNextCommit(
      [&] { ASSERT_TRUE(Ok(DecideOn(a, "head", id, task, "approved", "first"))); });
  EXPECT_EQ(Why(DecideOn(b, "head", id, task, "rejected", "second")), Reason::kAlreadyDecided);
  EXPECT_EQ(Stored(id).revision, 2u);
  EXPECT_FALSE(Stored(id).ended) << "the first was an approval";
}

TEST_F(NodesTest, OneRequestOnBothIsDoneOnce) {
  DeployOn(a, kApproval);
  const model::CaseId id = Ok(StartOn(a))->case_id;
  const model::Ordinal task = TaskOn(a, "head", id);
  b.storage.BeforeNextCommit(
      [&] { ASSERT_TRUE(Ok(DecideOn(a, "head", id, task, "approved", "same"))); });
  const Reply reply = DecideOn(b, "head", id, task, "approved", "same");
  ASSERT_TRUE(Ok(reply));
  EXPECT_TRUE(Ok(reply)->repeated);
  EXPECT_EQ(Stored(id).revision, 2u);
}

constexpr const char* kTimed = R"(
workflow: approval
campaign: test
title: 计时
start: {by: [{person: clerk}]}
states:
  waiting:
    task: {title: 等, for: {person: clerk}, notify: false}
    after: [{within: 1 hour, do: [{log: "'one'"}]}]
    on: {submitted: done}
  done: {final: true}
)";

constexpr const char* kParent = R"yaml(
workflow: approval
campaign: test
title: 行动
start: {by: [{person: clerk}]}
states:
  running:
    entry: [{start: {workflow: check, as: checks, for_each: "enterprises('')", data: {enterprise: item}}}]
    always: [{when: "children.checks.total > 0 && children.checks.open == 0", to: done}]
  done: {final: true, outcome: gathered}
)yaml";

constexpr const char* kChild = R"(
workflow: check
title: 检查
data: {enterprise: {type: enterprise, required: true, title: 企业}}
states:
  checking:
    task: {title: 自查, for: {field: enterprise}, notify: false}
    on: {submitted: passed}
  passed: {final: true}
)";

// Both see the same timer due at once: it fires once, whoever commits it.
TEST_F(NodesTest, ATimerThatBothSeeFiresOnce) {
  DeployOn(a, kTimed);
  std::vector<model::CaseId> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(Ok(StartOn(i % 2 ? a : b))->case_id);
  clock.Set(At("2022-05-16T10:00:01+08:00"));
  a.engine.Wake();
  b.engine.Wake();
  a.engine.Settle();
  b.engine.Settle();
  for (const model::CaseId id : ids) {
    EXPECT_EQ(Stored(id).revision, 2u) << id.ToString();
  }
}

// Messages between cases are seen by both; each is carried out once.
TEST_F(NodesTest, ChildrenAreStartedAndReportOnce) {
  DeployOn(a, kParent, kChild);
  for (int round = 0; round < 10; ++round) {
    Node& starter = round % 2 ? a : b;
    Node& other = round % 2 ? b : a;
    const model::CaseId parent = Ok(StartOn(starter))->case_id;
    starter.engine.Settle();
    other.engine.Settle();
    ports::CaseQuery of_parent;
    of_parent.parent = parent;
    const auto children = storage->ListCases(of_parent);
    ASSERT_EQ(children->size(), 2u);
    for (const auto& child : *children) {
      const model::CaseId id = child.case_id;
      ASSERT_TRUE(
          Ok(DecideOn(other, "clerk", id, TaskOn(other, "clerk", id), "submitted", NewRequest())));
    }
    other.engine.Settle();
    starter.engine.Settle();
    EXPECT_EQ(Stored(parent).outcome, "gathered");
    EXPECT_EQ(Stored(parent).revision, 3u) << "one step for the start, one for each child";
  }
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, clock.Now(), 10)->empty());
  EXPECT_TRUE(storage->DeadOutbox({}, 10)->empty());
}

TEST_F(NodesTest, TheNodesGiveDifferentIds) {
  DeployOn(a, kApproval);
  std::set<model::CaseId> ids;
  for (int i = 0; i < 200; ++i) ids.insert(Ok(StartOn(i % 2 ? a : b))->case_id);
  EXPECT_EQ(ids.size(), 200u);
  for (const model::CaseId id : ids) {
    const std::uint64_t node = (id.value >> 16) & (ports::kMaxNodes - 1);
    EXPECT_TRUE(node == 1 || node == 2);
  }
}

}  // namespace
}  // namespace duban::engine
