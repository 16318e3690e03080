#include "core/definition/graph.h"

#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

constexpr const char* kYaml = R"(
workflow: pictures
title: {zh: 图, en: Pictures}
data: {n: int}
states:
  work:
    title: {zh: 办理, en: Working}
    states:
      doing:
        title: {zh: "说“办”: \"x\"", en: Doing}
        task: {for: starter, outcomes: {submitted: {zh: 提交, en: Submit}}}
        due: {within: 3 working days, overdue: {escalate: {post: head}}}
        on: {submitted: both, back: {to: back, when: "n > 3"}}
      both:
        parallel: true
        states:
          left: {states: {l1: {on: {x: l2}}, l2: {final: true}}}
          right: {states: {r1: {after: {within: 2 days, to: r2}}, r2: {final: true}}}
        on: {done.state.both: closed}
      back: {history: deep}
    every: [{monthly: 20, do: [{log: "1"}]}]
    at: {from: 2022-12-01, to: closed}
  closed: {final: true, title: 结束}
)";

TEST(Graph, Dot) {
  const auto d = Load(kYaml);
  const std::filesystem::path folder = SourceRoot() / "tests/unit/definition/graphs";
  ExpectGolden(folder / "pictures.zh.dot", ToDot(*d, {}, "zh"));
  ExpectGolden(folder / "pictures.en.dot",
               ToDot(*d, {d->FindState("work"), d->FindState("doing")}, "en"));
}

TEST(Graph, Mermaid) {
  const auto d = Load(kYaml);
  const std::filesystem::path folder = SourceRoot() / "tests/unit/definition/graphs";
  ExpectGolden(folder / "pictures.zh.mmd", ToMermaid(*d, {}, "zh"));
  ExpectGolden(folder / "pictures.en.mmd",
               ToMermaid(*d, {d->FindState("work"), d->FindState("doing")}, "en"));
}

TEST(Graph, SaysHowManyDecide) {
  const auto pictures = [](const std::string& keys) {
    const auto d = Load("workflow: w\nstates:\n  a: {approval: {title: t, " + keys +
                        "}, on: {approved: b, rejected: b, no_quorum: b}}\n  b: {final: true}\n");
    return ToDot(*d, {}, "zh") + ToDot(*d, {}, "en") + ToMermaid(*d, {}, "en");
  };
  const auto shows = [&](const std::string& keys, std::initializer_list<std::string_view> labels) {
    const std::string drawn = pictures(keys);
    for (const std::string_view label : labels)
      EXPECT_NE(drawn.find(label), std::string::npos) << label << " in\n" << drawn;
  };
  shows("by: {role: r}, rule: any", {"a\\n或签", "a\\nany one", "a (any one)"});
  shows("by: {role: r}, rule: all", {"会签", "a\\nall"});
  shows("by: {role: r}, rule: sequence", {"依次", "in sequence"});
  shows("by: {role: r}, rule: {ratio: 60}", {"≥60%"});
  shows("by: {role: r}, rule: {weighted: {threshold: 51}}", {"权重 ≥51", "weight ≥51"});
  shows(
      "groups: [{title: {zh: 领导小组, en: Leading}, by: {group: g}, rule: {count: 2}}, "
      "{title: 安委办, by: {role: r}}]",
      {"领导小组 ≥2 票 + 安委办", "Leading ≥2 votes + 安委办"});
  EXPECT_EQ(pictures("by: {role: r}").find("one"), std::string::npos);
}

}  // namespace
}  // namespace duban::definition
