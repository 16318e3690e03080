#include <algorithm>
#include <string>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

constexpr int kMaxLevels = 10;

template <class Named>
std::vector<std::string_view> Ids(const std::map<std::string, Named, std::less<>>& named) {
  std::vector<std::string_view> ids;
  for (const auto& [id, value] : named) ids.push_back(id);
  return ids;
}

// The id, checked against the organisation where there is one.
template <class Named>
std::string ReadId(Context& context, const Node& node, std::string_view zh, std::string_view en,
                   const std::map<std::string, Named, std::less<>>& (Organisation::*all)() const) {
  if (!ExpectScalar(node, context.report)) return {};
  const Organisation* organisation = context.surroundings.organisation;
  if (organisation != nullptr) {
    const auto& known = (organisation->*all)();
    if (!known.contains(node.scalar) && !context.report.full()) {
      context.report.Error("unknown-addressee", node.place,
                           {fmt::format("organisation.yaml 里没有{} `{}`", zh, node.scalar),
                            fmt::format("organisation.yaml has no {} `{}`", en, node.scalar)},
                           DidYouMeanOrList(node.scalar, Ids(known)));
    }
  }
  return node.scalar;
}

bool HoldsSomebody(const Field& field) {
  switch (field.kind) {
    case FieldKind::kPerson:
    case FieldKind::kOffice:
    case FieldKind::kEnterprise:
    case FieldKind::kAny:
      return true;
    case FieldKind::kList:
      return field.item == nullptr || HoldsSomebody(*field.item);
    default:
      return false;
  }
}

std::optional<model::FieldIndex> ReadFieldWithSomebody(Context& context, const Node& node) {
  const auto index = FindFieldOrReport(context, node);
  if (index && !HoldsSomebody(context.definition.fields[*index])) {
    context.report.Error("not-addressable", node.place,
                         Say("字段 `{}` 里不是人员、科室或企业",
                             "the field `{}` holds no person, office or enterprise", node.scalar),
                         {"声明为 {type: person}、office、enterprise 或它们的列表",
                          "declare it as {type: person}, office, enterprise, or a list of them"});
  }
  return index;
}

// The id of anybody who stands under somebody.
std::string ReadSubjectId(Context& context, const Node& node) {
  const Organisation* organisation = context.surroundings.organisation;
  if (!ExpectScalar(node, context.report) || organisation == nullptr) return node.scalar;
  std::vector<std::string_view> known = Ids(organisation->people());
  for (const auto& ids :
       {Ids(organisation->posts()), Ids(organisation->offices()), Ids(organisation->enterprises())})
    known.insert(known.end(), ids.begin(), ids.end());
  if (std::find(known.begin(), known.end(), node.scalar) == known.end() && !context.report.full()) {
    known.insert(known.end(), {"starter", "actor"});
    context.report.Error(
        "unknown-addressee", node.place,
        Say("organisation.yaml 里没有人员、岗位、科室或企业 `{}`",
            "organisation.yaml has no person, post, office or enterprise `{}`", node.scalar),
        DidYouMeanOrList(node.scalar, known));
  }
  return node.scalar;
}

// Whose superior, head or deputy: starter, actor, a field, or an id.
void ReadSubject(Context& context, Addressee& addressee, const Node& node) {
  using Of = Addressee::Of;
  if (node.is_map()) {
    addressee.of = Of::kField;
    const Object object(node, kFieldReferenceKeys, context.report);
    if (const Node* field = object["field"])
      addressee.field = ReadFieldWithSomebody(context, *field).value_or(0);
  } else if (node.is_scalar() && (node.scalar == "starter" || node.scalar == "actor")) {
    addressee.of = node.scalar == "starter" ? Of::kStarter : Of::kActor;
  } else if (addressee.kind == Addressee::Kind::kOfficeHead) {
    addressee.id = ReadId<Office>(context, node, "科室", "office", &Organisation::offices);
  } else {
    addressee.id = ReadSubjectId(context, node);
  }
}

void ReadExpression(Context& context, Addressee& addressee, const Node& node) {
  addressee.program = CompileCel(context, node);
  const auto kind = addressee.program.type().kind();
  if (!addressee.program.empty() && kind != expression::Type::Kind::kString &&
      kind != expression::Type::Kind::kList && kind != expression::Type::Kind::kDyn) {
    context.report.Error("wrong-type", node.place,
                         Say("这里应是人员编号或其列表，而不是 {}",
                             "expected an id or a list of ids of people, not {}",
                             addressee.program.type().ToString()));
  }
}

std::optional<Addressee> ReadWordAddressee(Context& context, const Node& node) {
  Addressee addressee;
  addressee.place = node.place;
  if (node.scalar == "starter" || node.scalar == "participants") {
    addressee.kind =
        node.scalar == "starter" ? Addressee::Kind::kStarter : Addressee::Kind::kParticipants;
    return addressee;
  }
  model::Text hint = DidYouMean(node.scalar, {"starter", "participants"});
  if (hint.empty()) {
    hint = Say("写成 {{role: {}}}、{{post: {}}}、{{person: {}}} 等",
               "write {{role: {}}}, {{post: {}}}, {{person: {}}} …", node.scalar, node.scalar,
               node.scalar);
  }
  context.report.Error("unknown-addressee", node.place,
                       Say("`{}` 不是对象", "`{}` is not an addressee", node.scalar),
                       std::move(hint));
  return std::nullopt;
}

