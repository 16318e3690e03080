// Each limit of the language: what is just allowed, and what is one too many.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

std::string FirstError(const std::string& yaml) {
  for (const Diagnostic& d : LoadWorkflow("t.yaml", yaml).diagnostics) {
    if (d.severity == Severity::kError) return d.code;
  }
  return "";
}

std::string Repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string WithFields(std::size_t count) {
  std::string yaml = "workflow: w\nstates: {s: {final: true}}\ndata:\n";
  for (std::size_t i = 0; i < count; ++i) yaml += fmt::format("  f{}: text\n", i);
  return yaml;
}

std::string WithStates(std::size_t count) {
  std::string yaml = "workflow: w\nstates:\n";
  for (std::size_t i = 0; i < count; ++i) yaml += fmt::format("  s{}: {{final: true}}\n", i);
  return yaml;
}

std::string WithTransitions(std::size_t count) {
  return "workflow: w\nstates:\n  s: {final: true}\n  a:\n    on:\n      x:\n" +
         Repeated("        - s\n", count);
}

TEST(Limits, File) {
  const std::string yaml = "workflow: w\nstates: {s: {final: true}}\n";
  const std::string padding = "#" + std::string(kMaxFileBytes - yaml.size() - 2, ' ') + "\n";
  EXPECT_EQ(FirstError(yaml + padding), "");
  EXPECT_EQ(FirstError(yaml + padding + "\n"), "file-too-large");
  EXPECT_EQ(FirstError(std::string(10 * kMaxFileBytes, 'x')), "file-too-large");
}

TEST(Limits, Nodes) {
  const auto list = [](std::size_t items) { return "x: [" + Repeated("a,", items) + "]\n"; };
  EXPECT_NE(FirstError(list(kMaxNodes - 3)), "yaml-too-large");
  EXPECT_EQ(FirstError(list(kMaxNodes)), "yaml-too-large");
}

TEST(Limits, AliasesCountWhereTheyAreUsed) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = fmt::format("*a{},", i - 1);
    bomb += fmt::format("a{}: &a{} [{}]\n", i, i, Repeated(before, 10));
  }
  EXPECT_EQ(FirstError(bomb), "yaml-too-large");
  std::string heavy =
      "a: &a \"" + std::string(1000, 'x') + "\"\nb: [" + Repeated("*a,", 5000) + "]\n";
  EXPECT_EQ(FirstError(heavy), "yaml-too-large");
}

