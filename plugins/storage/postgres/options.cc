#include "plugins/storage/postgres/options.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>

namespace duban::storage_postgres {
namespace {

using plugin::Bilingual;

// What is used where the connection string says nothing: writes go to the primary, and a dead
// connection is noticed in seconds.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"target_session_attrs", "read-write"},
    {"application_name", "duban"},
    {"connect_timeout", "2"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
};

std::map<std::string, std::string> Parse(const std::string& text) {
  char* reason = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(text.c_str(), &reason), &PQconninfoFree);
  // libpq's reason may quote a part of the string, and that may be a password.
  PQfreemem(reason);
  if (!options) {
    throw std::invalid_argument(Bilingual(
        "设置 connection 不是 libpq 连接串；例如 host=db1,db2 port=5432,5432 dbname=duban "
        "user=duban，密码放在 password_file",
        "the setting connection is not a libpq connection string; for example host=db1,db2 "
        "port=5432,5432 dbname=duban user=duban, with the password in password_file"));
  }
  std::map<std::string, std::string> found;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) found[option->keyword] = option->val;
  }
  return found;
}

bool IsSchemaName(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= 63 && (name[0] < '0' || name[0] > '9') &&
         !name.starts_with("pg_") && std::ranges::all_of(name, fits);
}

std::string Where(const std::map<std::string, std::string>& values) {
  const auto value = [&](const char* key, const char* fallback) {
    const auto found = values.find(key);
    return found == values.end() ? std::string(fallback) : found->second;
  };
  return fmt::format("PostgreSQL {}:{}/{}", value("host", "localhost"), value("port", "5432"),
                     value("dbname", "duban"));
}

}  // namespace

Options ReadOptions(const plugin::Settings& settings) {
  plugin::SettingsReader reader(settings);
  auto values = Parse(reader.Required("connection"));
  if (values.contains("password")) {
    throw std::invalid_argument(Bilingual(
        "connection 中不能写密码；请放进文件并设置 password_file，或用 password_env 指明环境变量",
        "the connection string must not hold the password; put it into a file and set "
        "password_file, or name an environment variable with password_env"));
  }
  Options options;
  options.where = Where(values);
  for (const auto& [key, value] : kDefaults) values.try_emplace(key, value);
  values["client_encoding"] = "UTF8";
  if (std::string password = reader.Secret("password"); !password.empty())
    values["password"] = std::move(password);
  options.connection.assign(values.begin(), values.end());
  options.schema = reader.Optional("schema", "duban");
  if (!IsSchemaName(options.schema)) {
    throw std::invalid_argument(
        Bilingual("设置 schema 应由小写字母、数字和下划线组成，不以数字或 pg_ 开头",
                  "the setting schema takes lower-case letters, digits and underscores, and does "
                  "not begin with a digit or pg_"));
  }
  options.readers = static_cast<std::size_t>(reader.Integer("readers", 8, 1, 100));
  options.statement_timeout =
      std::chrono::milliseconds(reader.Integer("statement_timeout_ms", 10'000, 100, 600'000));
  options.lease = std::chrono::milliseconds(reader.Integer("lease_ms", 5'000, 1'000, 60'000));
  reader.Finish();
  return options;
}

}  // namespace duban::storage_postgres
