#include "services/import/import_scxml.h"

#include <gtest/gtest.h>

#include "core/definition/load.h"

namespace duban::import {
namespace {

std::string Chart(std::string_view content, std::string_view attributes = "") {
  return "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" " +
         std::string(attributes) + ">" + std::string(content) + "</scxml>";
}

std::string Import(std::string_view xml) {
  const auto yaml = ImportScxml(xml, "folder/My Chart.scxml");
  if (yaml) return *yaml;
  std::string refused;
  for (const auto& diagnostic : yaml.error()) {
    refused += diagnostic.code + ": " +
               (diagnostic.hint.empty() ? diagnostic.message : diagnostic.hint).en + "\n";
  }
  return refused;
}

TEST(ImportScxml, BecomesReadableYaml) {
  const std::string yaml = Import(Chart(R"xml(
    <datamodel><data id="m" expr="0"/><data id="case" expr="m + 1"/></datamodel>
    <state id="a">
      <onentry><raise event="e"/><assign location="m" expr="m + 1"/></onentry>
      <transition event="go stop" cond="m == 1" target="p"/>
      <transition event="*"><log expr="'x'"/></transition>
      <transition event="go stop" target="f"/>
      <transition target="f" cond="In('p')"/>
    </state>
    <parallel id="p">
      <state id="r"><history id="h" type="deep"><transition target="r1"/></history><state id="r1"/></state>
      <state id="q"/>
      <transition event="back" target="h q" type="internal"/>
    </parallel>
    <final id="f"><donedata><param name="k" expr="m"/></donedata></final>)xml"));
  EXPECT_EQ(yaml, R"yaml(workflow: my-chart
data:
  m: {type: any, default: 0}
  v_case: {type: any}
initial: {to: a, do: [{assign: {v_case: "m + 1"}}]}
states:
  a:
    entry: [{raise: e}, {assign: {m: "m + 1"}}]
    on: {"go stop": {when: "m == 1", to: p}, "*": {do: [{log: "'x'"}]}, "go stop go": f}
    always: {when: "In('p')", to: f}
  p:
    parallel: true
    on: {back: {to: [h, q], internal: true}}
    states:
      r:
        states:
          h: {history: deep, to: r1}
          r1: {}
      q: {}
  f: {final: true, result: {k: "m"}}
)yaml");
  const auto loaded = definition::LoadWorkflow("my-chart.yaml", yaml);
  EXPECT_TRUE(loaded.definition);
  for (const auto& diagnostic : loaded.diagnostics) {
    EXPECT_EQ(diagnostic.severity, definition::Severity::kWarning)
        << definition::ToString(diagnostic, "en");
  }
}

TEST(ImportScxml, SendsDelaysAndLateData) {
  const std::string yaml = Import(Chart(R"xml(
    <state id="a">
      <datamodel><data id="v" expr="1 + 1"/></datamodel>
      <onentry>
        <send event="s" delay="1.5s" id="i" namelist="v"/>
        <send event="up" target="#_parent"/>
        <send event="in" target="#_internal"><param name="k" expr="1"/></send>
        <cancel sendid="i"/>
        <foreach array="[1,2]" item="each"><assign location="v" expr="each"/></foreach>
        <if cond="v"><raise event="x"/><elseif cond="v == 2"/><raise event="y"/><else/><raise event="z"/></if>
        <assign location="nowhere.at.all" expr="1"/>
      </onentry>
    </state>)xml",
                                        "binding=\"late\""));
  const auto has = [&](std::string_view part) { return yaml.find(part) != std::string::npos; };
  EXPECT_TRUE(has("send: {event: s, delay: \"1500\", id: i, data: {v: \"v\"}}")) << yaml;
  EXPECT_TRUE(has("send: {event: up, to: parent}")) << yaml;
  EXPECT_TRUE(has("raise: {event: in, data: {k: \"1\"}}")) << yaml;
  EXPECT_TRUE(has("cancel: i")) << yaml;
  EXPECT_TRUE(has("data: {v: {type: any, value: \"1 + 1\"}}")) << yaml;
  EXPECT_TRUE(has("# assigns to nowhere.at.all, which is not declared")) << yaml;
  EXPECT_TRUE(definition::LoadWorkflow("c.yaml", yaml).definition) << yaml;
}

TEST(ImportScxml, WhatCannotBeSaidIsRefusedByNameAllAtOnce) {
  const std::string refused = Import(Chart(R"xml(
    <script>x = 1</script>
    <state id="a">
      <invoke type="scxml"/>
      <onentry><script/><send event="e" target="http://x"/><send event="e" delayexpr="d"/></onentry>
      <transition event="e" cond="++x" target="a"/>
      <transition event="e" colour="red" target="a"/>
    </state>)xml",
                                           "datamodel=\"xpath\""));
  for (std::string_view construct :
       {"datamodel=\"xpath\"", "<script>", "<invoke>", "<send target=\"http://x\">",
        "a computed delay", "`++` (a side effect in an expression)",
        "the attribute `colour` of <transition>"}) {
    EXPECT_NE(refused.find("scxml-unsupported: " + std::string(construct) + "\n"),
              std::string::npos)
        << construct << "\n"
        << refused;
  }
}

TEST(ImportScxml, BadXmlIsAnErrorNeverACrash) {
  EXPECT_TRUE(Import("").starts_with("xml-syntax"));
  EXPECT_TRUE(Import("hello").starts_with("xml-syntax"));
  EXPECT_TRUE(Import("<scxml><state></scxml>").starts_with("xml-syntax"));
  EXPECT_TRUE(Import("<scxml").starts_with("xml-syntax"));
  EXPECT_TRUE(Import("<html/>").starts_with("scxml-unsupported: <html> instead of <scxml>"));
  EXPECT_TRUE(Import(std::string(kMaxXmlBytes + 1, ' ')).starts_with("xml-syntax"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<state>";
  EXPECT_TRUE(Import(deep).starts_with("xml-syntax: elements nested deeper"));
  const std::string chart = Chart("<state id=\"a\"><transition event=\"e\" target=\"a\"/></state>");
  for (std::size_t length = 0; length <= chart.size(); ++length) {
    static_cast<void>(Import(std::string_view(chart).substr(0, length)));
  }
}

}  // namespace
}  // namespace duban::import
