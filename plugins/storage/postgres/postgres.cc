// A storage in a PostgreSQL database, which several nodes may share.
//
// Settings: connection (required; a libpq connection string without the password), password_file or
// password_env, schema (duban), readers (8 connections at most), statement_timeout_ms (10000),
// lease_ms (5000; a node that has not been heard of for so long loses its timers and messages to
// the others). Backups are PostgreSQL's own affair.
#include <fmt/format.h>

#include "core/model/codec.h"
#include "core/plugin/sdk.h"
#include "plugins/storage/postgres/lease.h"
#include "plugins/storage/postgres/reader.h"
#include "plugins/storage/postgres/schema.h"
#include "plugins/storage/postgres/writer.h"

namespace duban::storage_postgres {
namespace {

using namespace ports;
using Code = StorageError::Code;
using plugin::Bilingual;

struct Saying {
  Code code;
  const char* zh;
  const char* en;
};

Saying SayingOf(const PgError& e) {
  const std::string& state = e.sqlstate;
  if (state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "25006") {
    return {
        Code::kUnavailable, "连不上可写的数据库，未写入任何内容；请检查数据库，恢复后会自动重连",
        "no writable database can be reached, and nothing was written; see to the database, the "
        "connection comes back by itself"};
  }
  if (state.starts_with("53")) {
    return {Code::kUnavailable, "数据库资源不足（磁盘、内存或连接数），未写入任何内容",
            "the database is short of disk, memory or connections, and nothing was written"};
  }
  if (state == "57014" || state == "55P03") {
    return {Code::kUnavailable, "数据库超时，未写入任何内容；请看它的负载和锁",
            "the database took too long, and nothing was written; look at its load and its locks"};
  }
  if (state == "42501" || state.starts_with("28")) {
    return {Code::kUnavailable, "数据库用户无权限；请检查用户、密码和 schema 的权限",
            "the database user lacks the right; check user, password and rights on the schema"};
  }
  if (state.starts_with("XX")) {
    return {Code::kCorrupt, "数据库报告数据已损坏，未改动任何内容；请恢复备份",
            "the database reports damage and nothing was changed; restore a backup"};
  }
  if (state.starts_with("42") || state.starts_with("3F")) {
    return {Code::kIncompatible, "数据库的表不是本程序所建；请检查 schema",
            "the tables are not those of this program; check the schema"};
  }
  if (state.starts_with("23"))
    return {Code::kInvalid, "同一行写了两次", "a row that is inserted exists already"};
  if (state.starts_with("22") || state == "54000")
    return {Code::kInvalid, "有的值数据库存不下", "the database cannot hold a value"};
  return {Code::kUnavailable, "数据库出错，未写入任何内容",
          "the database failed, and nothing was written"};
}

StorageError Translate(const PgError& e, const Options& options) {
  const Saying saying = SayingOf(e);
  // PostgreSQL's own words name hosts, users and tables, never a password and never a value of ours
  // (those are in its DETAIL, which is left out).
  return {saying.code,
          Bilingual(fmt::format("{}：{}：{}", options.where, saying.zh, e.what()),
                    fmt::format("{}: {}: {}", options.where, saying.en, e.what())),
          {}};
}

// Throws std::invalid_argument: what the server says when it cannot start.
Options Prepare(const plugin::Settings& settings) {
  Options options = ReadOptions(settings);
  try {
    Session session(options);
    Migrate(session, options);
  } catch (const PgError& e) {
    throw std::invalid_argument(Translate(e, options).message);
  }
  return options;
}

class PostgresStorage final : public Storage {
 public:
  explicit PostgresStorage(const plugin::Settings& settings) : options_(Prepare(settings)) {}

  StorageResult<CommitResult> Commit(const Batch& batch) override {
    try {
      return writer_.Commit(batch);
    } catch (const Writer::Conflict& c) {
      return std::unexpected(StorageError{
          Code::kConflict, Bilingual("另一个节点先一步写入", "another node was first"), c.case_id});
    } catch (const Writer::Unknown& e) {
      return std::unexpected(StorageError{
          Code::kUnknown,
          Bilingual(fmt::format("{}：提交时连接中断，不知是否已写入：{}", options_.where, e.what()),
                    fmt::format("{}: the connection was lost during the commit, whose fate is not "
                                "known: {}",
                                options_.where, e.what())),
          {}});
    } catch (const PgError& e) {
      return std::unexpected(Translate(e, options_));
    }
  }
  StorageResult<void> SaveCampaign(const CampaignRow& row) override {
    return Guard([&] { writer_.SaveCampaign(row); });
  }
  StorageResult<Membership> Join() override { return lease_.membership(); }
  StorageResult<Found> Prefetch(const Lookup& lookup) override {
    return Guard([&] { return reader_.Prefetch(lookup); });
  }
  StorageResult<void> Backup(const std::string&) override {
    return std::unexpected(StorageError{
        Code::kInvalid,
        Bilingual(
            "PostgreSQL 的备份请用它自己的工具：pg_dump（一个时刻的副本）或 pg_basebackup "
            "加 WAL 归档（任意时刻）；见 docs/operations.md",
            "a PostgreSQL database is backed up with its own tools: pg_dump for a copy of one "
            "moment, pg_basebackup and WAL archiving for any moment; see docs/operations.md"),
        {}});
  }