void ReadLevelsAndWeight(Context& context, Addressee& addressee, const Object& object,
                         Weights weights) {
  Report& report = context.report;
  if (const Node* levels = object["levels"]) {
    addressee.levels = static_cast<int>(ReadInteger(*levels, 1, kMaxLevels, report).value_or(1));
    if (addressee.kind != Addressee::Kind::kSuperiors) {
      report.Error("conflicting-keys", object.KeyPlace("levels"),
                   {"levels 只与 superiors_of 一起", "`levels` goes with `superiors_of` only"});
    }
  }
  const Node* weight = object["weight"];
  if (weight == nullptr) return;
  addressee.weight = ReadInteger(*weight, 0, approval::kMaxWeight, report).value_or(1);
  if (weights == Weights::kGiven) return;
  report.Error("weight-unused", object.KeyPlace("weight"),
               {"只有加权票签才看权重", "only a weighted rule looks at weights"},
               {"写 rule: {weighted: {threshold: …}}，或去掉 weight",
                "write rule: {weighted: {threshold: …}}, or leave the weight out"});
}

struct KindOfKey {
  std::string_view key;
  Addressee::Kind kind;
};
constexpr KindOfKey kKinds[] = {
    {"person", Addressee::Kind::kPerson},
    {"post", Addressee::Kind::kPost},
    {"office", Addressee::Kind::kOffice},
    {"head_of", Addressee::Kind::kOfficeHead},
    {"role", Addressee::Kind::kRole},
    {"enterprise", Addressee::Kind::kEnterprise},
    {"group", Addressee::Kind::kGroup},
    {"superior_of", Addressee::Kind::kSuperior},
    {"superiors_of", Addressee::Kind::kSuperiors},
    {"deputy_in_charge_of", Addressee::Kind::kDeputyInCharge},
    {"field", Addressee::Kind::kField},
    {"expression", Addressee::Kind::kExpression},
};

void ReadWho(Context& context, Addressee& addressee, const Node& node) {
  using Kind = Addressee::Kind;
  switch (addressee.kind) {
    case Kind::kPerson:
      addressee.id = ReadId<Person>(context, node, "人员", "person", &Organisation::people);
      break;
    case Kind::kPost:
      addressee.id = ReadId<Post>(context, node, "岗位", "post", &Organisation::posts);
      break;
    case Kind::kOffice:
      addressee.id = ReadId<Office>(context, node, "科室", "office", &Organisation::offices);
      break;
    case Kind::kRole:
      addressee.id = ReadId<Role>(context, node, "角色", "role", &Organisation::roles);
      break;
    case Kind::kEnterprise:
      addressee.id =
          ReadId<Enterprise>(context, node, "企业", "enterprise", &Organisation::enterprises);
      break;
    case Kind::kGroup:
      addressee.id =
          ReadId<OrganisationGroup>(context, node, "工作组", "group", &Organisation::groups);
      break;
    case Kind::kField:
      addressee.field = ReadFieldWithSomebody(context, node).value_or(0);
      break;
    case Kind::kExpression:
      ReadExpression(context, addressee, node);
      break;
    default:
      ReadSubject(context, addressee, node);
  }
  if (addressee.kind == Kind::kOfficeHead && addressee.of == Addressee::Of::kField)
    addressee.kind = Kind::kHeadOfField;
}

std::optional<Addressee> ReadAddressee(Context& context, const Node& node, Weights weights) {
  if (node.is_scalar()) return ReadWordAddressee(context, node);
  const Object object(node, kAddresseeKeys, context.report);
  std::vector<std::string_view> keys;
  for (const KindOfKey& kind : kKinds) keys.push_back(kind.key);
  if (!object.ExactlyOne(keys, context.report)) return std::nullopt;
  for (const KindOfKey& kind : kKinds) {
    const Node* who = object[kind.key];
    if (who == nullptr) continue;
    Addressee addressee;
    addressee.kind = kind.kind;
    addressee.place = node.place;
    ReadWho(context, addressee, *who);
    ReadLevelsAndWeight(context, addressee, object, weights);
    return addressee;
  }
  return std::nullopt;
}

}  // namespace

bool HoldsPeople(const Field& field) {
  if (field.kind == FieldKind::kList) return field.item != nullptr && HoldsPeople(*field.item);
  return field.kind == FieldKind::kPerson;
}

Addressees ReadAddressees(Context& context, const Node& node, Weights weights) {
  Addressees addressees;
  for (const Node* item : OneOrMany(node)) {
    if (auto addressee = ReadAddressee(context, *item, weights))
      addressees.push_back(*std::move(addressee));
  }
  if (node.is_sequence() && node.items.empty()) {
    context.report.Error("nobody", node.place, {"列表是空的：没有人", "an empty list: nobody"},
                         {"写上对象，或去掉这个键", "name somebody, or leave the key out"});
  }
  return addressees;
}

}  // namespace duban::definition
