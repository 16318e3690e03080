// Completion scripts, generated from the grammar.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

// The choices of an option as its help shows them: "TEXT:{table,json}" gives "table json".
std::string Choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto begin = type.find('{');
  const auto end = type.rfind('}');
  if (begin == std::string::npos || end == std::string::npos) return "";
  std::string words = type.substr(begin + 1, end - begin - 1);
  std::ranges::replace(words, ',', ' ');
  return words;
}

bool IsPath(const CLI::Option& option) {
  static const std::set<std::string> kPaths = {"BACKUP", "DATABASE", "DIR",
                                               "FILE",   "FOLDER",   "PATH"};
  return kPaths.contains(option.get_positional() ? option.get_name() : option.get_type_name());
}

std::string Options(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      words += (words.empty() ? "--" : " --") + name;
    if (option->get_positional()) words += " " + Choices(*option);
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
    text << "    " << verb->get_name() << ") words=\"" << words << "\" ;;\n";
  }
  return text.str();
}

// What may stand behind an option, of all verbs together.
struct Behind {
  std::map<std::string, std::string> choices;
  std::string files;  // "--ca|--cert"
};

void Gather(const CLI::App& app, Behind& behind) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;
    std::string name = "--" + option->get_lnames().front();
    for (const std::string& letter : option->get_snames()) name += "|-" + letter;
    const std::string choices = Choices(*option);
    if (!choices.empty()) behind.choices[name] += choices + " ";
    if (IsPath(*option)) behind.files += (behind.files.empty() ? "" : "|") + name;
  }
  for (const CLI::App* verb : app.get_subcommands(nullptr)) Gather(*verb, behind);
}

// A shell `case` from option to what may stand behind it; `files`: how this shell completes a file.
std::string Values(const CLI::App& app, const std::string& files) {
  Behind behind;
  Gather(app, behind);
  std::string text;
  for (const auto& [name, words] : behind.choices)
    text += fmt::format("    {}) words=\"{}\" ;;\n", name, words);
  return text + fmt::format("    {}) {}; return ;;\n", behind.files, files);
}

// The verbs whose words may be files, for a shell `case`.
std::string FileVerbs(const CLI::App& app) {
  std::string verbs;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) {
    const auto options = verb->get_options();
    if (std::ranges::any_of(options, [](const CLI::Option* option) {
          return option->get_positional() && IsPath(*option);
        })) {
      verbs += (verbs.empty() ? "" : "|") + verb->get_name();
    }
  }
  return verbs;
}

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
         Values(app, "COMPREPLY=($(compgen -f -- \"$current\"))") +
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
         "    " +
         FileVerbs(app) +
         ") COMPREPLY+=($(compgen -f -- \"$current\")) ;;\n"
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
         Values(app, "_files") +
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
         "    " +
         FileVerbs(app) +
         ") _files ;;\n"
         "  esac\n"
         "}\n"
         "compdef _duban duban\n";
}

}  // namespace

std::string CompletionScript(const CLI::App& app, const std::string& shell) {
  return shell == "zsh" ? Zsh(app) : Bash(app);
}

}  // namespace duban::cli