  StorageResult<std::optional<CaseRow>> LoadCase(model::CaseId id) override {
    return Guard([&] { return reader_.LoadCase(id); });
  }
  StorageResult<std::vector<CaseRow>> ListCases(const CaseQuery& query) override {
    return Guard([&] { return reader_.ListCases(query); });
  }
  StorageResult<std::optional<RequestRow>> FindRequest(const std::string& request_id) override {
    return Guard([&] { return reader_.FindRequest(request_id); });
  }
  StorageResult<std::optional<TaskRow>> LoadTask(model::TaskId id) override {
    return Guard([&] { return reader_.LoadTask(id); });
  }
  StorageResult<std::vector<TaskRow>> ListTasks(const TaskQuery& query) override {
    return Guard([&] { return reader_.ListTasks(query); });
  }
  StorageResult<std::vector<JournalRow>> ReadJournal(model::CaseId id, model::Revision after,
                                                     std::uint32_t limit) override {
    return Guard([&] { return reader_.ReadJournal(id, after, limit); });
  }
  StorageResult<std::vector<JournalRow>> ReadChanges(std::uint64_t after,
                                                     std::uint32_t limit) override {
    return Guard([&] { return reader_.ReadChanges(after, limit); });
  }
  StorageResult<std::uint64_t> LastChange() override {
    return Guard([&] { return reader_.LastChange(); });
  }
  StorageResult<std::vector<TimerRow>> DueTimers(model::Timestamp until,
                                                 std::uint32_t limit) override {
    return Guard([&] { return reader_.DueTimers(lease_.parts(), until, limit); });
  }
  StorageResult<std::optional<model::Timestamp>> NextTimer() override {
    return Guard([&] { return reader_.NextTimer(lease_.parts()); });
  }
  StorageResult<std::vector<OutboxRow>> PendingOutbox(OutboxKind kind, model::Timestamp until,
                                                      std::uint32_t limit) override {
    if (kind != OutboxKind::kCommand) lease_.NextPage();
    return Guard([&] { return reader_.PendingOutbox(lease_.parts(), kind, until, limit); });
  }
  StorageResult<std::vector<OutboxRow>> PeekOutbox(OutboxKind kind, OutboxKey after,
                                                   std::uint32_t limit) override {
    return Guard([&] { return reader_.PeekOutbox(kind, after, limit); });
  }
  StorageResult<std::vector<OutboxRow>> DeadOutbox(OutboxKey after, std::uint32_t limit) override {
    return Guard([&] { return reader_.DeadOutbox(after, limit); });
  }
  StorageResult<std::uint64_t> LastCaseId() override {
    return Guard([&] { return reader_.LastCaseId(); });
  }
  StorageResult<std::vector<CampaignRow>> ListCampaigns() override {
    return Guard([&] { return reader_.ListCampaigns(); });
  }
  StorageResult<std::optional<CampaignRow>> LoadCampaign(const std::string& digest) override {
    return Guard([&] { return reader_.LoadCampaign(digest); });
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
    } catch (const PgError& e) {
      return std::unexpected(Translate(e, options_));
    } catch (const model::CodecError& e) {
      return std::unexpected(StorageError{
          Code::kCorrupt,
          Bilingual(fmt::format("{}：存储的数据已损坏：{}", options_.where, e.what()),
                    fmt::format("{}: the stored data is damaged: {}", options_.where, e.what())),
          {}});
    }
  }

  const Options options_;
  Writer writer_{options_};
  Reader reader_{options_};
  Lease lease_{options_};
};

}  // namespace
}  // namespace duban::storage_postgres

DUBAN_STORAGE(duban::storage_postgres::PostgresStorage, "postgres", "1.0")
