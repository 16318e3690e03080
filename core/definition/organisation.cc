#include "core/definition/organisation.h"

#include <algorithm>
#include <array>

#include "core/definition/scalars.h"
#include "core/definition/yaml.h"

namespace duban::definition {

using model::PersonId;

// Reads organisation.yaml: first everything that is named, then who is named in it.
struct OrganisationReader {
  Organisation& organisation;
  Report& report;

  struct Reference {
    const Node* node;
    enum class To { kPerson, kOffice, kOfficeOrPost } to;
  };
  std::vector<Reference> references;

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

  void ReadPerson(const std::string& id, const Node& node) {
    const Object object(node, kPersonKeys, report);
    if (!object.is_map()) return;
    Person person;
    person.id = id;
    person.name = Name(object["name"], id);
    if (const Node* office = object["office"]) person.office = Id(*office, Reference::To::kOffice);
    if (const Node* service = object["service"])
      person.service = ReadBool(*service, report).value_or(false);
    if (const Node* language = object["language"]) {
      person.language = ReadText(*language, report).value_or("zh");
      if (person.language != "zh" && person.language != "en") {
        report.Error("wrong-value", language->place,
                     {"language 只能是 zh 或 en", "language is zh or en"});
      }
    }
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
    Office office{id, Name(object["title"], id), {}, People(object["members"]), {}};
    if (const Node* head = object["head"]) {
      office.head = Id(*head, Reference::To::kPerson);
      auto& members = office.members;
      if (std::find(members.begin(), members.end(), office.head) == members.end())
        members.insert(members.begin(), office.head);
    }
    if (const Node* superior = object["superior"])
      office.superior = Id(*superior, Reference::To::kOfficeOrPost);
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

  void CheckReferences() {
    for (const Reference& reference : references) {
      const std::string& id = reference.node->scalar;
      std::vector<std::string_view> known;
      if (reference.to == Reference::To::kPerson) {
        for (const auto& [name, person] : organisation.people_) known.push_back(name);
      } else {
        for (const auto& [name, office] : organisation.offices_) known.push_back(name);
      }
      if (reference.to == Reference::To::kOfficeOrPost) {
        for (const auto& [name, post] : organisation.posts_) known.push_back(name);
      }
      if (std::find(known.begin(), known.end(), id) != known.end() || report.full()) continue;
      const bool person = reference.to == Reference::To::kPerson;
      report.Error(person ? "unknown-person" : "unknown-office", reference.node->place,
                   person ? Say("没有人员 `{}`", "there is no person `{}`", id)
                          : Say("没有科室 `{}`", "there is no office `{}`", id),
                   DidYouMeanOrList(id, known));
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
    CheckReferences();
    AddNames(organisation.people_);
    AddNames(organisation.enterprises_);
    AddNames(organisation.offices_);
    AddNames(organisation.posts_);
  }
};

std::expected<Organisation, std::vector<Diagnostic>> Organisation::Parse(std::string_view file,
                                                                         std::string_view yaml) {
  Organisation organisation;
  Report report;
  const std::string name(file);
  report.AddFile(name, yaml);
  if (const NodePtr root = ReadYaml(name, yaml, report))
    OrganisationReader{organisation, report, {}}.Read(*root);
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
