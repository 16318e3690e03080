#include "core/definition/load.h"

#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

// "phases/a.yaml" + "../forms/b.yaml" → "forms/b.yaml"; nothing when it leads out of the campaign.
std::optional<std::string> Resolve(std::string_view file, std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos)
    return std::nullopt;
  std::vector<std::string_view> parts;
  const auto walk = [&](std::string_view rest) {
    while (!rest.empty()) {
      const std::size_t slash = rest.find('/');
      const std::string_view part = rest.substr(0, slash);
      rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return false;
      } else {
        parts.pop_back();
      }
    }
    return true;
  };
  const std::size_t folder = file.rfind('/');
  if (folder != std::string_view::npos) walk(file.substr(0, folder));
  if (!walk(path)) return std::nullopt;
  return fmt::format("{}", fmt::join(parts, "/"));
}

// The workflow and the parts that it includes, each once, in the order of their data: included
// before including.
class Includes {
 public:
  Includes(const Surroundings& surroundings, Report& report)
      : surroundings_(surroundings), report_(report) {}

  void Walk(const std::string& file, const Node& root) {
    chain_.push_back(file);
    if (const Node* include = root.Find("include"); include != nullptr && !include->is_null()) {
      for (const Node* path : ReadNames(*include, report_)) Follow(file, *path);
    }
    chain_.pop_back();
    if (std::find(roots_.begin(), roots_.end(), &root) == roots_.end()) roots_.push_back(&root);
  }
  const std::vector<const Node*>& roots() const { return roots_; }

 private:
  void Follow(const std::string& from, const Node& path) {
    if (surroundings_.files == nullptr) {
      report_.Error(
          "include-alone", path.place,
          {"单独读取的工作流不能引入部件", "a workflow that is read alone cannot include parts"},
          {"对整个专项行动文件夹运行 duban lint", "run duban lint on the campaign's folder"});
      return;
    }
    const auto file = Resolve(from, path.scalar);
    const auto found = file ? surroundings_.files->find(*file) : surroundings_.files->end();
    if (found == surroundings_.files->end()) {
      std::vector<std::string_view> known;
      for (const auto& [name, node] : *surroundings_.files) known.push_back(name);
      report_.Error("unknown-file", path.place,
                    Say("专项行动里没有文件 `{}`", "the campaign has no file `{}`",
                        file.value_or(path.scalar)),
                    DidYouMean(file.value_or(path.scalar), known));
      return;
    }
    if (std::find(chain_.begin(), chain_.end(), *file) != chain_.end()) {
      report_.Error("include-cycle", path.place,
                    Say("循环引入：{} → {}", "includes in a circle: {} → {}",
                        fmt::format("{}", fmt::join(chain_, " → ")), *file),
                    {"去掉其中一个 include", "remove one of the includes"});
      return;
    }
    if (found->second == nullptr) return;  // its own errors are reported
    if (found->second->Find("part") == nullptr) {
      report_.Error("not-a-part", path.place, Say("`{}` 不是部件", "`{}` is not a part", *file),
                    {"只能引入含 `part:` 的文件", "only files with `part:` can be included"});
      return;
    }
    Walk(*file, *found->second);
  }

  const Surroundings& surroundings_;
  Report& report_;
  std::vector<std::string> chain_;
  std::vector<const Node*> roots_;
};

bool IsWorkflowName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

void ReadHead(Context& context, const Object& object) {
  Definition& definition = context.definition;
  Report& report = context.report;
  if (const Node* name = object["workflow"]) {
    definition.workflow = ReadText(*name, report).value_or("");
    if (name->is_scalar() && !IsWorkflowName(definition.workflow)) {
      report.Error(
          "workflow-name", name->place,
          Say("工作流名 `{}` 只能用 a-z、0-9、-、_、.",
              "the workflow name `{}` takes a-z, 0-9, '-', '_' and '.' only", definition.workflow),
          {"中文名称写在 title 里", "what people call it goes into `title`"});
    }
  }
  definition.title = {definition.workflow, definition.workflow};
  if (const Node* title = object["title"]) definition.title = ReadTitle(*title, report);
  if (const Node* zone = object["time_zone"]) {
    definition.time_zone = ReadText(*zone, report).value_or("UTC");
    if (!calendar::LocalDate(model::Timestamp{}, definition.time_zone)) {
      report.Error("unknown-time-zone", zone->place,
                   Say("没有时区 `{}`", "there is no time zone `{}`", definition.time_zone),
                   {"用 IANA 名称，如 Asia/Shanghai", "use an IANA name such as Asia/Shanghai"});
      definition.time_zone = "UTC";
    }
  }
}

