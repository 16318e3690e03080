#include "core/definition/graph.h"

#include <algorithm>

#include "core/definition/report.h"

namespace duban::definition {
namespace {

using model::StateIndex;

bool IsIn(const std::vector<StateIndex>& states, StateIndex state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

std::string TitleOf(const State& state, std::string_view language) {
  const std::string& title = state.title.In(language);
  return title.empty() ? state.id : title;
}

std::string_view Pick(std::string_view language, std::string_view zh, std::string_view en) {
  return language == "en" ? en : zh;
}

std::string ClockLabel(const Clock& clock, std::string_view language) {
  switch (clock.kind) {
    case Clock::Kind::kAfter:
      return fmt::format("{} {}", Pick(language, "期满", "after"), calendar::ToString(clock.limit));
    case Clock::Kind::kFrom:
      return fmt::format("{} {}", Pick(language, "自", "from"), clock.date.ToString());
    case Clock::Kind::kUntil:
      return fmt::format("{} {} 24:00", Pick(language, "至", "at"), clock.date.ToString());
    case Clock::Kind::kMonthly:
      return language == "en" ? fmt::format("monthly on day {}", clock.day_of_month)
                              : fmt::format("每月 {} 日", clock.day_of_month);
    case Clock::Kind::kEvery:
      return fmt::format("{} {}", Pick(language, "每", "every"), calendar::ToString(clock.limit));
  }
  return {};
}

std::string RuleLabel(const approval::Rule& rule, std::string_view language) {
  using approval::Mode;
  std::string label;
  switch (rule.mode) {
    case Mode::kOne:
      return {};
    case Mode::kAny:
      label = Pick(language, "或签", "any one");
      break;
    case Mode::kAll:
      label = Pick(language, "会签", "all");
      break;
    case Mode::kSequence:
      label = Pick(language, "依次", "in sequence");
      break;
    case Mode::kRatio:
      label = fmt::format("≥{}%", rule.percent);
      break;
    case Mode::kCount:
      label = language == "en" ? fmt::format("≥{} votes", rule.count)
                               : fmt::format("≥{} 票", rule.count);
      break;
    case Mode::kWeighted:
      label = fmt::format("{} ≥{}", Pick(language, "权重", "weight"), rule.threshold);
      break;
  }
  return label;
}

// How an approval by many is decided: "≥60%", "leading group ≥2 votes + safety committee".
std::string RoundLabel(const State& state, std::string_view language) {
  if (!state.task) return {};
  std::string label = RuleLabel(state.task->rule, language);
  for (const Group& group : state.task->groups) {
    const std::string rule = RuleLabel(group.rule, language);
    label += fmt::format("{}{}{}{}", label.empty() ? "" : " + ", group.title.In(language),
                         rule.empty() ? "" : " ", rule);
  }
  return label;
}

// "event [guard]"; the outcome of the source's task by its title.
std::string LabelOf(const Definition& definition, const Transition& transition,
                    std::string_view language) {
  const State& source = definition.states[transition.source];
  std::string label = transition.title.In(language);
  if (!label.empty()) {
  } else if (transition.clock >= 0) {
    label = ClockLabel(source.clocks[static_cast<std::size_t>(transition.clock)], language);
  } else if (transition.overdue) {
    label = Pick(language, "逾期", "overdue");
  } else {
    for (const std::string& event : transition.events) {
      std::string shown = event;
      for (std::size_t i = 0; source.task && i < source.task->outcomes.size(); ++i) {
        if (source.task->outcomes[i] == event) shown = source.task->outcome_titles[i].In(language);
      }
      label += (label.empty() ? "" : ", ") + shown;
    }
  }
  constexpr std::size_t kLongestGuard = 60;
  const std::string guard = transition.guard.empty() ? "" : transition.guard.source();
  if (!guard.empty() && guard.size() <= kLongestGuard && guard.find('\n') == std::string::npos) {
    label += (label.empty() ? "[" : " [") + guard + "]";
  } else if (!guard.empty()) {
    label += label.empty() ? "[…]" : " […]";
  }
  return label;
}

bool ByClock(const Transition& transition) { return transition.clock >= 0 || transition.overdue; }
bool HasChildren(const State& state) {
  return state.kind == StateKind::kCompound || state.kind == StateKind::kParallel;
}
bool IsHistory(const State& state) {
  return state.kind == StateKind::kShallowHistory || state.kind == StateKind::kDeepHistory;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out + '"';
}

class Dot {
 public:
  Dot(const Definition& definition, const std::vector<StateIndex>& active,
      std::string_view language)
      : definition_(definition), active_(active), language_(language) {}

  std::string Draw() {
    out_ = "digraph " + Quoted(definition_.workflow) + " {\n";
    Line(1, "graph [compound=true, rankdir=TB, fontname=\"sans-serif\", label=" +
                Quoted(definition_.title.In(language_)) + "];");
    Line(1,
         "node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];");
    Line(1, "edge [fontname=\"sans-serif\", fontsize=10];");
    Children(0, 1);
    for (const Transition& transition : definition_.transitions) Edge(transition);
    return out_ + "}\n";
  }

 private:
  void Line(int depth, const std::string& text) {
    out_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n";
  }
  static std::string Node(StateIndex state) { return fmt::format("s{}", state); }

  // A node that stands for the state: inside a cluster its entry point.
  StateIndex Anchor(StateIndex state) const {
    const State* at = &definition_.states[state];
    while (HasChildren(*at)) {
      state = at->initial.empty() ? at->children.front() : at->initial.front();
      at = &definition_.states[state];
    }
    return state;
  }

  void Children(StateIndex parent, int depth) {
    const State& state = definition_.states[parent];
    if (!state.initial.empty()) {
      Line(depth,
           fmt::format("i{} [shape=circle, style=filled, fillcolor=black, width=0.15, label=\"\"];",
                       parent));
      for (const StateIndex target : state.initial) {
        Line(depth, fmt::format("i{} -> {}{};", parent, Node(Anchor(target)), Head(target, "")));
      }
    }
    for (const StateIndex child : state.children) Draw(child, depth);
  }

  void Draw(StateIndex index, int depth) {
    const State& state = definition_.states[index];
    const std::string fill = IsIn(active_, index) ? ", fillcolor=\"#ffd54f\", penwidth=2" : "";
    if (IsHistory(state)) {
      Line(depth, fmt::format("{} [shape=circle, label={}{}];", Node(index),
                              Quoted(state.kind == StateKind::kDeepHistory ? "H*" : "H"), fill));
      return;
    }
    if (!HasChildren(state)) {
      const std::string shape = state.kind == StateKind::kFinal ? ", peripheries=2" : "";
      Line(depth,
           fmt::format("{} [label={}{}{}];", Node(index), Quoted(Caption(state)), shape, fill));
      return;
    }
    Line(depth, fmt::format("subgraph cluster_{} {{", index));
    const bool region = definition_.states[state.parent].kind == StateKind::kParallel;
    Line(depth + 1, fmt::format("label={}; style=\"{}\"; bgcolor={};", Quoted(Caption(state)),
                                region ? "rounded,dashed" : "rounded",
                                IsIn(active_, index) ? "\"#fff8e1\"" : "\"#fafafa\""));
    Children(index, depth + 1);
    Line(depth, "}");
  }

  std::string Caption(const State& state) const {
    std::string caption = TitleOf(state, language_);
    if (caption != state.id) caption += "\n" + state.id;
    if (const std::string round = RoundLabel(state, language_); !round.empty())
      caption += "\n" + round;
    if (state.due && state.due->kind == Due::Kind::kWithin) {
      caption += fmt::format("\n{} {}", Pick(language_, "限", "due"),
                             calendar::ToString(state.due->limit));
    }
    return caption;
  }

  // Edges to and from a cluster end at its border.
  std::string Head(StateIndex target, const std::string& attributes) const {
    std::string all = attributes;
    if (HasChildren(definition_.states[target]))
      all += fmt::format("{}lhead=cluster_{}", all.empty() ? "" : ", ", target);
    return all.empty() ? "" : " [" + all + "]";
  }

  void Edge(const Transition& transition) {
    std::string attributes = "label=" + Quoted(LabelOf(definition_, transition, language_));
    if (ByClock(transition)) attributes += ", style=dashed";
    const StateIndex source = transition.source;
    if (HasChildren(definition_.states[source]))
      attributes += fmt::format(", ltail=cluster_{}", source);
    if (transition.targets.empty()) {
      if (HasChildren(definition_.states[source])) return;  // nothing is left, nothing to draw
      Line(1, fmt::format("{} -> {} [{}, color=gray];", Node(source), Node(source), attributes));
    }
    for (const StateIndex target : transition.targets) {
      Line(1, fmt::format("{} -> {}{};", Node(Anchor(source)), Node(Anchor(target)),
                          Head(target, attributes)));
    }
  }

  const Definition& definition_;
  const std::vector<StateIndex>& active_;
  std::string_view language_;
  std::string out_;
};

class Mermaid {
 public:
  Mermaid(const Definition& definition, const std::vector<StateIndex>& active,
          std::string_view language)
      : definition_(definition), active_(active), language_(language) {}

  std::string Draw() {
    out_ = "stateDiagram-v2\n";
    Children(0, 1);
    for (const Transition& transition : definition_.transitions) Edge(transition);
    if (!active_.empty()) Line(1, "classDef active fill:#ffd54f,stroke-width:2px");
    for (const StateIndex state : active_) {
      if (state != 0) Line(1, fmt::format("class {} active", Node(state)));
    }
    return out_;
  }

 private:
  void Line(int depth, const std::string& text) {
    out_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n";
  }
  static std::string Node(StateIndex state) { return fmt::format("s{}", state); }
  // Mermaid ends a label at the line and reads ':', ';' and '"' itself.
  static std::string Plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
      switch (c) {
        case '"':
          out += "'";
          break;
        case ':':
          out += "#58;";
          break;
        case ';':
          out += "#59;";
          break;
        case '<':
          out += "#lt;";
          break;
        case '>':
          out += "#gt;";
          break;
        case '\n':
          out += ' ';
          break;
        default:
          out += c;
      }
    }
    return out;
  }

