#include "services/import/import_scxml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "services/import/chart.h"

namespace duban::import {
namespace {

bool IsState(const Element& element) {
  return element.name == "state" || element.name == "parallel" || element.name == "final" ||
         element.name == "history";
}

// Names that expressions use for something else, in CEL or in the language.
constexpr std::string_view kReserved[] = {
    "event",    "now",   "case",      "children", "item",     "as",     "break",  "const",
    "continue", "else",  "false",     "for",      "function", "if",     "import", "in",
    "let",      "loop",  "namespace", "null",     "package",  "return", "true",   "var",
    "void",     "while", "bool",      "bytes",    "double",   "dyn",    "google", "int",
    "list",     "map",   "null_type", "string",   "type",     "uint"};

std::string FieldName(const std::string& variable) {
  std::string name;
  for (char c : variable)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ? c : '_';
  const bool taken = std::ranges::find(kReserved, name) != std::end(kReserved);
  if (name.empty() || taken || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
    name.insert(0, "v_");
  return name;
}

std::string WorkflowName(const Element& root, const std::string& file) {
  std::string source = root["name"];
  if (source.empty()) {
    source = file.substr(file.find_last_of('/') + 1);
    source = source.substr(0, source.find('.'));
  }
  std::string name;
  for (char c : source) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? lower : '-';
  }
  return name.empty() ? "chart" : name;
}

class Importer {
 public:
  explicit Importer(const std::string& file) { chart_.file = file; }

  std::expected<std::string, std::vector<definition::Diagnostic>> Import(Element root) {
    if (root.name != "scxml") chart_.Refuse("<" + root.name + "> instead of <scxml>", "");
    chart_.CheckAttributes(root, {"name", "version", "datamodel", "binding", "initial"}, "");
    const std::string& datamodel = root["datamodel"];
    if (!datamodel.empty() && datamodel != "ecmascript" && datamodel != "null") {
      chart_.Refuse("datamodel=\"" + datamodel + "\"", "");
    }
    late_ = root["binding"] == "late";
    CollectNames(root);
    Yaml states = States(root);
    Yaml document = Yaml::Map();
    document.Set("workflow", Yaml::Text(WorkflowName(root, chart_.file)));
    CollectData(root, true);
    if (!fields_.empty()) {
      fields_.Spread();
      document.Set("data", std::move(fields_));
    }
    SetRootInitial(document, root);
    states.Spread();
    document.Set("states", std::move(states));
    if (!chart_.refused.empty()) return std::unexpected(std::move(chart_.refused));
    return document.ToString();
  }

 private:
  // Every state gets an id; every variable a field.
  void CollectNames(Element& element) {
    for (Element& child : element.children) {
      if (IsState(child)) {
        if (child["id"].empty())
          child.attributes.emplace_back("id", fmt::format("state_{}", ++unnamed_));
        chart_.names.states.insert(child["id"]);
      } else if (child.name == "data") {
        Declare(child["id"]);
      } else if (child.name == "foreach") {
        for (std::string_view name : {"item", "index"}) {
          if (child.Has(name) && Declare(child[name])) loop_variables_.push_back(child[name]);
        }
      }
      CollectNames(child);
    }
  }
  bool Declare(const std::string& variable) {
    return chart_.names.fields.emplace(variable, FieldName(variable)).second;
  }

  void CollectData(const Element& element, bool top) {
    for (const Element& child : element.children) {
      if (child.name == "datamodel") {
        for (const Element& data : child.children) {
          if (data.name != "data") {
            chart_.Refuse("<" + data.name + ">", "");
          } else if (!late_ || top) {
            AddField(data);
          }
        }
      } else if (IsState(child)) {
        CollectData(child, false);
      }
    }
    if (!top) return;
    for (const std::string& variable : loop_variables_) {
      Yaml field = Yaml::Map();
      fields_.Set(chart_.names.fields[variable], std::move(field.Set("type", Yaml::Plain("any"))));
    }
  }

  void AddField(const Element& data) {
    const std::string where = "data `" + data["id"] + "`";
    chart_.CheckAttributes(data, {"id", "expr"}, where);
    const std::string& name = chart_.names.fields[data["id"]];
    const std::string& source = data.Has("expr") ? data["expr"] : data.text;
    Yaml field = Yaml::Map();
    field.Set("type", Yaml::Plain("any"));
    if (const auto literal = LiteralAsYaml(source)) {
      if (*literal != "null") field.Set("default", Yaml::Plain(*literal));
    } else if (!source.empty()) {
      Yaml assign = Yaml::Map();
      Yaml action = Yaml::Map();
      assign.Set(name, chart_.Value(source, where));
      first_actions_.push_back(std::move(action.Set("assign", std::move(assign))));
    }
    fields_.Set(name, std::move(field));
  }

