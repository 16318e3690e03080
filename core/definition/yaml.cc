#include "core/definition/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>

#include "core/model/utf8.h"

namespace duban::definition {
namespace {

int CodePoints(std::string_view text) { return static_cast<int>(model::CountCodePoints(text)); }

// yaml-cpp's words for what it met, in ours.
model::Text Explain(std::string_view message) {
  struct Meaning {
    std::string_view yaml;
    std::string_view zh;
    std::string_view en;
  };
  static constexpr std::array<Meaning, 12> kMeanings = {{
      {"illegal tab", "缩进里有制表符，YAML 只认空格",
       "a tab in the indentation; YAML takes spaces only"},
      {"end of map not found", "映射没有正确结束：检查这一行的缩进和冒号",
       "the map does not end properly: check indentation and colons around this line"},
      {"end of map flow", "缺少 `}`", "a `}` is missing"},
      {"end of sequence not found", "列表没有正确结束：检查这一行的缩进和 `-`",
       "the list does not end properly: check indentation and `-` around this line"},
      {"end of sequence flow", "缺少 `]`", "a `]` is missing"},
      {"illegal map value", "这里不能有 `: `；文字里有冒号时请加引号",
       "`: ` cannot stand here; quote a text that contains a colon"},
      {"illegal EOF in scalar", "引号没有结束", "the quotation does not end"},
      {"illegal document indicator", "引号没有结束", "the quotation does not end"},
      {"unknown escape", "未知的转义；请用单引号，或写 `\\\\`",
       "unknown escape; use single quotes, or write `\\\\`"},
      {"unknown token", "这里不能有这个字符；文字以特殊字符开头时请加引号",
       "this character cannot stand here; quote a text that begins with a special character"},
      {"the referenced anchor", "别名所指的锚点没有定义",
       "the alias names an anchor that is not defined"},
      {"illegal block entry", "这里不能开始列表项 `- `：检查缩进",
       "a list item `- ` cannot begin here: check the indentation"},
  }};
  for (const Meaning& meaning : kMeanings) {
    if (message.starts_with(meaning.yaml))
      return {std::string(meaning.zh), std::string(meaning.en)};
  }
  return {fmt::format("不是合法的 YAML（{}）", message),
          fmt::format("not valid YAML ({})", message)};
}

struct Refused {
  Place place;
  std::string code;
  model::Text message;
  model::Text hint;
};

class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& file, const Report& report) : file_(file), report_(report) {}

  NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw Refused{
          PlaceOf(mark),
          "yaml-documents",
          {"一个文件只能有一个 YAML 文档", "a file holds one YAML document"},
          {"把 `---` 之后的部分放到另一个文件", "put what follows `---` into another file"}};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = NewNode(Node::Kind::kNull, mark);
    node->scalar = "null";
    Finish(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Refused{PlaceOf(mark),
                    "yaml-alias",
                    {"别名指向包含它自己的节点", "the alias stands inside what it names"},
                    {}};
    }
    Attach(found->second, mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckTag(mark, tag);
    auto node = NewNode(Node::Kind::kScalar, mark);
    node->scalar = value;
    node->bytes = value.size();
    node->plain = tag == "?";
    node->place.length = LengthOf(*node);
    Finish(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(Node::Kind::kSequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { End(); }

 private:
  struct Open {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor;
    NodePtr key;
  };

  // Marks come in the order of the text, but for the ends of maps: counts on from the last one on
  // the same line.
  Place PlaceOf(const YAML::Mark& mark) {
    Place place{file_, mark.line + 1, 1, 1};
    if (place.line != counted_.line) {
      const std::string_view line = report_.Line(file_, place.line);
      counted_ = {place.line, line, 0, 0, CodePoints(line)};
    }
    const std::size_t column =
        std::min(static_cast<std::size_t>(std::max(mark.column, 0)), counted_.text.size());
    if (column < counted_.bytes) counted_.bytes = counted_.points = 0;
    counted_.points += static_cast<std::size_t>(
        CodePoints(counted_.text.substr(counted_.bytes, column - counted_.bytes)));
    counted_.bytes = column;
    place.column += static_cast<int>(counted_.points);
    return place;
  }
  std::shared_ptr<Node> NewNode(Node::Kind kind, const YAML::Mark& mark) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = PlaceOf(mark);
    return node;
  }
  // To the end of the value where it stands on one line, quotation marks included.
  int LengthOf(const Node& node) const {
    if (node.scalar.empty() || node.scalar.find('\n') != std::string::npos) return 1;
    const int length = CodePoints(node.scalar);
    const int rest = counted_.total - node.place.column + 1;
    return std::clamp(node.plain ? length : length + 2, 1, std::max(rest, 1));
  }
  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refused{PlaceOf(mark),
                  "yaml-tag",
                  Say("不使用 YAML 标签 `{}`", "YAML tags such as `{}` are not used", tag),
                  {"去掉它；类型由 data: 声明", "leave it out; types are declared in data:"}};
  }
  void Begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
             YAML::anchor_t anchor) {
    CheckTag(mark, tag);
    if (static_cast<int>(open_.size()) >= kMaxYamlDepth) throw TooDeep(PlaceOf(mark));
    open_.push_back({NewNode(kind, mark), anchor, nullptr});
  }
  void End() {
    Open open = std::move(open_.back());
    open_.pop_back();
    if (open.node->is_map()) CheckKeys(*open.node);
    Finish(open.node, open.anchor);
  }
  void Finish(const NodePtr& node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    Attach(node, {});
  }

