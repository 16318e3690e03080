#include "core/definition/organisation.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/definition/scalars.h"
#include "core/definition/yaml.h"

namespace duban::definition {

using model::PersonId;

bool Mandate::Covers(std::string_view workflow) const {
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), workflow) != names.end();
  };
  return (workflows.empty() || has(workflows)) && !has(except);
}

// Reads organisation.yaml: first everything that is named, then who is named in it.
struct OrganisationReader {
  Organisation& organisation;
  Report& report;

  struct Reference {
    const Node* node;
    enum class To { kPerson, kOffice, kPost, kRole, kOfficeOrPost, kPersonOrPost } to;
  };
  std::vector<Reference> references;
  std::vector<const Node*> mandate_nodes;  // beside organisation.mandates_

  std::string Id(const Node& node, Reference::To to) {
    if (!ExpectScalar(node, report)) return {};
    references.push_back({&node, to});
    return node.scalar;
  }
  std::vector<PersonId> People(const Node* node) {
    std::vector<PersonId> people;
    if (node == nullptr) return people;
    for (const Node* name : ReadNames(*node, report)) {
      std::string id = Id(*name, Reference::To::kPerson);
      if (std::find(people.begin(), people.end(), id) == people.end())
        people.push_back(std::move(id));
    }
    return people;
  }
  model::Text Name(const Node* node, const std::string& id) {
    model::Text name;
    if (node != nullptr) name = ReadTitle(*node, report);
    return name.empty() ? model::Text(id, id) : name;
  }

  template <class Read>
  void Each(const Node* node, Read read) {
    if (node == nullptr || node->is_null() || !ExpectMap(*node, "映射", "a map", report)) return;
    for (const Node::Entry& entry : node->entries) {
      const std::string& id = entry.key->scalar;
      if (!IsName(id)) {
        report.Error("id", entry.key->place,
                     Say("编号 `{}` 只能用字母、数字、_、- 和点",
                         "the id `{}` takes letters, digits, _, - and . only", id));
      }
      read(id, *entry.value);
    }
  }

  std::optional<calendar::DateRange> Period(const Object& object) {
    const Node* from = object["from"];
    const Node* to = object["to"];
    if (!object.is_map() || from == nullptr || to == nullptr) return std::nullopt;
    const auto first = ReadDate(*from, report);
    const auto last = ReadDate(*to, report);
    if (!first || !last) return std::nullopt;
    if (*first > *last) {
      report.Error("empty-range", from->place,
                   Say("`from` {} 晚于 `to` {}", "`from` {} is later than `to` {}",
                       first->ToString(), last->ToString()));
      return std::nullopt;
    }
    return calendar::DateRange{*first, *last};
  }

  void ReadLanguage(Person& person, const Node& node) {
    person.language = ReadText(node, report).value_or("zh");
    if (person.language == "zh" || person.language == "en") return;
    report.Error("wrong-value", node.place, {"language 只能是 zh 或 en", "language is zh or en"});
  }