  Yaml Targets(const std::string& list) {
    std::vector<Yaml> targets;
    for (const std::string& target : SplitWords(list)) targets.push_back(Yaml::Text(target));
    return Yaml::OneOrMany(std::move(targets));
  }

  void SetRootInitial(Yaml& document, const Element& root) {
    const auto first = std::ranges::find_if(root.children, IsState);
    const bool given = root.Has("initial");
    if (!given && first_actions_.empty()) return;
    Yaml to = given ? Targets(root["initial"])
                    : Yaml::Text(first == root.children.end() ? "" : (*first)["id"]);
    if (first_actions_.empty()) {
      document.Set("initial", std::move(to));
      return;
    }
    Yaml initial = Yaml::Map();
    initial.Set("to", std::move(to)).Set("do", Yaml::List(std::move(first_actions_)));
    document.Set("initial", std::move(initial));
  }

  Yaml States(const Element& parent) {
    Yaml states = Yaml::Map();
    for (const Element& child : parent.children) {
      if (IsState(child)) {
        states.Set(child["id"], child.name == "history" ? History(child) : State(child));
      } else if (parent.name == "scxml" && child.name != "datamodel") {
        chart_.Refuse("<" + child.name + ">", "");
      }
    }
    return states;
  }

  Yaml History(const Element& element) {
    const std::string where = "history `" + element["id"] + "`";
    chart_.CheckAttributes(element, {"id", "type"}, where);
    Yaml history = Yaml::Map();
    history.Set("history", Yaml::Plain(element["type"] == "deep" ? "deep" : "shallow"));
    for (const Element& child : element.children) {
      if (child.name != "transition") {
        chart_.Refuse("<" + child.name + ">", where);
        continue;
      }
      history.Set("to", Targets(child["target"]));
      auto actions = ConvertActions(chart_, child.children, where);
      if (!actions.empty()) history.Set("do", Yaml::List(std::move(actions)));
    }
    return history;
  }

  Yaml State(const Element& element) {
    const std::string where = "state `" + element["id"] + "`";
    chart_.CheckAttributes(element, {"id", "initial"}, where);
    Yaml state = Yaml::Map();
    if (element.name == "parallel") state.Set("parallel", Yaml::Plain("true"));
    if (element.name == "final") state.Set("final", Yaml::Plain("true"));
    if (late_) SetLateData(state, element, where);
    if (element.Has("initial")) state.Set("initial", Targets(element["initial"]));
    for (const Element& child : element.children) SetPart(state, child, where);
    SetActions(state, element, "onentry", "entry", where);
    SetActions(state, element, "onexit", "exit", where);
    SetTransitions(state, element, where);
    Yaml children = States(element);
    if (!children.empty()) {
      children.Spread();
      state.Set("states", std::move(children));
    }
    return state;
  }

  void SetPart(Yaml& state, const Element& part, const std::string& where) {
    if (part.name == "initial") {
      for (const Element& transition : part.children) {
        Yaml to = Targets(transition["target"]);
        auto actions = ConvertActions(chart_, transition.children, where);
        if (actions.empty()) {
          state.Set("initial", std::move(to));
          continue;
        }
        Yaml initial = Yaml::Map();
        state.Set(
            "initial",
            std::move(initial.Set("to", std::move(to)).Set("do", Yaml::List(std::move(actions)))));
      }
    } else if (part.name == "donedata") {
      Yaml result = ConvertData(chart_, part, where);
      if (!result.empty()) state.Set("result", std::move(result));
    } else if (part.name != "onentry" && part.name != "onexit" && part.name != "transition" &&
               part.name != "datamodel" && !IsState(part)) {
      chart_.Refuse("<" + part.name + ">", where);
    }
  }

  void SetLateData(Yaml& state, const Element& element, const std::string& where) {
    Yaml fields = Yaml::Map();
    for (const Element& model : element.children) {
      if (model.name != "datamodel") continue;
      for (const Element& data : model.children) {
        const std::string& source = data.Has("expr") ? data["expr"] : data.text;
        Yaml field = Yaml::Map();
        field.Set("type", Yaml::Plain("any"));
        if (!source.empty()) field.Set("value", chart_.Value(source, where));
        fields.Set(chart_.names.fields[data["id"]], std::move(field));
      }
    }
    if (!fields.empty()) state.Set("data", std::move(fields));
  }

