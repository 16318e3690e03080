// By which rule an approval is decided.
#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using approval::Mode;
using approval::Rule;

constexpr std::int64_t kMaxCount = 10'000;
constexpr std::int64_t kMaxThreshold = kMaxCount * approval::kMaxWeight;

std::optional<Mode> ReadMode(Context& context, const Node& node) {
  static constexpr std::pair<std::string_view, Mode> kModes[] = {
      {"one", Mode::kOne}, {"any", Mode::kAny}, {"all", Mode::kAll}, {"sequence", Mode::kSequence}};
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  for (const auto& [name, mode] : kModes) {
    if (node.scalar == name) return mode;
  }
  context.report.Error(
      "unknown-rule", node.place, Say("没有审批规则 `{}`", "there is no rule `{}`", node.scalar),
      DidYouMeanOrList(node.scalar, {"one", "any", "all", "sequence", "{ratio: 60}", "{count: 3}",
                                     "{weighted: {threshold: 51}}"}));
  return std::nullopt;
}

void ReadOptions(Context& context, WrittenRule& written, const Object& options) {
  Rule& rule = written.rule;
  if (const Node* collect = options["collect"])
    rule.collect_all = ReadBool(*collect, context.report).value_or(false);
  if (const Node* quorum = options["quorum"])
    rule.quorum = static_cast<int>(ReadInteger(*quorum, 1, 100, context.report).value_or(0));
  const Node* tie = options["tie"];
  if (tie == nullptr) return;
  const auto word = ReadWord(*tie, kTieWords, context.report);
  rule.tie = static_cast<approval::Tie>(word.value_or(0));
  written.tie_said = true;
  if (rule.mode == Mode::kWeighted || (rule.mode == Mode::kRatio && rule.percent == 50)) return;
  context.report.Error("tie-unused", options.KeyPlace("tie"),
                       {"只有 ratio: 50 和加权票签会恰好一半",
                        "only ratio: 50 and weights can come to exactly half"});
}

// Options that belong inside: `{all: {collect: true}}`, not `{all: {}, collect: true}`.
void CheckOutside(Context& context, const Object& object, Mode mode) {
  for (const std::string_view key : {"of", "tie", "collect", "quorum"}) {
    if (object.node().Find(key) == nullptr) continue;
    if (mode == Mode::kRatio || (mode == Mode::kCount && key != "of")) continue;
    context.report.Error(
        "conflicting-keys", object.KeyPlace(key),
        Say("`{}` 不在这里", "`{}` does not go here", key),
        key == "of" ? model::Text("of 只与 ratio 一起", "`of` goes with `ratio` only")
                    : model::Text("写在 all、sequence、weighted 里面，如 {all: {collect: true}}",
                                  "write it inside: {all: {collect: true}}"));
  }
}

void ReadRuleMap(Context& context, WrittenRule& written, const Object& object) {
  static constexpr std::pair<std::string_view, Mode> kModes[] = {{"ratio", Mode::kRatio},
                                                                 {"count", Mode::kCount},
                                                                 {"weighted", Mode::kWeighted},
                                                                 {"all", Mode::kAll},
                                                                 {"sequence", Mode::kSequence}};
  Rule& rule = written.rule;
  const Node* what = nullptr;
  for (const auto& [key, mode] : kModes) {
    if (what != nullptr || object.node().Find(key) == nullptr) continue;
    what = object.node().Find(key);
    rule.mode = mode;
  }
  if (what == nullptr || what->is_null()) return;  // reported
  CheckOutside(context, object, rule.mode);
  if (rule.mode == Mode::kRatio || rule.mode == Mode::kCount) {
    if (rule.mode == Mode::kRatio) {
      rule.percent = static_cast<int>(ReadInteger(*what, 1, 100, context.report).value_or(100));
    } else {
      rule.count = static_cast<int>(ReadInteger(*what, 1, kMaxCount, context.report).value_or(1));
    }
    if (const Node* of = object["of"]) {
      const auto word = ReadWord(*of, kBaseWords, context.report);
      rule.base = static_cast<approval::Base>(word.value_or(0));
    }
    ReadOptions(context, written, object);
    return;
  }
  const bool weighted = rule.mode == Mode::kWeighted;
  const Object inner(*what, weighted ? kWeightedKeys : kRoundOptionKeys, context.report);
  if (!inner.is_map()) return;
  if (const Node* threshold = weighted ? inner["threshold"] : nullptr)
    rule.threshold = ReadInteger(*threshold, 1, kMaxThreshold, context.report).value_or(0);
  ReadOptions(context, written, inner);
}

