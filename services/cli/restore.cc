// restore: a backup becomes the database of a server that is stopped.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "services/cli/database.h"
#include "services/cli/verbs.h"

namespace duban::cli {
namespace {

constexpr const char* kCompanions[] = {"", "-wal", "-shm"};

std::unexpected<Failure> Refuse(const Terminal& terminal, const model::Text& why) {
  return std::unexpected(Failure{ExitCode::kRefused, terminal.In(why), ""});
}

void SyncDirectory(const fs::path& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
}

// The whole of an old database goes aside, its log included.
std::error_code MoveAside(const fs::path& database, const fs::path& aside) {
  std::error_code failed;
  for (const char* companion : kCompanions) {
    const fs::path from = database.string() + companion;
    if (!fs::exists(from)) continue;
    fs::rename(from, aside.string() + companion, failed);
    if (failed) return failed;
  }
  return failed;
}

}  // namespace

Outcome Restore(const Context& context, const RestoreArguments& arguments) {
  const Terminal& t = context.terminal;
  std::error_code failed;
  const fs::path backup = fs::absolute(arguments.backup);
  const fs::path database = fs::absolute(arguments.database);
  const bool exists = fs::exists(database, failed);
  if (exists && !arguments.force) {
    return Refuse(t, {fmt::format("{} 已存在；加 --force 会把它改名保留在旁边", database.string()),
                      fmt::format("{} exists; with --force it is kept beside under another name",
                                  database.string())});
  }
  if (IsInUse(database)) {
    return Refuse(t, {fmt::format("{} 正被服务器使用，请先停止服务器", database.string()),
                      fmt::format("{} is in use by a server; stop it first", database.string())});
  }
  const auto digest = CheckDigest(backup);
  if (!digest) return Refuse(t, digest.error());
  const fs::path copy = database.string() + ".restoring";
  fs::remove(copy, failed);
  auto checked = CopyDurably(backup, copy);
  if (checked) checked = CheckIntegrity(copy);
  const fs::path plugins = arguments.plugins.empty() ? DefaultPlugins() : fs::path(arguments.plugins);
  if (checked) checked = OpenAsServer(copy, plugins);
  if (!checked) {
    for (const char* companion : kCompanions) fs::remove(copy.string() + companion, failed);
    return Refuse(t, checked.error());
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const fs::path aside = fmt::format("{}.before-restore-{}", database.string(),
                                     std::chrono::duration_cast<std::chrono::seconds>(now).count());
  if (const auto moved = MoveAside(database, aside)) {
    return Refuse(t, {"无法移开原数据库：" + moved.message(),
                      "the old database cannot be moved aside: " + moved.message()});
  }
  fs::rename(copy, database, failed);
  if (failed) return Refuse(t, {failed.message(), failed.message()});
  SyncDirectory(database.parent_path());
  if (t.json) {
    std::cout << fmt::format("{{\"restored\":true,\"digest\":{},\"kept\":{}}}\n", *digest, exists);
    return {};
  }
  std::cout << t.Say("已恢复到 ", "restored to ") << database.string() << '\n';
  if (!*digest) {
    std::cout << t.Say("没有校验文件（.sha256），只检查了数据库本身\n",
                       "there was no digest (.sha256): only the database itself was checked\n");
  }
  if (exists)
    std::cout << t.Say("原数据库保留为 ", "the old one is kept as ") << aside.string() << '\n';
  return {};
}

}  // namespace duban::cli