  void ReadPerson(const std::string& id, const Node& node) {
    const Object object(node, kPersonKeys, report);
    if (!object.is_map()) return;
    Person person;
    person.id = id;
    person.name = Name(object["name"], id);
    if (const Node* office = object["office"]) person.office = Id(*office, Reference::To::kOffice);
    if (const Node* service = object["service"])
      person.service = ReadBool(*service, report).value_or(false);
    if (const Node* disabled = object["disabled"])
      person.disabled = ReadBool(*disabled, report).value_or(false);
    if (const Node* away = object["away"]) {
      for (const Node* item : OneOrMany(*away)) {
        const Object period(*item, kPeriodKeys, report);
        if (const auto range = Period(period)) person.away.push_back(*range);
      }
    }
    if (const Node* language = object["language"]) ReadLanguage(person, *language);
    if (const Node* addresses = object["addresses"];
        addresses != nullptr &&
        ExpectMap(*addresses, "渠道到地址的映射", "a map of addresses by channel", report)) {
      for (const Node::Entry& entry : addresses->entries) {
        person.addresses[entry.key->scalar] = ReadText(*entry.value, report).value_or("");
      }
    }
    if (id == model::PersonId("system")) {
      report.Error("reserved-name", node.place,
                   {"`system` 是引擎自己的编号", "`system` is the engine's own id"});
    }
    organisation.people_.emplace(id, std::move(person));
  }
  void ReadPost(const std::string& id, const Node& node) {
    const Object object(node, kPostKeys, report);
    if (!object.is_map()) return;
    Post post{id, Name(object["title"], id), {}};
    if (const Node* holder = object["holder"]) post.holder = Id(*holder, Reference::To::kPerson);
    organisation.posts_.emplace(id, std::move(post));
  }
  void ReadOffice(const std::string& id, const Node& node) {
    const Object object(node, kOfficeKeys, report);
    if (!object.is_map()) return;
    Office office{id, Name(object["title"], id), {}, People(object["members"]), {}, {}};
    if (const Node* head = object["head"]) {
      office.head = Id(*head, Reference::To::kPerson);
      auto& members = office.members;
      if (std::find(members.begin(), members.end(), office.head) == members.end())
        members.insert(members.begin(), office.head);
    }
    if (const Node* superior = object["superior"])
      office.superior = Id(*superior, Reference::To::kOfficeOrPost);
    if (const Node* deputy = object["deputy"])
      office.deputy = Id(*deputy, Reference::To::kPersonOrPost);
    organisation.offices_.emplace(id, std::move(office));
  }
  void ReadRole(const std::string& id, const Node& node) {
    const Object object(node, kRoleKeys, report);
    if (!object.is_map()) return;
    organisation.roles_.emplace(id, Role{id, Name(object["title"], id), People(object["members"])});
  }
  void ReadEnterprise(const std::string& id, const Node& node) {
    const Object object(node, kEnterpriseKeys, report);
    if (!object.is_map()) return;
    Enterprise enterprise{id, Name(object["title"], id), {}, People(object["contacts"]), {}};
    if (const Node* office = object["office"])
      enterprise.office = Id(*office, Reference::To::kOffice);
    if (const Node* principal = object["principal"])
      enterprise.principal = Id(*principal, Reference::To::kPerson);
    organisation.enterprises_.emplace(id, std::move(enterprise));
  }

  void ReadMember(OrganisationGroup& group, const Node& node) {
    using Kind = OrganisationGroup::Member::Kind;
    using To = Reference::To;
    struct KindOfKey {
      std::string_view key;
      Kind kind;
      To to;
    };
    static constexpr KindOfKey kKinds[] = {
        {"post", Kind::kPost, To::kPost},        {"person", Kind::kPerson, To::kPerson},
        {"office", Kind::kOffice, To::kOffice},  {"head_of", Kind::kHeadOf, To::kOffice},
        {"heads_of", Kind::kHeadsOfOffices, {}}, {"role", Kind::kRole, To::kRole}};
    static constexpr std::string_view kOffices[] = {"offices"};
    const Object object(node, kMemberKeys, report);
    std::vector<std::string_view> keys;
    for (const KindOfKey& kind : kKinds) keys.push_back(kind.key);
    if (!object.ExactlyOne(keys, report)) return;
    for (const KindOfKey& kind : kKinds) {
      const Node* id = object[kind.key];
      if (id == nullptr) continue;
      if (kind.kind == Kind::kHeadsOfOffices) {
        ReadWord(*id, kOffices, report);
        group.members.push_back({kind.kind, {}});
      } else {
        group.members.push_back({kind.kind, Id(*id, kind.to)});
      }
      return;
    }
  }
  void ReadGroup(const std::string& id, const Node& node) {
    const Object object(node, kOrganisationGroupKeys, report);
    if (!object.is_map()) return;
    OrganisationGroup group{id, Name(object["title"], id), {}};
    if (const Node* members = object["members"]) {
      for (const Node* member : OneOrMany(*members)) ReadMember(group, *member);
      if (members->is_sequence() && members->items.empty()) {
        report.Error("nobody", members->place, {"列表是空的：没有人", "an empty list: nobody"},
                     {"写上成员，或去掉这个工作组", "name somebody, or leave the group out"});
      }
    }
    organisation.groups_.emplace(id, std::move(group));
  }

  std::vector<std::string> Names(const Node* node) {
    std::vector<std::string> names;
    if (node == nullptr) return names;
    for (const Node* name : ReadNames(*node, report)) names.push_back(name->scalar);
    return names;
  }
  void ReadMandate(const Node& node) {
    const Object object(node, kMandateKeys, report);
    const Node* principal = object["principal"];
    const Node* agent = object["agent"];
    if (!object.is_map() || principal == nullptr || agent == nullptr) return;
    Mandate mandate;
    mandate.principal = Id(*principal, Reference::To::kPerson);
    mandate.agent = Id(*agent, Reference::To::kPerson);
    mandate.workflows = Names(object["workflows"]);
    mandate.except = Names(object["except"]);
    const auto period = Period(object);
    if (!period) return;
    mandate.period = *period;
    organisation.mandates_.push_back(std::move(mandate));
    mandate_nodes.push_back(&node);
  }

