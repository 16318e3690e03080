// A storage in one SQLite file.
//
// Settings: path (required; the directory must exist), synchronous (full, normal or off; only full
// keeps what was acknowledged through a power cut). Backup copies to a path on the server's own
// file system.
#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "core/model/codec.h"
#include "core/plugin/sdk.h"
#include "plugins/storage/sqlite/backup.h"
#include "plugins/storage/sqlite/checkpointer.h"
#include "plugins/storage/sqlite/file.h"
#include "plugins/storage/sqlite/reader.h"
#include "plugins/storage/sqlite/writer.h"

namespace duban::storage_sqlite {
namespace {

using namespace ports;
using Code = StorageError::Code;
using plugin::Bilingual;

struct Options {
  std::string path;
  std::string synchronous;
};

Options ReadOptions(const plugin::Settings& settings) {
  plugin::SettingsReader reader(settings);
  const std::string path = reader.Required("path");
  Options options{std::filesystem::weakly_canonical(path).string(),
                  reader.OneOf("synchronous", {"full", "normal", "off"})};
  reader.Finish();
  return options;
}

StorageError Translate(const SqliteError& e, const std::string& path) {
  std::string detail = e.what();
  if (e.system != 0) detail += fmt::format(" ({})", std::strerror(e.system));
  const auto error = [&](Code code, std::string_view zh, std::string_view en) {
    return StorageError{code,
                        Bilingual(fmt::format("{}：{}：{}", path, zh, detail),
                                  fmt::format("{}: {}: {}", path, en, detail)),
                        {}};
  };
  switch (e.code & 0xff) {
    case SQLITE_FULL:
      return error(Code::kUnavailable, "磁盘已满，未写入任何内容；请腾出空间",
                   "the disk is full and nothing was written; free some space");
    case SQLITE_READONLY:
      return error(Code::kUnavailable, "数据库只读，未写入任何内容；请检查文件和目录的权限",
                   "the database is read-only and nothing was written; see the rights of file and "
                   "directory");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(Code::kUnavailable, "数据库被其他程序占用，请稍后重试",
                   "the database is locked by another program; try again later");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return error(
          Code::kCorrupt, "数据库已损坏，未改动任何内容；请停止服务并恢复备份",
          "the database is damaged and nothing was changed; stop the server and restore a backup");
    case SQLITE_CONSTRAINT:
      return error(Code::kInvalid, "同一行写了两次", "a row that is inserted exists already");
    case SQLITE_TOOBIG:
      return error(Code::kInvalid, "数据过大", "a row is too large");
    default:
      return error(Code::kUnavailable, "数据库无法读写，未写入任何内容；请检查磁盘",
                   "the database cannot be read or written, and nothing was written; see the disk");
  }
}

class SqliteStorage final : public Storage {
 public:
  explicit SqliteStorage(const plugin::Settings& settings)
      : options_(ReadOptions(settings)), lock_(options_.path) {
    RefuseForeignFile(options_.path);
    try {
      if (!std::filesystem::exists(options_.path)) CreatePrivately(options_.path);
      writer_.emplace(options_.path, options_.synchronous, indexes_);
      checkpointer_.emplace(options_.path, *writer_);
    } catch (const SqliteError& e) {
      throw std::invalid_argument(Translate(e, options_.path).message);
    }
    SyncDirectoryOf(options_.path);
  }

  StorageResult<CommitResult> Commit(const Batch& batch) override {
    try {
      return Guard([&] { return writer_->Commit(batch); });
    } catch (const Writer::Conflict& c) {
      return std::unexpected(
          StorageError{Code::kConflict,
                       c.case_id ? Bilingual("事项已被别人修改", "the case was changed meanwhile")
                                 : Bilingual("请求已有答复", "the request was answered meanwhile"),
                       c.case_id});
    }
  }
  StorageResult<void> SaveCampaign(const CampaignRow& row) override {
    return Guard([&] { writer_->SaveCampaign(row); });
  }
  StorageResult<void> Backup(const std::string& path) override {
    return Guard([&] { storage_sqlite::Backup(readers_.Borrow()->connection(), path); });
  }

