// whoami, clock, dead-letters, backup, restore, doctor.
#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

void AddPlugins(CLI::App& verb, const Terminal& t, std::string& plugins) {
  verb.add_option(
          "--plugins", plugins,
          t.Say("插件目录（默认按安装位置）", "where the plugins are (default: as installed)"))
      ->type_name("DIR");
}

void DescribeUpkeep(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* backup =
      AddVerb(app, t, "backup",
              {"在服务器的备份目录中备份，不停机（管理员）",
               "Back up into the server's backup directory while it runs (administrators)"},
              "  duban backup\n  duban backup before-upgrade.db\n");
  backup
      ->add_option("NAME", i.name,
                   t.Say("文件名，不能已存在（默认按时间）",
                         "of the file, which must not exist (default: by the time)"))
      ->type_name("");
  backup->callback([&i] { i.verb = [&i](const Context& c) { return Backup(c, i.name); }; });

  CLI::App* restore =
      AddVerb(app, t, "restore",
              {"检查一份备份并放到数据库的位置（先停止服务器）",
               "Check a backup and put it in the database's place (stop the server first)"},
              "  duban restore backups/before-upgrade.db /var/lib/duban/duban.db --force\n");
  restore->add_option("BACKUP", i.restore.backup, t.Say("备份文件", "the backup"))
      ->required()
      ->type_name("");
  restore
      ->add_option("DATABASE", i.restore.database,
                   t.Say("[storage] path 所指的文件", "the file that [storage] path names"))
      ->required()
      ->type_name("");
  restore->add_flag(
      "--force", i.restore.force,
      t.Say("已有的数据库改名保留在旁边", "keep a database that is there under another name"));
  AddPlugins(*restore, t, i.restore.plugins);
  restore->callback([&i] { i.verb = [&i](const Context& c) { return Restore(c, i.restore); }; });

  CLI::App* doctor = AddVerb(
      app, t, "doctor",
      {"检查服务器（管理员），或没有服务器在用的数据库；有问题时退出码为 1",
       "Examine a server (administrators), or a database that no server uses; exit code 1 when "
       "something is to be seen to"},
      "  duban doctor\n  duban doctor --timeout 600 --output json\n"
      "  duban doctor --database backups/before-upgrade.db\n");
  doctor
      ->add_option("--database", i.doctor.database,
                   t.Say("检查这个文件，不连服务器", "examine this file, without a server"))
      ->type_name("FILE");
  AddPlugins(*doctor, t, i.doctor.plugins);
  doctor->callback([&i] { i.verb = [&i](const Context& c) { return Doctor(c, i.doctor); }; });
}

}  // namespace

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

  DescribeUpkeep(app, i);
}

}  // namespace duban::cli
