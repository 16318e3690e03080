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

}  // namespace
}  // namespace duban::definition