void ReadMessages(Context& context, const Node& root) {
  const Node* messages = root.Find("messages");
  if (messages == nullptr || messages->is_null()) return;
  if (!ExpectMap(*messages, "通知用语的映射", "a map of messages", context.report)) return;
  for (const Node::Entry& entry : messages->entries) {
    const Object object(*entry.value, kMessageKeys, context.report);
    MessageWords words;
    if (const Node* subject = object["subject"]) words.subject = CompileWords(context, *subject);
    if (const Node* text = object["text"]) words.body = CompileWords(context, *text);
    if (!context.messages.emplace(entry.key->scalar, std::move(words)).second) {
      context.report.Error(
          "duplicate-message", entry.key->place,
          Say("通知用语 `{}` 已在别处声明", "the message `{}` is declared elsewhere already",
              entry.key->scalar));
    }
  }
}

void ReadRootInitial(Context& context, const Object& object) {
  State& root = context.definition.states[0];
  const Node* initial = object["initial"];
  if (initial == nullptr) {
    for (const model::StateIndex child : root.children) {
      const StateKind kind = context.definition.states[child].kind;
      if (kind == StateKind::kShallowHistory || kind == StateKind::kDeepHistory) continue;
      root.initial = {child};
      break;
    }
  } else if (initial->is_map()) {
    const Object inner(*initial, kInitialKeys, context.report);
    if (const Node* to = inner["to"]) root.initial = ReadTargets(context, *to);
    if (const Node* actions = inner["do"]) root.initial_actions = ReadActions(context, *actions);
  } else {
    root.initial = ReadTargets(context, *initial);
  }
  if (root.initial.empty() && context.report.errors() == 0) {
    context.report.Error("no-children", root.place,
                         {"工作流没有可以开始的状态", "the workflow has no state to begin in"});
  }
}

void ReadRights(Context& context, const Object& object) {
  if (const Node* start = object["start"]) {
    const Object starters(*start, kStartersKeys, context.report);
    if (const Node* by = starters["by"]) context.definition.starters = ReadAddressees(context, *by);
  }
  if (const Node* readers = object["readers"])
    context.definition.readers = ReadAddressees(context, *readers);
  if (const Node* title = object["case_title"])
    context.definition.case_title = CompileWords(context, *title);
}

void ReadCaseRules(Context& context, const Object& object) {
  Definition& definition = context.definition;
  if (const Node* rules = object["rules"]) ReadDuties(context, *rules);
  if (const Node* repeat = object["repeat"]) {
    const auto word = ReadWord(*repeat, kRepeatWords, context.report);
    definition.repeat = static_cast<Repeat>(word.value_or(0));
  }
  if (const Node* revoke = object["revoke"]) {
    const auto word = ReadWord(*revoke, kRevokeWords, context.report);
    definition.revoke = static_cast<Revocation>(word.value_or(0));
  }
}

}  // namespace

ReadResult ReadWorkflow(const std::string& file, const Node& root, const Surroundings& surroundings,
                        Report& report) {
  auto definition = std::make_shared<Definition>();
  definition->source = file;
  const std::size_t errors_before = report.errors();
  Context context(report, surroundings, *definition);
  const Object object(root, kWorkflowKeys, report);
  ReadHead(context, object);
  Includes includes(surroundings, report);
  includes.Walk(file, root);
  for (const Node* part : includes.roots()) {
    if (const Node* data = part->Find("data"); data != nullptr && !data->is_null()) {
      ReadFields(context, *data, Scope::kCase);
    }
  }
  const Node* states = object["states"];
  if (states == nullptr || !ExpectMap(*states, "状态的映射", "a map of states", report)) return {};
  ReadStateData(context, *states);
  FlattenStates(context, *states);
  CollectChildSlots(root, context.child_slots);
  definition->child_slots.assign(context.child_slots.begin(), context.child_slots.end());
  PrepareEnvironments(context);
  for (const Node* part : includes.roots()) {
    if (const Node* data = part->Find("data")) ReadVisibility(context, *data);
    ReadMessages(context, *part);
  }
  ReadStateVisibility(context, *states);
  ReadRights(context, object);
  ReadStateBodies(context);
  ResolveReturns(context);
  ReadCaseRules(context, object);
  ReadRootInitial(context, object);
  CheckOutcomes(*definition, report);
  CheckOverdue(*definition, report);
  CheckEscalations(*definition, report);
  CheckAutomaticPassing(*definition, report);
  std::set<std::string, std::less<>> sent;
  for (const EventUse& use : context.events) sent.insert(use.event);
  CheckNearMisses(*definition, sent, report);
  if (surroundings.organisation != nullptr)
    CheckCandidates(*definition, *surroundings.organisation, report);
  CheckDuties(*definition, surroundings.organisation, report);
  if (report.errors() == errors_before) Analyse(*definition, report);
  return {definition, std::move(context.starts), std::move(context.events),
          context.computes_event_names};
}

LoadedWorkflow LoadWorkflow(const std::string& file, const std::string& yaml) {
  LoadedWorkflow loaded;
  Report report;
  report.AddFile(file, yaml);
  if (const NodePtr root = ReadYaml(file, yaml, report)) {
    ReadResult result = ReadWorkflow(file, *root, {}, report);
    if (report.errors() == 0) loaded.definition = std::move(result.definition);
  }
  loaded.diagnostics = report.Take();
  return loaded;
}

}  // namespace duban::definition
