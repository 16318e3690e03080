// Completion scripts, generated from the grammar.
#include <sstream>

#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

std::string Options(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      words += (words.empty() ? "--" : " --") + name;
  }
  return words;
}

std::string Verbs(const CLI::App& app) {
  std::string words;
  for (const CLI::App* verb : app.get_subcommands(nullptr))
    words += (words.empty() ? "" : " ") + verb->get_name();
  return words;
}

// A shell `case` from verb to its words; both shells read it alike.
std::string Cases(const CLI::App& app) {
  std::ostringstream text;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) {
    std::string words = Options(*verb);
    const std::string inner = Verbs(*verb);
    if (!inner.empty()) words += " " + inner;
    if (verb->get_name() == "completion") words += " bash zsh";
    text << "    " << verb->get_name() << ") words=\"" << words << "\" ;;\n";
  }
  return text.str();
}

constexpr const char* kValues =
    "    --output|-o) words=\"table json\" ;;\n"
    "    --language) words=\"zh en\" ;;\n"
    "    --format) words=\"svg mermaid dot\" ;;\n"
    "    --from) words=\"start\" ;;\n";

std::string Bash(const CLI::App& app) {
  return "# bash completion for duban: source <(duban completion bash)\n"
         "_duban() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" "
         "verb=\"\" words=\"\" i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \" " +
         Verbs(app) +
         " \" in *\" ${COMP_WORDS[i]} \"*) verb=\"${COMP_WORDS[i]}\"; break ;; esac\n"
         "  done\n"
         "  case \"$previous\" in\n" +
         kValues +
         "    --ca|--cert|--key|--token-file|--file) COMPREPLY=($(compgen -f -- \"$current\")); "
         "return ;;\n"
         "  esac\n"
         "  if [ -n \"$words\" ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\")); "
         "return; fi\n"
         "  case \"$verb\" in\n" +
         Cases(app) + "    *) words=\"" + Verbs(app) +
         "\" ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words " +
         Options(app) +
         "\" -- \"$current\"))\n"
         "  case \"$verb\" in\n"
         "    lint|deploy|graph|import|test|simulate) COMPREPLY+=($(compgen -f -- \"$current\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _duban duban\n";
}

std::string Zsh(const CLI::App& app) {
  return "#compdef duban\n"
         "# zsh completion for duban: duban completion zsh > a folder of $fpath/_duban\n"
         "_duban() {\n"
         "  local previous=\"${words[CURRENT-1]}\" verb=\"\" i\n"
         "  local -a typed=(\"${words[@]}\")\n"
         "  local words=\"\"\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    case \" " +
         Verbs(app) +
         " \" in *\" ${typed[i]} \"*) verb=\"${typed[i]}\"; break ;; esac\n"
         "  done\n"
         "  case \"$previous\" in\n" +
         kValues +
         "    --ca|--cert|--key|--token-file|--file) _files; return ;;\n"
         "  esac\n"
         "  if [ -n \"$words\" ]; then compadd -- ${=words}; return; fi\n"
         "  case \"$verb\" in\n" +
         Cases(app) + "    *) words=\"" + Verbs(app) +
         "\" ;;\n"
         "  esac\n"
         "  compadd -- ${=words} " +
         Options(app) +
         "\n"
         "  case \"$verb\" in\n"
         "    lint|deploy|graph|import|test|simulate) _files ;;\n"
         "  esac\n"
         "}\n"
         "compdef _duban duban\n";
}

}  // namespace

std::string CompletionScript(const CLI::App& app, const std::string& shell) {
  return shell == "zsh" ? Zsh(app) : Bash(app);
}

}  // namespace duban::cli