  StorageResult<std::optional<CaseRow>> LoadCase(model::CaseId id) override {
    return Guard([&] { return readers_.Borrow()->LoadCase(id); });
  }
  StorageResult<std::vector<CaseRow>> ListCases(const CaseQuery& query) override {
    return Guard([&] { return readers_.Borrow()->ListCases(query); });
  }
  StorageResult<std::optional<RequestRow>> FindRequest(const std::string& request_id) override {
    return Guard([&] { return readers_.Borrow()->FindRequest(request_id); });
  }
  StorageResult<std::optional<TaskRow>> LoadTask(model::TaskId id) override {
    return Guard([&] { return readers_.Borrow()->LoadTask(id); });
  }
  StorageResult<std::vector<TaskRow>> ListTasks(const TaskQuery& query) override {
    return Guard([&] { return readers_.Borrow()->ListTasks(query); });
  }
  StorageResult<std::vector<JournalRow>> ReadJournal(model::CaseId id, model::Revision after,
                                                     std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->ReadJournal(id, after, limit); });
  }
  StorageResult<std::vector<JournalRow>> ReadChanges(std::uint64_t after,
                                                     std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->ReadChanges(after, limit); });
  }
  StorageResult<std::uint64_t> LastChange() override {
    return Guard([&] { return readers_.Borrow()->LastChange(); });
  }
  StorageResult<std::vector<TimerRow>> DueTimers(model::Timestamp until,
                                                 std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->DueTimers(until, limit); });
  }
  StorageResult<std::optional<model::Timestamp>> NextTimer() override {
    return Guard([&] { return readers_.Borrow()->NextTimer(); });
  }
  StorageResult<std::vector<OutboxRow>> PendingOutbox(OutboxKind kind, model::Timestamp until,
                                                      std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->PendingOutbox(kind, until, limit); });
  }
  StorageResult<std::vector<OutboxRow>> PeekOutbox(OutboxKind kind, OutboxKey after,
                                                   std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->PeekOutbox(kind, after, limit); });
  }
  StorageResult<std::vector<OutboxRow>> DeadOutbox(OutboxKey after, std::uint32_t limit) override {
    return Guard([&] { return readers_.Borrow()->DeadOutbox(after, limit); });
  }
  StorageResult<std::uint64_t> LastCaseId() override {
    return Guard([&] { return readers_.Borrow()->LastCaseId(); });
  }
  StorageResult<std::vector<CampaignRow>> ListCampaigns() override {
    return Guard([&] { return readers_.Borrow()->ListCampaigns(); });
  }
  StorageResult<std::optional<CampaignRow>> LoadCampaign(const std::string& digest) override {
    return Guard([&] { return readers_.Borrow()->LoadCampaign(digest); });
  }

 private:
  template <class Body>
  auto Guard(Body body) -> StorageResult<decltype(body())> {
    try {
      if constexpr (std::is_void_v<decltype(body())>) {
        body();
        return {};
      } else {
        return body();
      }
    } catch (const Writer::Unknown& e) {
      StorageError error = Translate(e, options_.path);
      error.code = Code::kUnknown;
      return std::unexpected(std::move(error));
    } catch (const SqliteError& e) {
      return std::unexpected(Translate(e, options_.path));
    } catch (const model::CodecError& e) {
      return std::unexpected(Translate(SqliteError(SQLITE_CORRUPT, 0, e.what()), options_.path));
    } catch (const std::invalid_argument& e) {
      return std::unexpected(StorageError{Code::kInvalid, e.what(), {}});
    }
  }

  const Options options_;
  FileLock lock_;
  Indexes indexes_;
  std::optional<Writer> writer_;
  ReaderPool readers_{options_.path, indexes_};
  std::optional<Checkpointer> checkpointer_;
};

}  // namespace
}  // namespace duban::storage_sqlite

DUBAN_STORAGE(duban::storage_sqlite::SqliteStorage, "sqlite", "1.0")