  void Attach(const NodePtr& node, const YAML::Mark& alias) {
    const Place place = alias.line > 0 || alias.column > 0 ? PlaceOf(alias) : node->place;
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    Node& into = *parent.node;
    into.size += node->size;
    into.bytes += node->bytes;
    into.depth = std::max(into.depth, node->depth + 1);
    std::size_t total = 0;
    std::size_t bytes = 0;
    for (const Open& open : open_) {
      total += open.node->size;
      bytes += open.node->bytes;
    }
    if (total > kMaxNodes || bytes > kMaxYamlBytes) {
      throw Refused{place,
                    "yaml-too-large",
                    Say("文件超过 {} 个节点或 {} 字节（别名按展开计算）",
                        "more than {} nodes or {} bytes (aliases count where they are used)",
                        kMaxNodes, kMaxYamlBytes),
                    {"拆成几个工作流，用 `start:` 连接",
                     "split it into several workflows and connect them with `start:`"}};
    }
    if (static_cast<int>(open_.size()) + into.depth > kMaxYamlDepth + 1) throw TooDeep(place);
    if (into.is_sequence()) {
      into.items.push_back(node);
    } else if (parent.key == nullptr) {
      if (!node->is_scalar()) {
        throw Refused{place, "yaml-key", {"键必须是文字", "a key must be a text"}, {}};
      }
      parent.key = node;
    } else {
      into.entries.push_back({std::exchange(parent.key, nullptr), node});
    }
  }
  static Refused TooDeep(Place place) {
    return {std::move(place),
            "yaml-too-deep",
            Say("嵌套超过 {} 层", "nested deeper than {} levels", kMaxYamlDepth),
            {}};
  }

  static void CheckKeys(const Node& map) {
    std::vector<const Node*> keys;
    keys.reserve(map.entries.size());
    for (const Node::Entry& entry : map.entries) keys.push_back(entry.key.get());
    std::stable_sort(keys.begin(), keys.end(),
                     [](const Node* a, const Node* b) { return a->scalar < b->scalar; });
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i - 1]->scalar != keys[i]->scalar) continue;
      throw Refused{keys[i]->place,
                    "duplicate-key",
                    Say("键 `{}` 在第 {} 行已经写过", "the key `{}` was written before, on line {}",
                        keys[i]->scalar, keys[i - 1]->place.line),
                    {"合并两处，或删去一处", "merge the two, or remove one"}};
    }
  }

  const std::string& file_;
  const Report& report_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
  NodePtr root_;
  int documents_ = 0;
  struct {
    int line = 0;
    std::string_view text;
    std::size_t bytes = 0;   // of the line that are counted
    std::size_t points = 0;  // code points in them
    int total = 0;           // code points of the line
  } counted_;
};