// The most seats that one addressee gives; 0: known only when the case runs.
int SeatsOfOne(const Definition& definition, const Addressee& who) {
  using Kind = Addressee::Kind;
  const auto of_field = [&] {
    return FieldKindOf(definition, who) == FieldKind::kList ||
                   FieldKindOf(definition, who) == FieldKind::kAny
               ? 0
               : 1;
  };
  switch (who.kind) {
    case Kind::kPerson:
    case Kind::kPost:
    case Kind::kOfficeHead:
    case Kind::kStarter:
      return 1;
    case Kind::kField:
      return FieldKindOf(definition, who) == FieldKind::kPerson ? 1 : 0;
    case Kind::kHeadOfField:
      return of_field();
    case Kind::kSuperior:
    case Kind::kDeputyInCharge:
      return who.of == Addressee::Of::kField ? of_field() : 1;
    case Kind::kExpression:
      return who.program.type().kind() == expression::Type::Kind::kString ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace

WrittenRule ReadRule(Context& context, const Node* node, const Place& fallback) {
  WrittenRule written;
  written.place = node != nullptr ? node->place : fallback;
  if (node == nullptr) return written;
  if (!node->is_map()) {
    written.rule.mode = ReadMode(context, *node).value_or(Mode::kOne);
    return written;
  }
  const Object object(*node, kRuleKeys, context.report);
  if (object.ExactlyOne({"ratio", "count", "weighted", "all", "sequence"}, context.report))
    ReadRuleMap(context, written, object);
  return written;
}

Seats SeatsOf(const Definition& definition, const Addressees& people, int draw) {
  Seats seats;
  bool same_weight = true;
  for (const Addressee& who : people) {
    const int count = SeatsOfOne(definition, who);
    same_weight = same_weight && who.weight == people.front().weight;
    if (count == 0) return {draw, same_weight && draw > 0 ? draw * people.front().weight : 0};
    seats.people += count;
    seats.weights += count * who.weight;
  }
  if (draw == 0 || draw >= seats.people) return seats;
  return {draw, same_weight ? draw * people.front().weight : 0};
}

void CheckRule(Context& context, const WrittenRule& written, const Addressees& people, int draw) {
  const Seats seats = SeatsOf(context.definition, people, draw);
  const Rule& rule = written.rule;
  const auto weightless = [](const Addressee& who) { return who.weight == 0; };
  if (rule.mode == Mode::kWeighted && !people.empty() &&
      std::all_of(people.begin(), people.end(), weightless)) {
    context.report.Error("no-weight", written.place,
                         {"所有人的权重都是 0", "everybody's weight is 0"},
                         {"至少给一个人权重", "give somebody a weight"});
    return;
  }
  switch (approval::Check(rule, written.tie_said, seats.people, seats.weights)) {
    case approval::Flaw::kCountAboveSeats:
      context.report.Error("count-above-seats", written.place,
                           Say("最多只有 {} 个席位，凑不出 {} 票同意",
                               "no more than {} can vote: {} approvals are never reached",
                               seats.people, rule.count));
      break;
    case approval::Flaw::kThresholdAboveWeights:
      context.report.Error(
          "threshold-above-weights", written.place,
          Say("权重之和最多 {}，达不到 {}",
              "the weights sum to {} at the most: {} is never reached", seats.weights,
              rule.threshold),
          {"把 threshold 降下来，或加 weight", "lower the threshold, or give weights"});
      break;
    case approval::Flaw::kTieUnsaid:
      context.report.Error("tie-unsaid", written.place,
                           {"没有写恰好一半时算什么", "it is not said what exactly half means"},
                           {"写 tie: approve 或 tie: reject", "write tie: approve or tie: reject"});
      break;
    default:  // what cannot be written is not here
      break;
  }
}

std::vector<Group> ReadGroups(Context& context, const Node& node) {
  std::vector<Group> groups;
  for (const Node* item : OneOrMany(node)) {
    if (groups.size() >= kMaxGroups) {
      context.report.Error("too-many-groups", item->place,
                           Say("小组超过 {} 个", "more than {} groups", kMaxGroups));
      break;
    }
    const Object object(*item, kGroupKeys, context.report);
    if (!object.is_map()) continue;
    Group group;
    if (const Node* title = object["title"]) group.title = ReadTitle(*title, context.report);
    const WrittenRule rule = ReadRule(context, object["rule"], item->place);
    group.rule = rule.rule;
    if (const Node* by = object["by"]) group.people = ReadAddressees(context, *by, rule.weights());
    CheckRule(context, rule, group.people, 0);
    groups.push_back(std::move(group));
  }
  if (groups.empty() && node.is_sequence()) {
    context.report.Error("empty-value", node.place,
                         {"至少要有一个小组", "an approval by groups needs a group"});
  }
  return groups;
}

}  // namespace duban::definition