  void SetActions(Yaml& state, const Element& element, std::string_view from, std::string_view key,
                  const std::string& where) {
    std::vector<Yaml> actions;
    for (const Element& child : element.children) {
      if (child.name != from) continue;
      for (Yaml& action : ConvertActions(chart_, child.children, where))
        actions.push_back(std::move(action));
    }
    if (!actions.empty()) state.Set(key, Yaml::List(std::move(actions)));
  }

  Yaml Transition(const Element& element, const std::string& where) {
    chart_.CheckAttributes(element, {"event", "cond", "target", "type"}, where);
    auto actions = ConvertActions(chart_, element.children, where);
    const bool internal = element["type"] == "internal";
    if (element.Has("target") && !element.Has("cond") && actions.empty() && !internal) {
      return Targets(element["target"]);
    }
    Yaml transition = Yaml::Map();
    if (element.Has("cond")) transition.Set("when", chart_.Condition(element["cond"], where));
    if (element.Has("target")) transition.Set("to", Targets(element["target"]));
    if (!actions.empty() || !element.Has("target"))
      transition.Set("do", Yaml::List(std::move(actions)));
    if (internal) transition.Set("internal", Yaml::Plain("true"));
    return transition;
  }

  // Document order is kept: events that come again after others get a key of their own, which says
  // the same.
  void SetTransitions(Yaml& state, const Element& element, const std::string& where) {
    std::vector<std::pair<std::string, std::vector<Yaml>>> by_event;
    std::vector<Yaml> always;
    for (const Element& child : element.children) {
      if (child.name != "transition") continue;
      const auto events = SplitWords(child["event"]);
      if (events.empty()) {
        always.push_back(Transition(child, where));
        continue;
      }
      std::string key = fmt::format("{}", fmt::join(events, " "));
      const auto is_key = [&](const auto& group) { return group.first == key; };
      if (by_event.empty() || by_event.back().first != key) {
        while (std::ranges::any_of(by_event, is_key)) key += " " + events.front();
        by_event.emplace_back(key, std::vector<Yaml>());
      }
      by_event.back().second.push_back(Transition(child, where));
    }
    Yaml on = Yaml::Map();
    for (auto& [key, transitions] : by_event)
      on.Set(key, ListOfTransitions(std::move(transitions)));
    if (!on.empty()) state.Set("on", std::move(on));
    if (!always.empty()) state.Set("always", ListOfTransitions(std::move(always)));
  }

  // A single transition that is itself a list of targets stays one transition.
  static Yaml ListOfTransitions(std::vector<Yaml> transitions) {
    for (Yaml& transition : transitions) {
      if (!transition.is_list()) continue;
      Yaml map = Yaml::Map();
      map.Set("to", std::move(transition));
      transition = std::move(map);
    }
    return Yaml::OneOrMany(std::move(transitions));
  }

  Chart chart_;
  bool late_ = false;
  int unnamed_ = 0;
  Yaml fields_ = Yaml::Map();
  std::vector<std::string> loop_variables_;
  std::vector<Yaml> first_actions_;
};

}  // namespace

void Chart::Refuse(const std::string& construct, const std::string& where) {
  definition::Diagnostic diagnostic;
  diagnostic.code = "scxml-unsupported";
  diagnostic.place.file = file;
  const std::string in = where.empty() ? "" : " (" + where + ")";
  diagnostic.message = {"不支持 " + construct + in,
                        construct + " cannot be said in the definition language" + in};
  diagnostic.hint = {construct, construct};
  refused.push_back(std::move(diagnostic));
}

void Chart::CheckAttributes(const Element& element, std::initializer_list<std::string_view> known,
                            const std::string& where) {
  for (const auto& [name, value] : element.attributes) {
    if (std::ranges::find(known, name) == known.end()) {
      Refuse(fmt::format("the attribute `{}` of <{}>", name, element.name), where);
    }
  }
}

Yaml Chart::Condition(std::string_view source, const std::string& where) {
  const auto cel = TranslateCondition(source, names);
  if (!cel) Refuse(cel.error().construct, where);
  return Yaml::Plain(QuoteYaml(cel ? *cel : ""));
}

Yaml Chart::Value(std::string_view source, const std::string& where) {
  const auto cel = TranslateValue(source, names);
  if (!cel) Refuse(cel.error().construct, where);
  return Yaml::Plain(QuoteYaml(cel ? *cel : ""));
}

std::expected<std::string, std::vector<definition::Diagnostic>> ImportScxml(
    std::string_view xml, const std::string& file) {
  auto root = ParseXml(xml, file);
  if (!root) return std::unexpected(std::vector{std::move(root.error())});
  return Importer(file).Import(std::move(*root));
}

}  // namespace duban::import
