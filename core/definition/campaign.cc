#include <algorithm>

#include "core/definition/context.h"
#include "core/definition/load.h"
#include "core/model/sha256.h"

namespace duban::definition {
namespace {

// SHA-256 over path, size and text of every file in the order of the paths; in hex.
std::string Digest(const std::map<std::string, std::string>& files) {
  std::string content;
  for (const auto& [path, text] : files) {
    content += fmt::format("{}:{}\n{}\n", path.size(), path, text.size());
    content += text;
  }
  return model::Hex(model::Sha256(content));
}

constexpr std::string_view kOrganisationFile = "organisation.yaml";

bool IsDefinitionFile(std::string_view path) {
  return path.ends_with(".yaml") && !path.ends_with(".scenario.yaml");
}

bool CheckLimits(const std::map<std::string, std::string>& files, Report& report) {
  std::size_t bytes = 0;
  for (const auto& [path, text] : files) bytes += text.size();
  if (files.size() > kMaxFiles) {
    report.Error("too-many-files", {},
                 Say("专项行动有 {} 个文件，上限是 {}",
                     "the campaign has {} files, the limit is {}", files.size(), kMaxFiles));
  }
  if (bytes > kMaxCampaignBytes) {
    report.Error("campaign-too-large", {},
                 Say("专项行动共 {} 字节，上限是 {}", "the campaign has {} bytes, the limit is {}",
                     bytes, kMaxCampaignBytes));
  }
  return report.errors() == 0;
}

class CampaignReader {
 public:
  CampaignReader(const std::map<std::string, std::string>& files, Report& report)
      : files_(files), report_(report) {}

  void Read() {
    ReadFiles();
    ReadOrganisation();
    if (organisation_) surroundings_.organisation = &*organisation_;
    surroundings_.files = &nodes_;
    for (const auto& [path, node] : nodes_) {
      if (node == nullptr || path == kOrganisationFile) continue;
      if (node->Find("workflow") != nullptr) {
        ReadOneWorkflow(path, *node);
      } else if (node->Find("part") != nullptr) {
        const Object part(*node, kPartKeys, report_);
      } else if (!node->is_map()) {
        const Object workflow(*node, kWorkflowKeys, report_);
      } else {
        report_.Error(
            "unknown-file-kind", {path, 1, 1, 1},
            {"既没有 `workflow:` 也没有 `part:`", "neither `workflow:` nor `part:` is there"},
            {"说明这个文件定义什么；场景文件以 .scenario.yaml 结尾",
             "say what the file defines; scenarios end in .scenario.yaml"});
      }
    }
    for (const auto& [name, result] : results_) {
      for (const StartUse& use : result.starts) CheckStart(use);
    }
    CheckMandates();
    CheckEvents();
    CheckAllSenders();
    ReadName();
  }

  std::shared_ptr<const Campaign> Finish() {
    auto campaign = std::make_shared<Campaign>();
    campaign->digest = Digest(files_);
    campaign->name = name_;
    campaign->title = title_;
    campaign->files = files_;
    for (auto& [name, result] : results_) {
      result.definition->campaign = campaign->digest;
      result.definition->campaign_name = campaign->name;
      campaign->workflows.emplace(name, std::move(result.definition));
    }
    return campaign;
  }

 private:
  void ReadFiles() {
    for (const auto& [path, text] : files_) {
      if (!IsDefinitionFile(path)) continue;
      report_.AddFile(path, text);
      nodes_[path] = path == kOrganisationFile ? nullptr : ReadYaml(path, text, report_);
    }
  }

  void ReadOrganisation() {
    const auto file = files_.find(std::string(kOrganisationFile));
    if (file == files_.end()) return;
    auto parsed = Organisation::Parse(file->first, file->second);
    if (parsed) {
      organisation_ = *std::move(parsed);
      return;
    }
    for (const Diagnostic& d : parsed.error()) {
      report_.Error(d.code, d.place, d.message, d.hint);
    }
  }