Place PlaceOfByte(const std::string& file, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {file, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + CodePoints(before.substr(line_start)), 1};
}

// yaml-cpp counts bytes; its marks may lie beyond the last line.
Place ClampedPlace(const std::string& file, const YAML::Mark& mark, const Report& report) {
  Place place{file, std::max(mark.line, 0) + 1, 1, 1};
  const std::string_view line = report.Line(file, place.line);
  place.column += CodePoints(line.substr(0, static_cast<std::size_t>(std::max(mark.column, 0))));
  return place;
}

}  // namespace

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key->scalar == key) return entry.value.get();
  }
  return nullptr;
}

NodePtr ReadYaml(const std::string& file, std::string_view text, Report& report) {
  if (text.size() > kMaxFileBytes) {
    report.Error("file-too-large", {file, 0, 0, 1},
                 Say("文件有 {} 字节，上限是 {}", "the file has {} bytes, the limit is {}",
                     text.size(), kMaxFileBytes),
                 {"拆成几个文件，用 `include:` 或 `start:` 连接",
                  "split it and use `include:` or `start:`"});
    return nullptr;
  }
  if (const std::size_t bad = FirstBadByte(text); bad != std::string_view::npos) {
    report.Error(
        "not-utf8", PlaceOfByte(file, text, bad),
        {"这里有不是 UTF-8 的字节或控制字符", "a byte that is not UTF-8, or a control character"},
        {"把文件存为 UTF-8 编码", "save the file as UTF-8"});
    return nullptr;
  }
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    Builder builder(file, report);
    while (parser.HandleNextDocument(builder)) {
    }
    if (builder.root() == nullptr || builder.root()->is_null()) {
      report.Error("empty-file", {file, 1, 1, 1}, {"文件里什么也没有", "the file holds nothing"},
                   {"以 `workflow: 名称` 开头", "begin with `workflow: NAME`"});
      return nullptr;
    }
    return builder.root();
  } catch (const Refused& refused) {
    report.Error(refused.code, refused.place, refused.message, refused.hint);
  } catch (const YAML::Exception& error) {
    const Place place = ClampedPlace(file, error.mark, report);
    const std::string_view line = report.Line(file, place.line);
    const bool tab =
        line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
    report.Error("yaml", place, Explain(tab ? "illegal tab" : std::string_view(error.msg)));
  } catch (const std::exception& error) {
    report.Error("yaml", {file, 1, 1, 1}, Explain(error.what()));
  }
  return nullptr;
}

Place PlaceInside(const Node& scalar, int line, int column, int length, const Report& report) {
  std::string_view value = scalar.scalar;
  const bool block = value.find('\n') != std::string_view::npos;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = value.find('\n');
    if (end == std::string_view::npos) return scalar.place;
    value.remove_prefix(end + 1);
  }
  value = value.substr(0, value.find('\n'));
  // A literal block begins on the line after its `|`; anything else where its node does.
  const int at = scalar.place.line + line - 1 + (block ? 1 : 0);
  const std::string_view source = report.Line(scalar.place.file, at);
  std::size_t from = 0;
  if (!block) {
    int skip = scalar.place.column - 1 + (scalar.plain ? 0 : 1);
    while (from < source.size() && skip > 0) {
      do ++from;
      while (from < source.size() && (static_cast<unsigned char>(source[from]) & 0xC0U) == 0x80);
      --skip;
    }
  } else {
    from = source.find_first_not_of(' ');
    const std::size_t own = value.find_first_not_of(' ');
    if (from == std::string_view::npos || own == std::string_view::npos || own > from) {
      return scalar.place;
    }
    from -= own;
  }
  if (!source.substr(from).starts_with(value)) return scalar.place;
  return {scalar.place.file, at, CodePoints(source.substr(0, from)) + column, std::max(length, 1)};
}

}  // namespace duban::definition
