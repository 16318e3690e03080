// A storage that fails as storages do, in front of one that does not.
#pragma once

#include <functional>
#include <vector>

#include "core/ports/storage.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/trace.h"

namespace duban::simulation {

// The nodes that share a disk.
struct Fleet {
  std::vector<bool> alive;
  std::uint64_t generation = 0;  // grows when a node comes or goes
  // Which node does what a case needs of its own accord: the living take turns by the case's id.
  bool IsOf(model::CaseId id, std::size_t node) const;
};

class FaultyStorage final : public ports::Storage {
 public:
  FaultyStorage(ports::Storage& below, const Fleet& fleet, std::size_t node, Random& random,
                VirtualClock& clock, const Faults& faults, Trace& trace)
      : below_(below),
        fleet_(fleet),
        node_(node),
        random_(random),
        clock_(clock),
        faults_(faults),
        trace_(trace) {}

  // Lets another node go ahead, in the middle of what this one does. Never called in between two
  // reads of one client.
  std::function<void()> let_another_go;

  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override;
  ports::StorageResult<ports::Found> Prefetch(const ports::Lookup& lookup) override {
    Overtaken();
    return Storage::Prefetch(lookup);
  }
  ports::StorageResult<std::optional<ports::CaseRow>> LoadCase(model::CaseId id) override {
    return Read([&] { return below_.LoadCase(id); });
  }
  ports::StorageResult<std::vector<ports::CaseRow>> ListCases(const ports::CaseQuery& q) override {
    return Read([&] { return below_.ListCases(q); });
  }
  ports::StorageResult<std::optional<ports::RequestRow>> FindRequest(
      const std::string& id) override {
    return Read([&] { return below_.FindRequest(id); });
  }
  ports::StorageResult<std::optional<ports::TaskRow>> LoadTask(model::TaskId id) override {
    return Read([&] { return below_.LoadTask(id); });
  }
  ports::StorageResult<std::vector<ports::TaskRow>> ListTasks(const ports::TaskQuery& q) override {
    return Read([&] { return below_.ListTasks(q); });
  }
  ports::StorageResult<std::vector<ports::JournalRow>> ReadJournal(model::CaseId id,
                                                                   model::Revision after,
                                                                   std::uint32_t limit) override {
    return Read([&] { return below_.ReadJournal(id, after, limit); });
  }
  ports::StorageResult<std::vector<ports::JournalRow>> ReadChanges(std::uint64_t after,
                                                                   std::uint32_t limit) override {
    return Read([&] { return below_.ReadChanges(after, limit); });
  }
  ports::StorageResult<std::uint64_t> LastChange() override {
    return Read([&] { return below_.LastChange(); });
  }
  ports::StorageResult<std::vector<ports::TimerRow>> DueTimers(model::Timestamp until,
                                                               std::uint32_t limit) override {
    return Read([&] { return Share(below_.DueTimers(until, All(limit)), limit, IsWrong()); });
  }
  ports::StorageResult<std::optional<model::Timestamp>> NextTimer() override {
    if (fleet_.alive.size() <= 1) return Read([&] { return below_.NextTimer(); });
    const auto mine = DueTimers({model::Timestamp::kMaxSeconds, 0}, 1);
    if (!mine) return std::unexpected(mine.error());
    return mine->empty() ? std::optional<model::Timestamp>() : mine->front().due;
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> PendingOutbox(ports::OutboxKind kind,
                                                                    model::Timestamp until,
                                                                    std::uint32_t limit) override {
    // What is being delivered is held by whoever delivers it, whatever the shares.
    const bool wrong = kind == ports::OutboxKind::kCommand && IsWrong();
    return Read([&] { return Share(below_.PendingOutbox(kind, until, All(limit)), limit, wrong); });
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> PeekOutbox(ports::OutboxKind kind,
                                                                 ports::OutboxKey after,
                                                                 std::uint32_t limit) override {
    return Read([&] { return below_.PeekOutbox(kind, after, limit); });
  }
  ports::StorageResult<std::vector<ports::OutboxRow>> DeadOutbox(ports::OutboxKey after,
                                                                 std::uint32_t limit) override {
    return Read([&] { return below_.DeadOutbox(after, limit); });
  }
  ports::StorageResult<std::uint64_t> LastCaseId() override {
    return Read([&] { return below_.LastCaseId(); });
  }
  ports::StorageResult<void> SaveCampaign(const ports::CampaignRow& row) override {
    return below_.SaveCampaign(row);
  }
  ports::StorageResult<std::vector<ports::CampaignRow>> ListCampaigns() override {
    return Read([&] { return below_.ListCampaigns(); });
  }
  ports::StorageResult<std::optional<ports::CampaignRow>> LoadCampaign(
      const std::string& digest) override {
    return Read([&] { return below_.LoadCampaign(digest); });
  }
  ports::StorageResult<ports::Membership> Join() override {
    return ports::Membership{fleet_.alive.size() > 1, static_cast<std::uint32_t>(node_),
                             fleet_.generation};
  }
  ports::StorageResult<void> Backup(const std::string& path) override {
    return below_.Backup(path);
  }

 private:
  using Code = ports::StorageError::Code;

  std::unexpected<ports::StorageError> Fail(Code code, const char* message);
  void Dawdle();
  void Overtaken();
  bool IsWrong() { return fleet_.alive.size() > 1 && random_.Happens(faults_.share_wrong); }
  std::uint32_t All(std::uint32_t limit) const {
    return fleet_.alive.size() > 1 ? ~std::uint32_t{0} : limit;
  }
  template <class Row>
  ports::StorageResult<std::vector<Row>> Share(ports::StorageResult<std::vector<Row>> rows,
                                               std::uint32_t limit, bool wrong) const {
    if (!rows || fleet_.alive.size() <= 1) return rows;
    std::erase_if(*rows, [&](const Row& row) { return fleet_.IsOf(row.case_id, node_) == wrong; });
    if (rows->size() > limit) rows->resize(limit);
    return rows;
  }
  template <class Body>
  auto Read(Body body) -> decltype(body()) {
    if (random_.Happens(faults_.read_dies)) throw Crash{"while reading"};
    Dawdle();
    if (random_.Happens(faults_.read_fails)) return Fail(Code::kUnavailable, "a read failed");
    return body();
  }

  ports::Storage& below_;
  const Fleet& fleet_;
  const std::size_t node_;
  Random& random_;
  VirtualClock& clock_;
  const Faults& faults_;
  Trace& trace_;
  std::chrono::nanoseconds full_until_{};
};

}  // namespace duban::simulation