  void ReadOneWorkflow(const std::string& path, const Node& node) {
    ReadResult result = ReadWorkflow(path, node, surroundings_, report_);
    if (result.definition == nullptr || result.definition->workflow.empty()) return;
    const Node& name = *node.Find("workflow");
    const auto [other, added] = results_.emplace(result.definition->workflow, std::move(result));
    if (!added) {
      report_.Error("duplicate-workflow", name.place,
                    Say("工作流 `{}` 已在 {} 定义", "the workflow `{}` is defined in {} already",
                        name.scalar, other->second.definition->source));
    }
  }

  void CheckStart(const StartUse& use) {
    const auto found = results_.find(use.workflow);
    if (found == results_.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, result] : results_) names.push_back(name);
      report_.Error(
          "unknown-workflow", use.place,
          Say("专项行动里没有工作流 `{}`", "the campaign has no workflow `{}`", use.workflow),
          DidYouMeanOrList(use.workflow, names));
      return;
    }
    const Definition& child = *found->second.definition;
    std::vector<std::string_view> names;
    for (const Field& field : child.fields) names.push_back(field.name);
    for (const StartUse::Given& given : use.data) {
      const auto index = child.FindField(given.name);
      if (!index && report_.full()) continue;
      if (!index) {
        report_.Error("unknown-field", given.place,
                      Say("工作流 `{}` 没有字段 `{}`", "the workflow `{}` has no field `{}`",
                          use.workflow, given.name),
                      DidYouMeanOrList(given.name, names));
        continue;
      }
      if (!given.confidential.empty() && !child.fields[*index].confidential) {
        report_.Warning(
            "confidential-copy", given.place,
            Say("保密字段 `{}` 写入了子案的普通字段 `{}`",
                "the confidential field `{}` goes into the child's field `{}`, which is not",
                given.confidential, given.name),
            Say("在 {}:{} 加 `confidential: true`", "add `confidential: true` at {}:{}",
                child.fields[*index].place.file, child.fields[*index].place.line));
      }
      const expression::Type wanted = TypeOf(child.fields[*index]);
      if (given.type.kind() == expression::Type::Kind::kNull ||
          expression::Assignable(given.type, wanted))
        continue;
      report_.Error("wrong-type", given.place,
                    Say("`{}` 的类型应为 {}，这里是 {}", "`{}` takes {}, this is {}", given.name,
                        wanted.ToString(), given.type.ToString()));
    }
    for (const Field& field : child.fields) {
      const auto is_it = [&](const StartUse::Given& given) { return given.name == field.name; };
      if (!field.required || field.initial || std::any_of(use.data.begin(), use.data.end(), is_it))
        continue;
      report_.Error(
          "missing-data", use.place,
          Say("发起 `{}` 时必须给出 `{}`", "starting `{}` needs `{}`", use.workflow, field.name),
          Say("在 data: 里加 `{}: …`（声明在 {}:{}）", "add `{}: …` to data: (declared at {}:{})",
              field.name, field.place.file, field.place.line));
    }
  }

  // A mandate that names a workflow wrongly covers too little, or leaves out too little. The
  // organisation may serve other campaigns too.
  void CheckMandates() {
    if (!organisation_ || organisation_->mandates().empty()) return;
    const std::string name(kOrganisationFile);
    const NodePtr root = ReadYaml(name, files_.at(name), report_);
    const Node* mandates = root != nullptr ? root->Find("mandates") : nullptr;
    if (mandates == nullptr) return;
    std::vector<std::string_view> known;
    for (const auto& [workflow, result] : results_) known.push_back(workflow);
    for (const Node* mandate : OneOrMany(*mandates)) {
      for (const std::string_view key : {"workflows", "except"}) {
        const Node* names = mandate->Find(key);
        if (names == nullptr || names->is_null()) continue;
        for (const Node* workflow : ReadNames(*names, report_)) {
          if (results_.contains(workflow->scalar) || report_.full()) continue;
          report_.Warning("mandate-workflow", workflow->place,
                          Say("专项行动里没有工作流 `{}`", "the campaign has no workflow `{}`",
                              workflow->scalar),
                          DidYouMeanOrList(workflow->scalar, known));
        }
      }
    }
  }

