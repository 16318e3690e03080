// whoami, clock, dead-letters, backup.
#include "services/cli/command_line.h"

namespace duban::cli {

void DescribeOperators(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  AddVerb(app, t, "whoami", {"服务器认为我是谁", "Who the server takes me for"}, "  duban whoami\n")
      ->callback([&i] { i.verb = WhoAmI; });

  CLI::App* clock =
      AddVerb(app, t, "clock",
              {"服务器的时间；拨快虚拟时钟（管理员）",
               "The server's time; move a virtual clock on (administrators)"},
              "  duban clock\n  duban clock --advance-to 2022-08-19T09:00:00+08:00\n");
  clock
      ->add_option(
          "--advance-to", i.advance_to,
          t.Say("拨到这一刻，途中的计时依次触发", "to this moment; every clock on the way fires"))
      ->type_name("TIME");
  clock->callback([&i] { i.verb = [&i](const Context& c) { return Clock(c, i.advance_to); }; });

  CLI::App* letters =
      AddVerb(app, t, "dead-letters",
              {"无法送达的消息（管理员）", "Messages that could not be delivered (administrators)"},
              "  duban dead-letters list\n  duban dead-letters retry 0F1K2M3N4P5Q6-12\n");
  letters->require_subcommand(1);
  AddVerb(*letters, t, "list", {"列出", "List them"}, "  duban dead-letters list\n")
      ->callback([&i] { i.verb = ListDeadLetters; });
  CLI::App* retry = AddVerb(*letters, t, "retry", {"重新发送一条", "Try one again"},
                            "  duban dead-letters retry 0F1K2M3N4P5Q6-12\n");
  retry->add_option("ID", i.name, t.Say("编号", "which"))->required()->type_name("");
  retry->callback([&i] { i.verb = [&i](const Context& c) { return RetryDeadLetter(c, i.name); }; });

  CLI::App* backup = AddVerb(
      app, t, "backup",
      {"在服务器上备份，不停机（管理员）", "Back up on the server while it runs (administrators)"},
      "  duban backup /var/backups/duban-2022-08-19.db\n");
  backup
      ->add_option("PATH", i.name,
                   t.Say("服务器上的路径，不能已存在", "a path on the server; must not exist"))
      ->required()
      ->type_name("");
  backup->callback([&i] { i.verb = [&i](const Context& c) { return Backup(c, i.name); }; });
}

}  // namespace duban::cli
