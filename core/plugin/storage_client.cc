// A storage behind the boundary.
#include <fmt/format.h>

#include <type_traits>

#include "core/model/codec.h"
#include "core/plugin/host.h"
#include "core/plugin/library.h"
#include "core/plugin/operations.h"

namespace duban::plugin {
namespace {

using ports::StorageError;
using ports::StorageResult;
using Code = StorageError::Code;

class StorageClient final : public ports::Storage {
 public:
  explicit StorageClient(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}

  StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    return Call<ports::CommitResult>(StorageCall::kCommit, batch);
  }
  StorageResult<std::optional<ports::CaseRow>> LoadCase(model::CaseId id) override {
    return Call<std::optional<ports::CaseRow>>(StorageCall::kLoadCase, CaseKey{id});
  }
  StorageResult<std::vector<ports::CaseRow>> ListCases(const ports::CaseQuery& query) override {
    return Call<std::vector<ports::CaseRow>>(StorageCall::kListCases, query);
  }
  StorageResult<std::optional<ports::RequestRow>> FindRequest(
      const std::string& request_id) override {
    return Call<std::optional<ports::RequestRow>>(StorageCall::kFindRequest, NameKey{request_id});
  }
  StorageResult<std::optional<ports::TaskRow>> LoadTask(model::TaskId id) override {
    return Call<std::optional<ports::TaskRow>>(StorageCall::kLoadTask, TaskKey{id});
  }
  StorageResult<std::vector<ports::TaskRow>> ListTasks(const ports::TaskQuery& query) override {
    return Call<std::vector<ports::TaskRow>>(StorageCall::kListTasks, query);
  }
  StorageResult<std::vector<ports::JournalRow>> ReadJournal(model::CaseId id, model::Revision after,
                                                            std::uint32_t limit) override {
    return Call<std::vector<ports::JournalRow>>(StorageCall::kReadJournal,
                                                JournalQuery{id, after, limit});
  }
  StorageResult<std::vector<ports::JournalRow>> ReadChanges(std::uint64_t after,
                                                            std::uint32_t limit) override {
    return Call<std::vector<ports::JournalRow>>(StorageCall::kReadChanges,
                                                ChangesQuery{after, limit});
  }
  StorageResult<std::uint64_t> LastChange() override {
    return Call<std::uint64_t>(StorageCall::kLastChange);
  }
  StorageResult<std::vector<ports::TimerRow>> DueTimers(model::Timestamp until,
                                                        std::uint32_t limit) override {
    return Call<std::vector<ports::TimerRow>>(StorageCall::kDueTimers, DueQuery{until, limit});
  }
  StorageResult<std::optional<model::Timestamp>> NextTimer() override {
    return Call<std::optional<model::Timestamp>>(StorageCall::kNextTimer);
  }
  StorageResult<std::vector<ports::OutboxRow>> PendingOutbox(ports::OutboxKind kind,
                                                             model::Timestamp until,
                                                             std::uint32_t limit) override {
    return Call<std::vector<ports::OutboxRow>>(StorageCall::kPendingOutbox,
                                               OutboxQuery{kind, until, limit});
  }
  StorageResult<std::vector<ports::OutboxRow>> PeekOutbox(ports::OutboxKind kind,
                                                          ports::OutboxKey after,
                                                          std::uint32_t limit) override {
    auto rows = Call<std::vector<ports::OutboxRow>>(StorageCall::kPeekOutbox,
                                                    PeekQuery{kind, limit, after});
    if (rows) {
      // A plugin that does not know `after` gives the first page again.
      if (!rows->empty() && ports::KeyOf(rows->front()) <= after)
        return std::unexpected(TooOld(StorageCall::kPeekOutbox));
    } else if (rows.error().code == Code::kIncompatible && after == ports::OutboxKey{}) {
      return PendingOutbox(kind, ports::kForever, limit);
    }
    return rows;
  }
  StorageResult<std::vector<ports::OutboxRow>> DeadOutbox(ports::OutboxKey after,
                                                          std::uint32_t limit) override {
    return Call<std::vector<ports::OutboxRow>>(StorageCall::kDeadOutbox, DeadQuery{after, limit});
  }
  StorageResult<std::uint64_t> LastCaseId() override {
    return Call<std::uint64_t>(StorageCall::kLastCaseId);
  }
  StorageResult<void> SaveCampaign(const ports::CampaignRow& row) override {
    return Call<void>(StorageCall::kSaveCampaign, row);
  }
  StorageResult<std::vector<ports::CampaignRow>> ListCampaigns() override {
    return Call<std::vector<ports::CampaignRow>>(StorageCall::kListCampaigns);
  }
  StorageResult<std::optional<ports::CampaignRow>> LoadCampaign(
      const std::string& digest) override {
    return Call<std::optional<ports::CampaignRow>>(StorageCall::kLoadCampaign, NameKey{digest});
  }
  StorageResult<void> Backup(const std::string& path) override {
    return Call<void>(StorageCall::kBackup, NameKey{path});
  }
  StorageResult<ports::Membership> Join() override {
    auto joined = Call<ports::Membership>(StorageCall::kJoin);
    if (!joined && joined.error().code == Code::kIncompatible) return ports::Membership{};
    return joined;
  }
  StorageResult<ports::Found> Prefetch(const ports::Lookup& lookup) override {
    return Call<ports::Found>(StorageCall::kPrefetch, lookup);
  }

 private:
  template <class T>
  StorageResult<T> Call(StorageCall call) {
    return Ask<T>(call, {});
  }
  template <class T, class Request>
  StorageResult<T> Call(StorageCall call, const Request& request) {
    return Ask<T>(call, model::Encode(request));
  }

  template <class T>
  StorageResult<T> Ask(StorageCall call, std::string_view request) {
    const Instance::Reply reply = instance_->Call(static_cast<std::uint32_t>(call), request);
    try {
      if (reply.status == DUBAN_OK) {
        if constexpr (std::is_void_v<T>) {
          return {};
        } else {
          return model::Decode<T>(reply.bytes);
        }
      }
      if (reply.status == DUBAN_UNKNOWN_CALL) return std::unexpected(TooOld(call));
      return std::unexpected(model::Decode<StorageError>(reply.bytes));
    } catch (const model::CodecError& e) {
      return std::unexpected(Unreadable(call, e.what()));
    }
  }

  StorageError TooOld(StorageCall call) const {
    const auto number = static_cast<std::uint32_t>(call);
    return {Code::kIncompatible,
            Bilingual(fmt::format("插件 {} 版本过旧，不支持操作 {}；请更新插件", instance_->name(),
                                  number),
                      fmt::format("plugin {} is too old for operation {}; install a newer one",
                                  instance_->name(), number)),
            {}};
  }

  StorageError Unreadable(StorageCall call, std::string_view why) const {
    const bool writes = call == StorageCall::kCommit || call == StorageCall::kSaveCampaign;
    return {writes ? Code::kUnknown : Code::kCorrupt,
            Bilingual(
                fmt::format("插件 {} 的应答无法解读：{}", instance_->name(), why),
                fmt::format("the answer of plugin {} cannot be read: {}", instance_->name(), why)),
            {}};
  }

  std::unique_ptr<Instance> instance_;
};

}  // namespace

std::expected<std::unique_ptr<ports::Storage>, model::Text> LoadStorage(
    const std::filesystem::path& path, const Settings& settings) {
  auto instance = Instance::Load(path, "storage", settings);
  if (!instance) return std::unexpected(std::move(instance.error()));
  return std::make_unique<StorageClient>(std::move(*instance));
}

}  // namespace duban::plugin