  // What is sent somewhere in the campaign is waited for somewhere in it.
  void CheckEvents() {
    std::set<std::string, std::less<>> waited;
    for (const auto& [name, result] : results_) {
      for (const Transition& t : result.definition->transitions)
        waited.insert(t.events.begin(), t.events.end());
    }
    if (waited.contains("*")) return;
    for (const auto& [name, result] : results_) {
      for (const EventUse& use : result.events) {
        std::string_view event = use.event;
        while (!event.empty() && !waited.contains(event)) {
          const std::size_t dot = event.rfind('.');
          event = event.substr(0, dot == std::string_view::npos ? 0 : dot);
        }
        if (!event.empty() || report_.full()) continue;
        report_.Warning("event-not-taken", use.place,
                        Say("没有状态等待事件 `{}`", "no state takes the event `{}`", use.event),
                        DidYouMean(use.event, {waited.begin(), waited.end()}));
      }
    }
  }

  void CheckAllSenders() {
    std::set<std::string, std::less<>> sent;
    for (const auto& [name, result] : results_) {
      if (result.computes_event_names) return;  // anything may be sent
      for (const EventUse& use : result.events) sent.insert(use.event);
    }
    for (const auto& [name, result] : results_) CheckSenders(*result.definition, sent, report_);
  }

  void ReadName() {
    const Node* named = nullptr;
    for (const auto& [name, result] : results_) {
      const Node& root = *nodes_.at(result.definition->source);
      const Node* campaign = root.Find("campaign");
      if (campaign == nullptr || !ExpectScalar(*campaign, report_)) continue;
      if (named != nullptr) {
        report_.Error("two-campaigns", campaign->place,
                      Say("`campaign:` 已在 {}:{} 写过", "`campaign:` is written at {}:{} already",
                          named->place.file, named->place.line));
        continue;
      }
      if (!IsName(campaign->scalar)) {
        report_.Error("campaign-name", campaign->place,
                      Say("专项行动名 `{}` 只能用字母、数字、_、- 和点",
                          "the campaign's name `{}` takes letters, digits, _, - and . only",
                          campaign->scalar));
      }
      named = campaign;
      name_ = campaign->scalar;
      title_ = result.definition->title;
    }
    if (named != nullptr) return;
    if (results_.size() == 1) {  // a campaign of one workflow needs no name of its own
      name_ = results_.begin()->first;
      title_ = results_.begin()->second.definition->title;
    } else if (report_.errors() == 0) {
      report_.Error("no-campaign", {"campaign.yaml", 0, 0, 1},
                    results_.empty()
                        ? model::Text{"没有任何工作流", "there is no workflow"}
                        : model::Text{"没有写明专项行动的名称", "the campaign has no name"},
                    {"在 campaign.yaml 里与 `workflow:` 并列写 `campaign: 名称`",
                     "write `campaign: NAME` beside `workflow:` in campaign.yaml"});
    }
  }

  const std::map<std::string, std::string>& files_;
  Report& report_;
  std::map<std::string, NodePtr> nodes_;
  std::optional<Organisation> organisation_;
  Surroundings surroundings_;
  std::map<std::string, ReadResult> results_;
  std::string name_;
  model::Text title_;
};

}  // namespace

Loaded LoadCampaign(const std::map<std::string, std::string>& files) {
  Loaded loaded;
  Report report;
  if (CheckLimits(files, report)) {
    CampaignReader reader(files, report);
    reader.Read();
    if (report.errors() == 0) loaded.campaign = reader.Finish();
  }
  loaded.diagnostics = report.Take();
  return loaded;
}

}  // namespace duban::definition