TEST(Limits, Depth) {
  const auto nested = [](std::size_t depth) { return Repeated("[", depth) + Repeated("]", depth); };
  EXPECT_NE(FirstError(nested(kMaxYamlDepth)), "yaml-too-deep");
  EXPECT_EQ(FirstError(nested(kMaxYamlDepth + 1)), "yaml-too-deep");
  EXPECT_EQ(FirstError(nested(10'000)), "yaml-too-deep");
  EXPECT_EQ(FirstError(Repeated("[", 500'000)), "yaml-too-deep");
  EXPECT_EQ(FirstError(Repeated("- ", 10'000)), "yaml-too-deep");
  EXPECT_EQ(FirstError(Repeated("{a: ", 10'000)), "yaml-too-deep");
  EXPECT_EQ(FirstError(Repeated("? ", 10'000)), "yaml-too-deep");
  // Depth that comes from aliases counts too.
  std::string stairs = "a0: &a0 [x]\n";
  for (int i = 1; i < 80; ++i) stairs += fmt::format("a{}: &a{} [*a{}]\n", i, i, i - 1);
  EXPECT_EQ(FirstError(stairs), "yaml-too-deep");
}

TEST(Limits, Fields) {
  EXPECT_EQ(FirstError(WithFields(kMaxFields)), "");
  EXPECT_EQ(FirstError(WithFields(kMaxFields + 1)), "too-many-fields");
}

TEST(Limits, FieldsInside) {
  std::string type = "text";
  for (int i = 0; i < 10; ++i) type = "{type: list, of: " + type + "}";
  EXPECT_EQ(FirstError("workflow: w\nstates: {s: {final: true}}\ndata: {f: " + type + "}\n"),
            "too-deep");
}

TEST(Limits, States) {
  EXPECT_EQ(FirstError(WithStates(kMaxStates - 1)), "") << "the workflow itself is one";
  EXPECT_EQ(FirstError(WithStates(kMaxStates)), "too-many-states");
}

TEST(Limits, Transitions) {
  EXPECT_EQ(FirstError(WithTransitions(kMaxTransitions)), "");
  EXPECT_EQ(FirstError(WithTransitions(kMaxTransitions + 1)), "too-many-transitions");
}

TEST(Limits, Targets) {
  EXPECT_EQ(FirstError(R"(
workflow: w
states:
  p: {parallel: true, states: {a: {on: {x: [)" +
                       Repeated("a,", 100) + "]}}, b: {on: {x: s}}}}\n  s: {final: true}\n"),
            "");
  std::string regions;
  std::string names;
  for (int i = 0; i < 101; ++i) {
    regions += fmt::format("r{}: {{on: {{y: s}}}}, ", i);
    names += fmt::format("r{}, ", i);
  }
  EXPECT_EQ(
      FirstError("workflow: w\ninitial: [" + names + "]\nstates:\n  p: {parallel: true, states: {" +
                 regions + "}}\n  s: {final: true}\n"),
      "too-many-targets");
}

TEST(Limits, Actions) {
  std::string action = "{log: \"1\"}";
  for (int i = 0; i < 17; ++i) action = "{if: \"true\", do: [" + action + "]}";
  EXPECT_EQ(FirstError("workflow: w\nstates: {s: {final: true, entry: [" + action + "]}}\n"),
            "too-deep");
}

TEST(Limits, Approvals) {
  const auto approval = [](const std::string& keys) {
    return FirstError("workflow: w\nstates:\n  a: {approval: {title: t, " + keys +
                      "}, on: {approved: e, rejected: e, no_quorum: e}}\n  e: {final: true}\n");
  };
  const auto groups = [&](std::size_t count) {
    return approval("groups: [" + Repeated("{title: g, by: {role: r}},", count) + "]");
  };
  EXPECT_EQ(groups(kMaxGroups), "");
  EXPECT_EQ(groups(kMaxGroups + 1), "too-many-groups");
  const auto rule = [&](const std::string& text) {
    return approval("by: {role: r}, rule: " + text);
  };
  EXPECT_EQ(rule("{ratio: 1}") + rule("{ratio: 100}"), "");
  EXPECT_EQ(rule("{ratio: 0}"), "wrong-kind");
  EXPECT_EQ(rule("{ratio: 101}"), "wrong-kind");
  EXPECT_EQ(rule("{count: 1}") + rule("{count: 10000}"), "");
  EXPECT_EQ(rule("{count: 0}"), "wrong-kind");
  EXPECT_EQ(rule("{count: 10001}"), "wrong-kind");
  EXPECT_EQ(rule("{count: 1, quorum: 1}") + rule("{count: 1, quorum: 100}"), "");
  EXPECT_EQ(rule("{count: 1, quorum: 0}"), "wrong-kind");
  EXPECT_EQ(rule("{count: 1, quorum: 101}"), "wrong-kind");
  EXPECT_EQ(rule("{weighted: {threshold: 10000000000}}"), "");
  EXPECT_EQ(rule("{weighted: {threshold: 10000000001}}"), "wrong-kind");
  EXPECT_EQ(rule("{weighted: {threshold: 0}}"), "wrong-kind");
  const auto weight = [&](const std::string& text) {
    return approval("by: [{role: r}, {role: q, weight: " + text +
                    "}], rule: {weighted: {threshold: 1}}");
  };
  EXPECT_EQ(weight("0") + weight("1000000"), "");
  EXPECT_EQ(weight("-1"), "wrong-kind");
  EXPECT_EQ(weight("1000001"), "wrong-kind");
  const auto draw = [&](const std::string& text) {
    return approval("by: {role: r}, draw: " + text);
  };
  EXPECT_EQ(draw("1") + draw("1000"), "");
  EXPECT_EQ(draw("0"), "wrong-kind");
  EXPECT_EQ(draw("1001"), "wrong-kind");
  const auto levels = [&](const std::string& text) {
    return approval("by: {superiors_of: starter, levels: " + text + "}");
  };
  EXPECT_EQ(levels("1") + levels("10"), "");
  EXPECT_EQ(levels("0"), "wrong-kind");
  EXPECT_EQ(levels("11"), "wrong-kind");
}

TEST(Limits, Texts) {
  EXPECT_EQ(FirstError("workflow: w\ntitle: " + std::string(20'000, 'x') +
                       "\nstates: {s: {final: true}}\n"),
            "text-too-long");
}

TEST(Limits, MessagesCountWhereTheyAreUsed) {
  const auto with = [](std::size_t uses) {
    return "workflow: w\nmessages: {m: {subject: " + std::string(16'000, 'x') +
           "}}\nstates:\n  s:\n    final: true\n    entry:\n" +
           Repeated("      - notify: {to: starter, message: m}\n", uses);
  };
  EXPECT_EQ(FirstError(with(262)), "");
  EXPECT_EQ(FirstError(with(263)), "messages-too-large");
}

TEST(Limits, Diagnostics) {
  std::string yaml = "workflow: w\nstates:\n  s: {final: true}\n  a:\n    on:\n      x:\n" +
                     Repeated("        - nowhere\n", 1000);
  const auto diagnostics = LoadWorkflow("t.yaml", yaml).diagnostics;
  ASSERT_EQ(diagnostics.size(), 201U);
  EXPECT_EQ(diagnostics.back().code, "too-many-diagnostics");
  EXPECT_NE(diagnostics.back().message.en.find("800"), std::string::npos)
      << diagnostics.back().message.en;
}

TEST(Limits, MessagesStayShort) {
  const std::string name(500'000, 'y');
  for (const Diagnostic& d :
       LoadWorkflow("t.yaml", "workflow: w\nstates: {s: {on: {x: " + name + "}}}\n").diagnostics) {
    EXPECT_LT(d.message.en.size(), 1'100U);
    EXPECT_LT(d.source.size(), 500U);
  }
}

}  // namespace
}  // namespace duban::definition
