#include "services/cli/graphviz.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

extern char** environ;

namespace duban::cli {
namespace {

// A file descriptor, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void Close() {
    if (number_ >= 0) close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

std::unexpected<Failure> Broken(const Terminal& terminal, int error) {
  return std::unexpected(Failure{
      ExitCode::kUnexpected,
      terminal.Say("无法运行 Graphviz：", "cannot run Graphviz: ") + std::strerror(error), ""});
}

bool WriteAll(int to, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(to, text.data() + done, text.size() - done);
    if (written < 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return lseek(to, 0, SEEK_SET) == 0;
}

std::string ReadAll(int from) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t size = 0; (size = read(from, buffer.data(), buffer.size())) != 0;) {
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

int Spawn(int input, int output, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::array<char*, 3> arguments = {const_cast<char*>("dot"), const_cast<char*>("-Tsvg"), nullptr};
  const int error = posix_spawnp(&child, "dot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

std::expected<std::string, Failure> ToSvg(const Terminal& terminal, const std::string& dot) {
  const Descriptor input(memfd_create("dot", MFD_CLOEXEC));
  if (input.number() < 0 || !WriteAll(input.number(), dot)) return Broken(terminal, errno);
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Broken(terminal, errno);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  pid_t child = 0;
  if (const int error = Spawn(input.number(), writing.number(), child); error == ENOENT) {
    return Usage(terminal.Say(
        "没有找到 Graphviz 的 dot：请安装（apt install graphviz），或用 --format mermaid|dot",
        "Graphviz' dot is not installed: apt install graphviz, or use --format mermaid|dot"));
  } else if (error != 0) {
    return Broken(terminal, error);
  }
  writing.Close();
  std::string svg = ReadAll(reading.number());
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return svg;
  return std::unexpected(Failure{ExitCode::kUnexpected,
                                 terminal.Say("Graphviz 没有画成，见上面它的报错",
                                              "Graphviz failed; its own message stands above"),
                                 ""});
}

}  // namespace duban::cli
