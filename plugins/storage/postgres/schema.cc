#include "plugins/storage/postgres/schema.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace duban::storage_postgres {
namespace {

using plugin::Bilingual;

// One migration at a time, over all databases of the server that have this key.
constexpr const char* kLock = "SELECT pg_advisory_lock(4713551262)";
constexpr const char* kUnlock = "SELECT pg_advisory_unlock(4713551262)";

// Times are nanoseconds since 1970; case ids have their upper bit turned over (binary.h). Texts
// that come from outside are bytea: they may hold what the type text does not. Every key of a
// case's rows begins with the case id.
constexpr const char* kMigrations[] = {
    R"sql(
CREATE FUNCTION refuse(case_id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'duban: another node was first' USING ERRCODE = 'DU001', DETAIL = case_id::text;
END $$;

CREATE TABLE cases (
  case_id bigint PRIMARY KEY, revision bigint NOT NULL, campaign text NOT NULL, workflow text NOT NULL,
  parent bigint, ended boolean NOT NULL, outcome bytea NOT NULL, summary bytea NOT NULL, body bytea NOT NULL)
  WITH (fillfactor = 70);
CREATE INDEX cases_by_workflow ON cases (workflow, case_id);
CREATE INDEX cases_open ON cases (workflow, case_id) WHERE NOT ended;
CREATE INDEX cases_by_parent ON cases (parent, case_id) WHERE parent IS NOT NULL;

CREATE TABLE journal (
  case_id bigint NOT NULL, revision bigint NOT NULL, change bigint NOT NULL, body bytea NOT NULL,
  PRIMARY KEY (case_id, revision));
CREATE INDEX journal_by_change ON journal (change);

CREATE TABLE tasks (
  case_id bigint NOT NULL, ordinal bigint NOT NULL, open boolean NOT NULL, due bigint, candidates bytea NOT NULL,
  body bytea NOT NULL, PRIMARY KEY (case_id, ordinal)) WITH (fillfactor = 80);
CREATE TABLE inbox (
  case_id bigint NOT NULL, ordinal bigint NOT NULL, person bytea NOT NULL, PRIMARY KEY (case_id, ordinal, person));
CREATE INDEX inbox_by_person ON inbox (person, case_id, ordinal);

CREATE TABLE timers (
  case_id bigint NOT NULL, ordinal bigint NOT NULL, part bigint NOT NULL, due bigint NOT NULL,
  PRIMARY KEY (case_id, ordinal));
CREATE INDEX timers_by_due ON timers (part, due, case_id, ordinal);

CREATE TABLE outbox (
  case_id bigint NOT NULL, ordinal bigint NOT NULL, kind bigint NOT NULL, part bigint NOT NULL, dead boolean NOT NULL,
  attempts bigint NOT NULL, next_attempt bigint NOT NULL, last_error bytea NOT NULL, body bytea NOT NULL,
  PRIMARY KEY (case_id, ordinal));
CREATE INDEX outbox_pending ON outbox (kind, case_id, ordinal) WHERE NOT dead;
CREATE INDEX outbox_dead ON outbox (case_id, ordinal) WHERE dead;

CREATE TABLE requests (
  request_id bytea PRIMARY KEY, fingerprint bytea NOT NULL, at bigint NOT NULL, reply bytea NOT NULL);

CREATE TABLE campaigns (
  digest bytea PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, name bytea NOT NULL,
  deployed_at bigint NOT NULL, deployed_by bytea NOT NULL, files bytea NOT NULL);

CREATE TABLE changes (id bigint PRIMARY KEY, last bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO changes VALUES (1, 0);

CREATE SEQUENCE node_numbers;
CREATE TABLE nodes (
  node bigint PRIMARY KEY, holder bytea NOT NULL UNIQUE, until timestamptz NOT NULL);
CREATE TABLE parts (part bigint PRIMARY KEY, node bigint);
INSERT INTO parts SELECT part, NULL FROM generate_series(0, 63) AS part;
)sql",
    // A page of cases costs what is on it: the few open among all that ever ended.
    R"sql(
DROP INDEX cases_open;
DROP INDEX cases_by_workflow;
CREATE INDEX cases_by_workflow ON cases (workflow, ended, case_id);
CREATE INDEX cases_by_end ON cases (ended, case_id);
)sql",
};

constexpr std::int64_t kVersion = std::size(kMigrations);

[[noreturn]] void Refuse(const std::string& zh, const std::string& en) {
  throw std::invalid_argument(Bilingual(zh, en));
}

std::string OneText(Session& session, const char* sql, std::string_view parameter) {
  Parameters parameters;
  parameters << parameter;
  const Rows rows = session.Run(sql, std::move(parameters));
  return rows.size() == 0 || rows.IsNull(0, 0) ? "" : rows.Text(0, 0);
}

// 0: there is no schema yet.
std::int64_t StoredVersion(Session& session, const Options& options) {
  const std::string exists = OneText(
      session, "SELECT nspname::text FROM pg_namespace WHERE nspname = $1::text", options.schema);
  if (exists.empty()) return 0;
  const std::string comment = OneText(
      session, "SELECT obj_description(to_regnamespace($1::text), 'pg_namespace')", options.schema);
  constexpr std::string_view kMark = "duban schema version ";
  std::int64_t version = 0;
  if (comment.starts_with(kMark)) {
    const char* end = comment.data() + comment.size();
    std::from_chars(comment.data() + kMark.size(), end, version);
  }
  const std::string tables =
      OneText(session,
              "SELECT relname::text FROM pg_class WHERE relnamespace = to_regnamespace($1::text) "
              "LIMIT 1",
              options.schema);
  if (version == 0 && !tables.empty()) {
    Refuse(
        fmt::format("{} 的 schema {} 属于别的程序；请改设置 schema", options.where, options.schema),
        fmt::format("{}: the schema {} belongs to another program; change the setting schema",
                    options.where, options.schema));
  }
  if (version > kVersion) {
    Refuse(
        fmt::format("{} 的 schema {} 由更新的版本建立（结构版本 {}，本程序支持到 {}）；请升级程序，"
                    "数据未被改动",
                    options.where, options.schema, version, kVersion),
        fmt::format("{}: the schema {} was made by a newer release (schema version {}, this "
                    "program knows up to {}); upgrade the program; nothing was touched",
                    options.where, options.schema, version, kVersion));
  }
  return version;
}

void Upgrade(Session& session, const Options& options) {
  const std::int64_t stored = StoredVersion(session, options);
  if (stored == kVersion) return;
  std::string sql = fmt::format(
      "BEGIN; CREATE SCHEMA IF NOT EXISTS \"{0}\"; SET LOCAL search_path = "
      "\"{0}\"; SET LOCAL statement_timeout = 0;",
      options.schema);
  for (std::int64_t next = stored; next < kVersion; ++next) sql += kMigrations[next];
  sql += fmt::format("COMMENT ON SCHEMA \"{}\" IS 'duban schema version {}'; COMMIT",
                     options.schema, kVersion);
  try {
    session.Execute(sql);
  } catch (const PgError&) {
    session.Execute("ROLLBACK");
    throw;
  }
}

}  // namespace

void Migrate(Session& session, const Options& options) {
  const std::string encoding =
      OneText(session, "SELECT current_setting('server_encoding') || left($1::text, 0)", "");
  if (encoding != "UTF8") {
    Refuse(fmt::format("{} 的编码是 {}；请用 CREATE DATABASE … ENCODING 'UTF8' 建库", options.where,
                       encoding),
           fmt::format("{} is in {}; create the database with ENCODING 'UTF8'", options.where,
                       encoding));
  }
  session.Execute(kLock);
  try {
    Upgrade(session, options);
  } catch (const std::invalid_argument&) {
    session.Execute(kUnlock);
    throw;
  }
  session.Execute(kUnlock);
}

}  // namespace duban::storage_postgres
