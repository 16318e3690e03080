#include "services/duband/config.h"

#include <boost/property_tree/ini_parser.hpp>
#include <boost/property_tree/ptree.hpp>

#include <charconv>
#include <functional>
#include <map>
#include <set>

#include "core/definition/diagnostic.h"

namespace duban::duband {
namespace {

using boost::property_tree::ptree;
namespace fs = std::filesystem;

class Reader {
 public:
  Reader(fs::path file, Config& config) : file_(std::move(file)), config_(config) {}

  std::vector<model::Text> Read(const ptree& tree) {
    Declare();
    for (const auto& [section, keys] : tree) {
      if (keys.empty() && !keys.data().empty()) {
        Wrong("", section, "这个键不在任何节中，请把它放到 [server] 等节之下",
              "this key is in no section; put it below [server] or another one");
      } else if (section == "storage") {
        config_.storage = ReadPlugin("storage", "storage", keys);
      } else if (section.starts_with("notifier.")) {
        config_.notifiers.push_back(ReadPlugin(section, section.substr(9), keys));
      } else {
        ReadSection(section, keys);
      }
    }
    CheckWhole();
    return std::move(problems_);
  }

 private:
  using Setter = std::function<void(const std::string& key, const std::string& value)>;

  void Declare() {
    auto& server = known_["server"];
    server["listen"] = [this](auto&, auto& v) { config_.listen = v; };
    server["tls_certificate"] = Path(config_.tls_certificate);
    server["tls_key"] = Path(config_.tls_key);
    server["tls_client_ca"] = Path(config_.tls_client_ca);
    server["tokens"] = Path(config_.tokens);
    server["max_message_bytes"] =
        Number("server", config_.max_message_bytes, kMinMessageBytes, kMaxMessageBytes);
    known_["backup"]["directory"] = Path(config_.backups);
    known_["metrics"]["listen"] = [this](auto&, auto& v) { config_.metrics = v; };
    known_["directory"]["organisation"] = Path(config_.organisation);
    known_["directory"]["calendar"] = Path(config_.calendar);
    for (const char* name : kNotifyKeys) {
      known_["notify"][name] = [this](auto& key, auto& value) {
        if (auto wrong = SetNotify(config_.notify, key, value))
          Wrong("notify", key, std::move(wrong->zh), std::move(wrong->en));
      };
    }
    known_["plugins"]["directory"] = Path(config_.plugins);
    known_["engine"]["queue"] = Number("engine", config_.limits.queue, 1, 1'000'000);
    known_["engine"]["max_wait_ms"] = [this](auto& key, auto& value) {
      std::int64_t millis = 0;
      Number("engine", millis, 10, 600'000)(key, value);
      if (millis > 0) config_.limits.max_wait = std::chrono::milliseconds(millis);
    };
    known_["engine"]["batch"] = Number("engine", config_.limits.batch, 1, 10'000);
    known_["log"]["file"] = Path(config_.log_file);
    known_["log"]["level"] = [this](auto& key, auto& value) {
      if (const auto level = ParseLevel(value)) {
        config_.log_level = *level;
      } else {
        Wrong("log", key, "应为 debug、info、warning 或 error",
              "it must be debug, info, warning or error");
      }
    };
  }

  Setter Path(fs::path& target) {
    return [this, &target](auto&, auto& value) { target = Absolute(value); };
  }

  template <class T>
  Setter Number(std::string section, T& target, std::int64_t min, std::int64_t max) {
    return [this, section, &target, min, max](auto& key, auto& value) {
      std::int64_t number = 0;
      const char* end = value.data() + value.size();
      const auto [stop, error] = std::from_chars(value.data(), end, number);
      if (error != std::errc() || stop != end || number < min || number > max) {
        Wrong(section, key, fmt::format("应为 {} 到 {} 的整数", min, max),
              fmt::format("it must be a whole number from {} to {}", min, max));
      } else {
        target = static_cast<T>(number);
      }
    };
  }

  void ReadSection(const std::string& section, const ptree& keys) {
    const auto known = known_.find(section);
    if (known == known_.end()) {
      std::vector<std::string_view> names{"storage", "notifier.log"};
      for (const auto& [name, unused] : known_) names.push_back(name);
      return Unknown("", "[" + section + "]", definition::Nearest(section, names), names);
    }
    for (const auto& [key, node] : keys) {
      const auto setter = known->second.find(key);
      if (setter != known->second.end()) {
        setter->second(key, node.data());
        continue;
      }
      std::vector<std::string_view> names;
      for (const auto& [name, unused] : known->second) names.push_back(name);
      Unknown(section, key, definition::Nearest(key, names), names);
    }
  }

  // What it may be told is the plugin's affair, except that it finds its files.
  PluginConfig ReadPlugin(const std::string& section, const std::string& name, const ptree& keys) {
    PluginConfig result{name, "", {}};
    for (const auto& [key, node] : keys) {
      const std::string& value = node.data();
      if (key == "plugin") {
        result.plugin = value;
      } else if (key == "path" || key == "file" || key.ends_with("_path") ||
                 key.ends_with("_file")) {
        result.settings[key] = Absolute(value).string();
      } else {
        result.settings[key] = value;
      }
    }
    if (result.plugin.empty() || result.plugin.find('/') != std::string::npos) {
      Wrong(section, "plugin", "请写明插件的名字，例如 plugin = sqlite 或 plugin = log",
            "name the plugin, for example plugin = sqlite or plugin = log");
    }
    return result;
  }

  void CheckWhole() {
    if (config_.storage.name.empty()) {
      Wrong("storage", "plugin", "缺少 [storage] 节，例如 plugin = sqlite 和 path = duban.db",
            "the section [storage] is missing; for example plugin = sqlite and path = duban.db");
    }
    if (config_.organisation.empty()) {
      Wrong("directory", "organisation", "请指明 organisation.yaml 的位置",
            "say where organisation.yaml is");
    }
    CheckServer();
    std::set<std::string> names;
    for (const auto& notifier : config_.notifiers) names.insert(notifier.name);
    for (const auto& [key, name] : UnknownChannels(config_.notify, names)) {
      Wrong("notify", key,
            fmt::format("没有名为 {} 的通知渠道，请加上 [notifier.{}] 节", name, name),
            fmt::format("there is no notifier `{}`; add a section [notifier.{}]", name, name));
    }
  }

  void CheckServer() {
    if (!config_.listen.starts_with("unix:") && !HasPort(config_.listen)) {
      Wrong("server", "listen", "应为 地址:端口，例如 127.0.0.1:7400",
            "it must be address:port, for example 127.0.0.1:7400");
    }
    if (!config_.metrics.empty() && (!HasPort(config_.metrics) || !IsLocal(config_.metrics))) {
      Wrong("metrics", "listen",
            "应为本机的 地址:端口，例如 127.0.0.1:9464：指标既不加密也不验证身份",
            "it must be address:port of this machine, for example 127.0.0.1:9464: metrics are "
            "neither encrypted nor protected");
    }
    if (config_.tls_certificate.empty() != config_.tls_key.empty()) {
      Wrong("server", "tls_certificate", "tls_certificate 和 tls_key 必须同时给出",
            "tls_certificate and tls_key belong together; give both");
    }
    if (!config_.tls_client_ca.empty() && !config_.tls()) {
      Wrong("server", "tls_client_ca", "只有在给出 tls_certificate 和 tls_key 时才能校验客户端证书",
            "clients can be checked only with tls_certificate and tls_key");
    }
    if (!config_.tls() && !IsLocal(config_.listen)) {
      Wrong(
          "server", "listen",
          fmt::format("{} 可从别的机器访问，必须启用 TLS：请设置 tls_certificate 和 tls_key，"
                      "或改为 127.0.0.1",
                      config_.listen),
          fmt::format("{} can be reached from other machines, which needs TLS: set tls_certificate "
                      "and tls_key, or listen on 127.0.0.1",
                      config_.listen));
    }
    if (config_.tokens.empty() && config_.tls_client_ca.empty()) {
      Wrong("server", "tokens", "没有任何人能够登录：请设置 tokens（令牌文件）或 tls_client_ca",
            "nobody could sign in: set tokens, the file of bearer tokens, or tls_client_ca");
    }
  }

  static bool HasPort(const std::string& listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos || colon == 0) return false;
    std::uint16_t port = 0;
    const char* end = listen.data() + listen.size();
    const auto [stop, error] = std::from_chars(listen.data() + colon + 1, end, port);
    return error == std::errc() && stop == end;
  }

  fs::path Absolute(const std::string& path) const {
    if (path.empty()) return {};
    return (file_.parent_path() / path).lexically_normal();
  }

  void Wrong(const std::string& section, const std::string& key, std::string_view zh,
             std::string_view en) {
    const std::string at = section.empty()
                               ? file_.string() + ": " + key
                               : fmt::format("{}: [{}] {}", file_.string(), section, key);
    problems_.emplace_back(fmt::format("{}：{}", at, zh), fmt::format("{}: {}", at, en));
  }

  void Unknown(const std::string& section, const std::string& key, std::string_view nearest,
               const std::vector<std::string_view>& names) {
    if (!nearest.empty()) {
      return Wrong(section, key, fmt::format("没有这个名字，是否想写 {}？", nearest),
                   fmt::format("unknown; did you mean {}?", nearest));
    }
    const std::string all = fmt::format("{}", fmt::join(names, ", "));
    Wrong(section, key, "没有这个名字，可用的有 " + all, "unknown; known are " + all);
  }

  const fs::path file_;
  Config& config_;
  std::map<std::string, std::map<std::string, Setter, std::less<>>, std::less<>> known_;
  std::vector<model::Text> problems_;
};

}  // namespace

bool IsLocal(const std::string& listen) {
  if (listen.starts_with("unix:")) return true;
  const std::string host = listen.substr(0, listen.rfind(':'));
  const bool number = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (number && host.starts_with("127."));
}

std::expected<Config, std::vector<model::Text>> ReadConfig(const fs::path& file,
                                                           const fs::path& plugins) {
  ptree tree;
  try {
    boost::property_tree::read_ini(file.string(), tree);
  } catch (const boost::property_tree::ini_parser_error& e) {
    const std::string name = file.string();
    if (e.line() == 0) {
      return std::unexpected(std::vector{
          model::Text(fmt::format("无法读取配置文件 {}，请检查 --config", name),
                      fmt::format("the configuration {} cannot be read; check --config", name))});
    }
    return std::unexpected(std::vector{model::Text(
        fmt::format("{}:{}：不是 INI 格式（{}）；应为 [节]、键 = 值 或以 ; 开头的注释", name,
                    e.line(), e.message()),
        fmt::format("{}:{}: not INI ({}); a line is [section], key = value, or a comment after ;",
                    name, e.line(), e.message()))});
  }
  Config config;
  config.plugins = plugins;
  auto problems = Reader(fs::absolute(file), config).Read(tree);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return config;
}

}  // namespace duban::duband
