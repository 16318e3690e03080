// lint, schema, graph, import: verbs that work without a server.
#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

void DescribeFiles(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* lint = AddVerb(
      app, t, "lint",
      {"检查定义：一次列出所有错误和警告", "Check definitions: every error and warning at once"},
      "  duban lint workflows/safety-inspection-2022      # a campaign: everything against "
      "everything\n"
      "  duban lint phases/supervision.yaml               # one workflow alone\n"
      "  duban lint --output json . | jq .errors\n");
  lint->add_option("PATH", i.paths,
                   t.Say("文件夹（整个行动）或文件", "folders (campaigns) or files"))
      ->required()
      ->type_name("");
  lint->callback([&i] { i.verb = [&i](const Context& c) { return Lint(c, i.paths); }; });

  AddVerb(app, t, "schema",
          {"打印定义语言的 JSON Schema，供编辑器使用",
           "Print the JSON Schema of the language, for editors"},
          "  duban schema > workflows/schema/workflow.v1.json\n")
      ->callback([&i] { i.verb = PrintSchema; });

  CLI::App* import =
      AddVerb(app, t, "import", {"把别的格式变成 YAML", "Turn another format into YAML"},
              "  duban import scxml traffic-light.scxml > traffic-light.yaml\n");
  import->require_subcommand(1);
  CLI::App* scxml = AddVerb(*import, t, "scxml",
                            {"W3C SCXML；语言表达不了的逐一指名拒绝",
                             "W3C SCXML; what the language cannot say is refused by its name"},
                            "  duban import scxml traffic-light.scxml > traffic-light.yaml\n");
  scxml
      ->add_option("FILE", i.name,
                   t.Say("文件，或 - 表示标准输入", "the file, or - for standard input"))
      ->required()
      ->type_name("");
  scxml->callback([&i] { i.verb = [&i](const Context& c) { return ImportScxml(c, i.name); }; });
}

void DescribeGraph(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* graph = AddVerb(
      app, t, "graph",
      {"画出工作流；案件的当前状态加亮",
       "Draw a workflow; the active states of a case highlighted"},
      "  duban graph workflows/safety-inspection-2022 judicial-referral --file referral.svg\n"
      "  duban graph workflows/safety-inspection-2022 supervision --format mermaid\n"
      "  duban graph --case 0F1K2M3N4P5Q6 --format dot\n");
  GraphArguments& g = i.graph;
  auto* folder = graph->add_option("FOLDER", g.folder, t.Say("行动的文件夹", "a campaign's folder"))
                     ->type_name("");
  auto* workflow =
      graph->add_option("WORKFLOW", g.workflow, t.Say("工作流", "the workflow"))->type_name("");
  folder->needs(workflow);
  graph
      ->add_option("--case", g.case_id,
                   t.Say("改画这个案件（问服务器）", "draw this case instead (asks the server)"))
      ->type_name("ID")
      ->excludes(folder);
  graph
      ->add_option(
          "--format", g.format,
          t.Say("svg（用 Graphviz）、mermaid、dot", "svg (through Graphviz), mermaid, dot"))
      ->check(CLI::IsMember({"svg", "mermaid", "dot"}));
  graph
      ->add_option("--file", g.file,
                   t.Say("写入文件而不是标准输出", "write there instead of to standard output"))
      ->type_name("FILE");
  graph->callback([&i, t] {
    if (i.graph.case_id.empty() && i.graph.folder.empty()) {
      throw CLI::ValidationError(
          t.Say("请给出 FOLDER WORKFLOW，或 --case ID", "give FOLDER WORKFLOW, or --case ID"));
    }
    i.verb = [&i](const Context& c) { return Graph(c, i.graph); };
  });
}

}  // namespace

void DescribeOffline(CLI::App& app, Invocation& i) {
  DescribeFiles(app, i);
  DescribeGraph(app, i);
}

}  // namespace duban::cli