  // Whether both may hold on one day for one workflow.
  static bool Meet(const Mandate& a, const Mandate& b) {
    if (a.period.last < b.period.first || b.period.last < a.period.first) return false;
    const auto& names = a.workflows.empty() ? b.workflows : a.workflows;
    return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
             return a.Covers(name) && b.Covers(name);
           });
  }
  void CheckMandates() {
    const std::vector<Mandate>& mandates = organisation.mandates_;
    std::map<std::pair<PersonId, PersonId>, std::vector<std::size_t>> by_pair;
    for (std::size_t i = 0; i < mandates.size(); ++i) {
      const Mandate& mandate = mandates[i];
      const Node& node = *mandate_nodes[i];
      by_pair[{mandate.principal, mandate.agent}].push_back(i);
      if (mandate.principal == mandate.agent) {
        report.Error("mandate-to-oneself", node.Find("agent")->place,
                     {"不能委托自己", "nobody needs a mandate of their own"});
        continue;
      }
      for (const auto& [key, id] :
           {std::pair("principal", &mandate.principal), std::pair("agent", &mandate.agent)}) {
        const Person* person = organisation.FindPerson(*id);
        if (person == nullptr || !person->service) continue;
        report.Error("mandate-of-service", node.Find(key)->place,
                     Say("`{}` 是客户端应用，不能委托或代理",
                         "`{}` is a client application: it gives and takes no mandate", *id));
      }
      const auto back = by_pair.find({mandate.agent, mandate.principal});
      if (back == by_pair.end()) continue;
      for (const std::size_t other : back->second) {
        if (!Meet(mandate, mandates[other])) continue;
        report.Error("mandate-cycle", node.place,
                     Say("`{}` 和 `{}` 互相代理，时段重叠（另一个在第 {} 行）",
                         "`{}` and `{}` act for each other at the same time (the other on line {})",
                         mandate.principal, mandate.agent, mandate_nodes[other]->place.line),
                     {"错开时段，或分开适用的工作流", "let the periods or the workflows differ"});
        break;
      }
    }
  }

  bool Known(const std::string& id, Reference::To to) const {
    using To = Reference::To;
    switch (to) {
      case To::kPerson:
        return organisation.people_.contains(id);
      case To::kOffice:
        return organisation.offices_.contains(id);
      case To::kPost:
        return organisation.posts_.contains(id);
      case To::kRole:
        return organisation.roles_.contains(id);
      case To::kOfficeOrPost:
        return Known(id, To::kOffice) || Known(id, To::kPost);
      case To::kPersonOrPost:
        return Known(id, To::kPerson) || Known(id, To::kPost);
    }
    return false;
  }
  std::vector<std::string_view> AllOf(Reference::To to) const {
    using To = Reference::To;
    std::vector<std::string_view> known;
    const auto add = [&](const auto& named) {
      for (const auto& [id, value] : named) known.push_back(id);
    };
    if (to == To::kPerson || to == To::kPersonOrPost) add(organisation.people_);
    if (to == To::kOffice || to == To::kOfficeOrPost) add(organisation.offices_);
    if (to == To::kPost || to == To::kOfficeOrPost || to == To::kPersonOrPost)
      add(organisation.posts_);
    if (to == To::kRole) add(organisation.roles_);
    return known;
  }
  void CheckReferences() {
    struct Wording {
      std::string_view code;
      std::string_view zh;
      std::string_view en;
    };
    static constexpr Wording kWords[] = {{"unknown-person", "人员", "person"},
                                         {"unknown-office", "科室", "office"},
                                         {"unknown-post", "岗位", "post"},
                                         {"unknown-role", "角色", "role"},
                                         {"unknown-office", "科室或岗位", "office or post"},
                                         {"unknown-person", "人员或岗位", "person or post"}};
    for (const Reference& reference : references) {
      const std::string& id = reference.node->scalar;
      if (report.full() || Known(id, reference.to)) continue;
      const Wording& words = kWords[static_cast<std::size_t>(reference.to)];
      report.Error(words.code, reference.node->place,
                   {fmt::format("没有{} `{}`", words.zh, id),
                    fmt::format("there is no {} `{}`", words.en, id)},
                   DidYouMeanOrList(id, AllOf(reference.to)));
    }
  }

  // The first that bears an id gives it its name.
  template <class Named>
  void AddNames(const std::map<std::string, Named, std::less<>>& named) {
    for (const auto& [id, value] : named) {
      if constexpr (requires { value.title; }) {
        organisation.names_.emplace(id, value.title);
      } else {
        organisation.names_.emplace(id, value.name);
      }
    }
  }

  void Read(const Node& root) {
    const Object object(root, kOrganisationKeys, report);
    if (!object.is_map()) return;
    Each(object["people"],
         [this](const std::string& id, const Node& node) { ReadPerson(id, node); });
    Each(object["posts"], [this](const std::string& id, const Node& node) { ReadPost(id, node); });
    Each(object["offices"],
         [this](const std::string& id, const Node& node) { ReadOffice(id, node); });
    Each(object["roles"], [this](const std::string& id, const Node& node) { ReadRole(id, node); });
    Each(object["enterprises"],
         [this](const std::string& id, const Node& node) { ReadEnterprise(id, node); });
    Each(object["groups"],
         [this](const std::string& id, const Node& node) { ReadGroup(id, node); });
    if (const Node* mandates = object["mandates"]) {
      for (const Node* mandate : OneOrMany(*mandates)) ReadMandate(*mandate);
    }
    CheckReferences();
    CheckMandates();
    AddNames(organisation.people_);
    AddNames(organisation.enterprises_);
    AddNames(organisation.offices_);
    AddNames(organisation.posts_);
    AddNames(organisation.groups_);
  }
};

