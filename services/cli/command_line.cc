#include "services/cli/command_line.h"

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace duban::cli {
namespace {

constexpr std::string_view kDefaultServer = "127.0.0.1:7400";

std::string Environment(const char* name, std::string_view otherwise = "") {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::string(otherwise) : value;
}

void DescribeConnection(CLI::App& app, Invocation& i) {
  const auto say = [&](std::string_view zh, std::string_view en) { return i.terminal.Say(zh, en); };
  const std::string group = say("连接", "Connection");
  ConnectionOptions& c = i.connection;
  app.add_option("--server", c.server,
                 say("服务器地址：$DUBAN_SERVER，否则 127.0.0.1:7400；本机为明文，其他为 TLS",
                     "address: $DUBAN_SERVER, else 127.0.0.1:7400; plaintext on this machine, TLS "
                     "elsewhere"))
      ->type_name("HOST:PORT")
      ->group(group);
  app.add_option("--token", c.token,
                 say("令牌；最好用 --token-file", "bearer token; --token-file is safer"))
      ->type_name("TOKEN")
      ->group(group);
  app.add_option(
         "--token-file", c.token_file,
         say("令牌文件：$DUBAN_TOKEN_FILE", "its first line is the token: $DUBAN_TOKEN_FILE"))
      ->type_name("FILE")
      ->group(group);
  app.add_option("--ca", c.ca, say("信任的根证书 (PEM)", "root certificates to trust (PEM)"))
      ->type_name("FILE")
      ->group(group);
  auto* certificate =
      app.add_option("--cert", c.certificate, say("客户端证书 (PEM)", "client certificate (PEM)"));
  auto* key = app.add_option("--key", c.key, say("客户端私钥 (PEM)", "its private key (PEM)"));
  certificate->type_name("FILE")->group(group)->needs(key);
  key->type_name("FILE")->group(group)->needs(certificate);
  app.add_option("--timeout", c.timeout_seconds,
                 say("等待答复的秒数（默认 30）", "seconds to wait for an answer (default 30)"))
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 86400.0).description(""))
      ->group(group);
  app.add_option("--request-id", c.request_id,
                 say("写操作的编号：相同编号不会办两次（默认随机）",
                     "of a write: the same id is never done twice (default: random)"))
      ->type_name("ID")
      ->group(group);
}

void DescribeOutput(CLI::App& app, Invocation& i) {
  const auto say = [&](std::string_view zh, std::string_view en) { return i.terminal.Say(zh, en); };
  const std::string group = say("输出", "Output");
  app.add_option("-o,--output", i.output,
                 say("table 给人看，json 给程序", "table for people, json for programs"))
      ->check(CLI::IsMember({"table", "json"}))
      ->group(group);
  app.add_option("--language", i.terminal.language,
                 say("zh 或 en（默认按 $LANG）", "zh or en (default: by $LANG)"))
      ->check(CLI::IsMember({"zh", "en"}))
      ->group(group);
  app.add_option("--time-zone", i.terminal.time_zone,
                 say("显示时间用的时区：$DUBAN_TIME_ZONE，否则 Asia/Shanghai",
                     "zone of the times shown: $DUBAN_TIME_ZONE, else Asia/Shanghai"))
      ->type_name("ZONE")
      ->group(group);
}

void DescribeItself(CLI::App& app, Invocation& i) {
  CLI::App* completion = AddVerb(app, i.terminal, "completion",
                                 {"打印 shell 的补全脚本", "Print a completion script for a shell"},
                                 "  source <(duban completion bash)\n"
                                 "  duban completion zsh > ~/.zfunc/_duban\n");
  completion->add_option("SHELL", i.name, "bash, zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->type_name("");
  completion->callback([&app, &i] {
    i.verb = [&app, &i](const Context&) -> Outcome {
      std::cout << CompletionScript(app, i.name);
      return {};
    };
  });
  AddVerb(app, i.terminal, "version", {"打印版本", "Print the version"}, "  duban version\n")
      ->callback([&i] {
        i.verb = [](const Context& context) -> Outcome {
          std::cout << (context.terminal.json ? "{\"version\":\"" DUBAN_VERSION "\"}\n"
                                              : "duban " DUBAN_VERSION "\n");
          return {};
        };
      });
}

}  // namespace

std::string EarlyLanguage(int argc, const char* const* argv) {
  std::string language = LanguageOfEnvironment();
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    std::string_view value;
    if (word == "--language" && i + 1 < argc) value = argv[i + 1];
    if (word.starts_with("--language="))
      value = word.substr(std::string_view("--language=").size());
    if (value == "zh" || value == "en") language = value;
  }
  return language;
}

CLI::App* AddVerb(CLI::App& app, const Terminal& terminal, const std::string& name,
                  const model::Text& description, const std::string& examples) {
  CLI::App* verb = app.add_subcommand(name, terminal.In(description));
  verb->fallthrough();
  verb->footer(terminal.Say("例：\n", "Examples:\n") + examples);
  return verb;
}

void Describe(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  app.description(t.Say("督办：把事情一直办到底的流程与审批引擎。duban 是它的命令行。",
                        "Duban sees matters through to their end. This is its command line."));
  app.footer(
      t.Say("退出码：0 成功；1 引擎拒绝，或定义有错误；2 用法不对；3 "
            "连不上服务器，或凭据不被接受；4 意外\n例：\n",
            "Exit codes: 0 done; 1 refused by the engine, or a definition has errors; 2 wrong "
            "usage; 3 cannot "
            "reach the server, or it does not accept the credentials; 4 unexpected\nExamples:\n") +
      "  duban lint workflows/safety-inspection-2022\n"
      "  duban tasks\n"
      "  duban decide 0F1K2M3N4P5Q6-3 approved --opinion 同意\n"
      "  duban VERB --help\n");
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", t.Say("打印帮助并退出", "Print this help and exit"));
  app.get_formatter()->column_width(36);
  if (t.language == "zh") {
    app.get_formatter()->label("OPTIONS", "选项");
    app.get_formatter()->label("SUBCOMMANDS", "动词");
    app.get_formatter()->label("SUBCOMMAND", "动词");
    app.get_formatter()->label("Usage", "用法");
    app.get_formatter()->label("Positionals", "参数");
    app.get_formatter()->label("Options", "选项");
    app.get_formatter()->label("Subcommands", "动词");
    app.get_formatter()->label("REQUIRED", "必填");
  }
  DescribeConnection(app, i);
  DescribeOutput(app, i);
  DescribeOffline(app, i);
  DescribePlay(app, i);
  DescribeCases(app, i);
  DescribeOperations(app, i);
  DescribeOperators(app, i);
  DescribeItself(app, i);
}

void TakeEnvironment(Invocation& i) {
  ConnectionOptions& c = i.connection;
  if (c.server.empty()) c.server = Environment("DUBAN_SERVER", kDefaultServer);
  if (c.token.empty() && c.token_file.empty()) {
    c.token = Environment("DUBAN_TOKEN");
    if (c.token.empty()) c.token_file = Environment("DUBAN_TOKEN_FILE");
  }
  if (i.terminal.time_zone.empty())
    i.terminal.time_zone = Environment("DUBAN_TIME_ZONE", "Asia/Shanghai");
}

}  // namespace duban::cli
