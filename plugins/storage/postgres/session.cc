#include "plugins/storage/postgres/session.h"

#include <fmt/format.h>
#include <poll.h>

#include <optional>

namespace duban::storage_postgres {
namespace {

constexpr std::chrono::seconds kBeyondStatement{5};
constexpr int kBinary = 1;

std::string Trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string Field(const PGresult* result, int field) {
  const char* value = PQresultErrorField(result, field);
  return value == nullptr ? "" : value;
}

// "canceling wait for synchronous replication": committed here, perhaps not there.
void OnNotice(void* warned, const PGresult* result) {
  const std::string state = Field(result, PG_DIAG_SQLSTATE);
  if (Field(result, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING" && state == "01000")
    *static_cast<bool*>(warned) = true;
}

std::string NameOf(const char* sql) { return fmt::format("d{}", static_cast<const void*>(sql)); }

PGconn* Connect(const Options& options) {
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : options.connection) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectdbParams(keys.data(), values.data(), 0);
}

}  // namespace

Session::Session(const Options& options)
    : connection_(Connect(options), &PQfinish),
      patience_(options.statement_timeout + kBeyondStatement) {
  PGconn* c = connection_.get();
  if (PQstatus(c) != CONNECTION_OK) {
    throw PgError(Trimmed(PQerrorMessage(c)), "", true);
  }
  PQsetNoticeReceiver(c, OnNotice, &warned_);
  // A session that acknowledges before it is durable would break the promise; stronger is welcome.
  Execute(
      fmt::format("SET search_path = \"{0}\"; SET statement_timeout = {1}; SET lock_timeout = {1}; "
                  "SET idle_in_transaction_session_timeout = {2}; "
                  "SET client_min_messages = warning; "
                  "SET default_transaction_isolation = 'read committed'; "
                  "SELECT set_config('synchronous_commit', 'on', false) "
                  "WHERE current_setting('synchronous_commit') IN ('off', 'local')",
                  options.schema, options.statement_timeout.count(), options.lease.count()));
}

void Session::Lost(const std::string& why) const { throw PgError(why, "", true); }

void Session::Execute(const std::string& sql) {
  if (PQpipelineStatus(connection_.get()) != PQ_PIPELINE_OFF &&
      (PQexitPipelineMode(connection_.get()) != 1 || PQsetnonblocking(connection_.get(), 0) != 0))
    Lost(Trimmed(PQerrorMessage(connection_.get())));
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  throw PgError(Trimmed(PQerrorMessage(connection_.get())), Field(result.get(), PG_DIAG_SQLSTATE),
                PQstatus(connection_.get()) != CONNECTION_OK);
}

bool Session::Alive() {
  PGconn* c = connection_.get();
  while (PQstatus(c) == CONNECTION_OK) {
    pollfd descriptor{PQsocket(c), POLLIN, 0};
    if (descriptor.fd < 0) return false;
    if (poll(&descriptor, 1, 0) <= 0) return true;
    // Nothing is expected now: it is a notice, or the last words of the server and then the end.
    if (PQconsumeInput(c) == 0) return false;
    static_cast<void>(PQisBusy(c));  // takes note of what came
  }
  return false;
}

PGresult* Session::Next(Deadline deadline) {
  PGconn* c = connection_.get();
  for (;;) {
    const int unsent = PQflush(c);
    if (PQisBusy(c) == 0) return PQgetResult(c);
    if (unsent < 0) Lost(Trimmed(PQerrorMessage(c)));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd descriptor{PQsocket(c), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    if (left.count() <= 0 || descriptor.fd < 0) Lost("the server does not answer");
    if (poll(&descriptor, 1, static_cast<int>(left.count())) == 0)
      Lost("the server does not answer");
    if ((descriptor.revents & ~POLLOUT) != 0 && PQconsumeInput(c) == 0)
      Lost(Trimmed(PQerrorMessage(c)));
  }
}

void Session::Send(const std::vector<Call>& calls) {
  PGconn* c = connection_.get();
  std::set<const char*> preparing;
  for (const Call& call : calls) {
    const std::string name = NameOf(call.sql);
    if (!prepared_.contains(call.sql) && preparing.insert(call.sql).second &&
        PQsendPrepare(c, name.c_str(), call.sql, 0, nullptr) != 1)
      Lost(Trimmed(PQerrorMessage(c)));
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (std::size_t i = 0; i < call.parameters.size(); ++i) {
      values.push_back(call.parameters.value(i));
      lengths.push_back(static_cast<int>(call.parameters.length(i)));
    }
    const std::vector<int> formats(values.size(), kBinary);
    if (PQsendQueryPrepared(c, name.c_str(), static_cast<int>(values.size()), values.data(),
                            lengths.data(), formats.data(), kBinary) != 1)
      Lost(Trimmed(PQerrorMessage(c)));
  }
  if (PQpipelineSync(c) != 1) Lost(Trimmed(PQerrorMessage(c)));
}

std::vector<Rows> Session::Run(const std::vector<Call>& calls) {
  PGconn* c = connection_.get();
  const Deadline deadline = std::chrono::steady_clock::now() + patience_;
  warned_ = false;
  if (PQpipelineStatus(c) == PQ_PIPELINE_OFF &&
      (PQsetnonblocking(c, 1) != 0 || PQenterPipelineMode(c) != 1))
    Lost(Trimmed(PQerrorMessage(c)));
  const std::set<const char*> known = prepared_;
  Send(calls);
  std::vector<Rows> results;
  std::optional<PgError> failed;
  const auto take = [&](std::size_t index) {
    PGresult* result = Next(deadline);
    Rows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!good && !failed) {
      failed.emplace(Trimmed(PQresultErrorMessage(result)), Field(result, PG_DIAG_SQLSTATE),
                     PQstatus(c) != CONNECTION_OK);
      failed->detail = Field(result, PG_DIAG_MESSAGE_DETAIL);
      failed->call = index;
    }
    if (PQstatus(c) != CONNECTION_OK) {
      failed->lost = true;
      throw *failed;
    }
    if (PGresult* end = Next(deadline)) PQclear(end);
    return std::pair(std::move(rows), good);
  };
  std::set<const char*> seen = known;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (seen.insert(calls[i].sql).second && take(i).second) prepared_.insert(calls[i].sql);
    results.push_back(std::move(take(i).first));
  }
  Rows sync(Next(deadline));
  if (PQstatus(c) != CONNECTION_OK) {
    if (failed) failed->lost = true;
    throw failed.value_or(PgError(Trimmed(PQerrorMessage(c)), "", true));
  }
  if (!failed) return results;
  try {
    if (PQtransactionStatus(c) != PQTRANS_IDLE) Run("ROLLBACK");
  } catch (const PgError&) {
    failed->lost = true;
  }
  throw *failed;
}

Rows Session::Run(const char* sql, Parameters parameters) {
  std::vector<Call> calls;
  calls.push_back({sql, std::move(parameters)});
  return std::move(Run(calls).front());
}

}  // namespace duban::storage_postgres