std::expected<Organisation, std::vector<Diagnostic>> Organisation::Parse(std::string_view file,
                                                                         std::string_view yaml) {
  Organisation organisation;
  Report report;
  const std::string name(file);
  report.AddFile(name, yaml);
  if (const NodePtr root = ReadYaml(name, yaml, report))
    OrganisationReader{organisation, report, {}, {}}.Read(*root);
  if (report.errors() > 0) return std::unexpected(report.Take());
  return organisation;
}

namespace {

template <class Map>
auto Look(const Map& map, std::string_view id) -> const typename Map::mapped_type* {
  const auto found = map.find(id);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

const Person* Organisation::FindPerson(std::string_view id) const { return Look(people_, id); }
const Post* Organisation::FindPost(std::string_view id) const { return Look(posts_, id); }
const Office* Organisation::FindOffice(std::string_view id) const { return Look(offices_, id); }
const Role* Organisation::FindRole(std::string_view id) const { return Look(roles_, id); }
const Enterprise* Organisation::FindEnterprise(std::string_view id) const {
  return Look(enterprises_, id);
}

const OrganisationGroup* Organisation::FindGroup(std::string_view id) const {
  return Look(groups_, id);
}

std::vector<PersonId> Organisation::MembersOf(const OrganisationGroup& group) const {
  using Kind = OrganisationGroup::Member::Kind;
  std::vector<PersonId> members;
  std::set<PersonId> seen;
  const auto add = [&](const PersonId& id) {
    const Person* person = FindPerson(id);
    if (person != nullptr && !person->disabled && seen.insert(id).second) members.push_back(id);
  };
  for (const OrganisationGroup::Member& member : group.members) {
    const Post* post = member.kind == Kind::kPost ? FindPost(member.id) : nullptr;
    const Office* office = FindOffice(member.id);
    const Role* role = member.kind == Kind::kRole ? FindRole(member.id) : nullptr;
    if (post != nullptr) add(post->holder);
    if (member.kind == Kind::kPerson) add(member.id);
    if (member.kind == Kind::kHeadOf && office != nullptr) add(office->head);
    if (member.kind == Kind::kOffice && office != nullptr)
      std::for_each(office->members.begin(), office->members.end(), add);
    if (role != nullptr) std::for_each(role->members.begin(), role->members.end(), add);
    if (member.kind != Kind::kHeadsOfOffices) continue;
    for (const auto& [id, each] : offices_) add(each.head);
  }
  return members;
}

const std::vector<PersonId>& Organisation::administrators() const {
  static const std::vector<PersonId> kNobody;
  const Role* role = FindRole("administrator");
  return role != nullptr ? role->members : kNobody;
}

const model::Text& Organisation::NameOf(std::string_view id) const {
  if (const model::Text* name = Look(names_, id)) return *name;
  // Returned by reference: each thread keeps the last few that it asked for in vain.
  constexpr std::size_t kKept = 16;
  thread_local std::array<model::Text, kKept> unknown;
  thread_local std::size_t next = 0;
  model::Text& name = unknown[next++ % kKept];
  name = model::Text(std::string(id), std::string(id));
  return name;
}

}  // namespace duban::definition