  void Children(StateIndex parent, int depth) {
    const State& state = definition_.states[parent];
    for (std::size_t i = 0; i < state.children.size(); ++i) {
      if (i > 0 && state.kind == StateKind::kParallel) Line(depth, "--");
      Draw(state.children[i], depth);
    }
    for (const StateIndex target : state.initial) Line(depth, "[*] --> " + Node(target));
    for (const StateIndex child : state.children) {
      if (definition_.states[child].kind == StateKind::kFinal)
        Line(depth, Node(child) + " --> [*]");
    }
  }

  void Draw(StateIndex index, int depth) {
    const State& state = definition_.states[index];
    std::string title = IsHistory(state) ? (state.kind == StateKind::kDeepHistory ? "H*" : "H")
                                         : TitleOf(state, language_);
    if (const std::string round = RoundLabel(state, language_); !round.empty())
      title += " (" + round + ")";
    Line(depth, fmt::format("state \"{}\" as {}", Plain(title), Node(index)));
    if (!HasChildren(state)) return;
    Line(depth, fmt::format("state {} {{", Node(index)));
    Children(index, depth + 1);
    Line(depth, "}");
  }

  void Edge(const Transition& transition) {
    std::string label = Plain(LabelOf(definition_, transition, language_));
    if (ByClock(transition)) label = "⏱ " + label;
    if (!label.empty()) label = ": " + label;
    if (transition.targets.empty() && !HasChildren(definition_.states[transition.source])) {
      Line(1, fmt::format("{} --> {}{}", Node(transition.source), Node(transition.source), label));
    }
    for (const StateIndex target : transition.targets) {
      Line(1, fmt::format("{} --> {}{}", Node(transition.source), Node(target), label));
    }
  }

  const Definition& definition_;
  const std::vector<StateIndex>& active_;
  std::string_view language_;
  std::string out_;
};

}  // namespace

std::string ToDot(const Definition& definition, const std::vector<model::StateIndex>& active,
                  std::string_view language) {
  return Dot(definition, active, language).Draw();
}

std::string ToMermaid(const Definition& definition, const std::vector<model::StateIndex>& active,
                      std::string_view language) {
  return Mermaid(definition, active, language).Draw();
}

}  // namespace duban::definition
