#include "plugins/storage/sqlite/schema.h"

#include <fmt/format.h>

#include <iterator>
#include <stdexcept>

namespace duban::storage_sqlite {
namespace {

// Times are nanoseconds since 1970; case ids have their upper bit turned over (connection.h);
// bodies and candidates are in the stored form of core/model/codec.h. `outbox` holds what is
// pending, `outbox_dead` what an operator has to look at, so that neither is in the other's way.
constexpr const char* kMigrations[] = {
    R"sql(
CREATE TABLE cases (
  case_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, campaign TEXT NOT NULL, workflow TEXT NOT NULL,
  parent INTEGER, ended INTEGER NOT NULL, outcome TEXT NOT NULL, summary BLOB, body BLOB);
CREATE INDEX cases_by_workflow ON cases (workflow);
CREATE INDEX cases_open ON cases (workflow) WHERE ended = 0;
CREATE INDEX cases_by_parent ON cases (parent) WHERE parent IS NOT NULL;

CREATE TABLE journal (
  case_id INTEGER NOT NULL, revision INTEGER NOT NULL, change INTEGER NOT NULL, body BLOB,
  PRIMARY KEY (case_id, revision)) WITHOUT ROWID;
CREATE UNIQUE INDEX journal_by_change ON journal (change);

CREATE TABLE tasks (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, open INTEGER NOT NULL, due INTEGER, candidates BLOB,
  body BLOB, PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;
CREATE TABLE inbox (
  person TEXT NOT NULL, case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  PRIMARY KEY (person, case_id, ordinal)) WITHOUT ROWID;

CREATE TABLE timers (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, due INTEGER NOT NULL,
  PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;
CREATE INDEX timers_by_due ON timers (due);

CREATE TABLE outbox (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, kind INTEGER NOT NULL, attempts INTEGER NOT NULL,
  next_attempt INTEGER NOT NULL, last_error TEXT NOT NULL, body BLOB,
  PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;
CREATE TABLE outbox_dead (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, kind INTEGER NOT NULL, attempts INTEGER NOT NULL,
  next_attempt INTEGER NOT NULL, last_error TEXT NOT NULL, body BLOB,
  PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;

CREATE TABLE requests (
  request_id TEXT PRIMARY KEY, fingerprint BLOB, at INTEGER NOT NULL, reply BLOB) WITHOUT ROWID;

CREATE TABLE campaigns (
  number INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL, deployed_at INTEGER NOT NULL,
  deployed_by TEXT NOT NULL, files BLOB);
)sql",
    // A page of cases or messages costs what is on it, whatever else there is: the few open among
    // all that ever ended, an alarm among the digests that wait for the morning.
    R"sql(
DROP INDEX cases_open;
DROP INDEX cases_by_workflow;
CREATE INDEX cases_by_workflow ON cases (workflow, ended);
CREATE INDEX cases_by_end ON cases (ended);
CREATE INDEX outbox_by_kind ON outbox (kind, case_id, ordinal, next_attempt);
)sql",
    // The journal grows at its end, whichever cases its steps are of, and an index of small entries
    // is what has a place for each case: a row that goes in between others splits its page each few
    // times, and rewrites its neighbours.
    R"sql(
ALTER TABLE journal RENAME TO journal_by_key;
CREATE TABLE journal (
  change INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, revision INTEGER NOT NULL, body BLOB);
INSERT INTO journal SELECT change, case_id, revision, body FROM journal_by_key ORDER BY change;
DROP TABLE journal_by_key;
CREATE UNIQUE INDEX journal_by_case ON journal (case_id, revision);
)sql",
    // Answered requests and closed tasks grow at their ends too, and the indexes of all three are
    // written late (buffered_index.h): what they have no key of yet are the rows behind
    // `indexed.through`. `tasks` holds what is open.
    R"sql(
CREATE TABLE indexed (name TEXT PRIMARY KEY, through INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE journal_index (
  case_id INTEGER NOT NULL, revision INTEGER NOT NULL, change INTEGER NOT NULL,
  PRIMARY KEY (case_id, revision)) WITHOUT ROWID;
INSERT INTO journal_index SELECT case_id, revision, change FROM journal INDEXED BY journal_by_case
  ORDER BY case_id, revision;
INSERT INTO indexed SELECT 'journal', ifnull(max(change), 0) FROM journal;
DROP INDEX journal_by_case;

ALTER TABLE tasks RENAME TO tasks_by_key;
CREATE TABLE tasks (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, due INTEGER, candidates BLOB, body BLOB,
  PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;
INSERT INTO tasks SELECT case_id, ordinal, due, candidates, body FROM tasks_by_key WHERE open
  ORDER BY case_id, ordinal;
CREATE TABLE closed_tasks (
  number INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, due INTEGER, candidates BLOB,
  body BLOB);
INSERT INTO closed_tasks (case_id, ordinal, due, candidates, body)
  SELECT case_id, ordinal, due, candidates, body FROM tasks_by_key WHERE NOT open ORDER BY case_id, ordinal;
CREATE TABLE closed_tasks_index (
  case_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (case_id, ordinal, number)) WITHOUT ROWID;
INSERT INTO closed_tasks_index SELECT case_id, ordinal, number FROM closed_tasks ORDER BY number;
INSERT INTO indexed SELECT 'closed_tasks', ifnull(max(number), 0) FROM closed_tasks;
DROP TABLE tasks_by_key;

ALTER TABLE requests RENAME TO requests_by_id;
CREATE TABLE requests (
  number INTEGER PRIMARY KEY, request_id TEXT NOT NULL, fingerprint BLOB, at INTEGER NOT NULL, reply BLOB);
INSERT INTO requests (request_id, fingerprint, at, reply)
  SELECT request_id, fingerprint, at, reply FROM requests_by_id ORDER BY request_id;
CREATE TABLE requests_index (
  hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hash, number)) WITHOUT ROWID;
INSERT INTO requests_index SELECT request_hash(request_id), number FROM requests ORDER BY 1, 2;
INSERT INTO indexed SELECT 'requests', ifnull(max(number), 0) FROM requests;
DROP TABLE requests_by_id;
)sql",
};

}  // namespace

std::uint32_t SchemaVersion() { return std::size(kMigrations); }

void RefuseForeignVersion(const std::string& path, std::uint32_t application_id,
                          std::uint32_t version) {
  if (application_id != kApplicationId) {
    throw std::invalid_argument(plugin::Bilingual(
        fmt::format("{} 是别的程序的数据库，不是督办的；请检查 path", path),
        fmt::format("{} is a database of another program, not of Duban; check the setting path",
                    path)));
  }
  if (version > SchemaVersion()) {
    throw std::invalid_argument(plugin::Bilingual(
        fmt::format("{} 由更新的版本建立（结构版本 {}，本程序支持到 {}）；请升级程序，文件未被改动",
                    path, version, SchemaVersion()),
        fmt::format("{} was made by a newer release (schema version {}, this program knows up to "
                    "{}); upgrade "
                    "the program; the file was not touched",
                    path, version, SchemaVersion())));
  }
}

void Migrate(Connection& connection, const std::string& path) {
  const auto version = static_cast<std::uint32_t>(connection.Integer("PRAGMA user_version"));
  const auto application = static_cast<std::uint32_t>(connection.Integer("PRAGMA application_id"));
  const bool is_new = version == 0 && application == 0 &&
                      connection.Integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_new) RefuseForeignVersion(path, application, version);
  if (version < SchemaVersion()) {
    connection.Execute("BEGIN IMMEDIATE");
    for (std::uint32_t next = version; next < SchemaVersion(); ++next)
      connection.Execute(kMigrations[next]);
    connection.Execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};",
                                   kApplicationId, SchemaVersion())
                           .c_str());
    connection.Execute("COMMIT");
  }
  connection.Execute("PRAGMA journal_mode = WAL");
}

}  // namespace duban::storage_sqlite
