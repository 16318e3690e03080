#include "core/statechart/access.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/statechart/scope.h"

namespace duban::statechart {
namespace {

using definition::Addressee;
using definition::Addressees;
using definition::Definition;
using definition::FieldKind;
using definition::Organisation;
using model::PersonId;
using model::Value;

enum class Services { kExcluded, kIncluded };

class Resolver {
 public:
  Resolver(const Scope& scope, Services services) : scope_(scope), services_(services) {}

  void Add(const Addressee& addressee) {
    const Organisation& organisation = scope_.organisation();
    switch (addressee.kind) {
      case Addressee::Kind::kPerson:
        return AddPerson(addressee.id);
      case Addressee::Kind::kPost:
        if (const auto* post = organisation.FindPost(addressee.id)) AddPerson(post->holder);
        return;
      case Addressee::Kind::kOffice:
        return AddOffice(addressee.id);
      case Addressee::Kind::kOfficeHead:
        return AddHeadOfOffice(addressee.id);
      case Addressee::Kind::kRole:
        if (const auto* role = organisation.FindRole(addressee.id)) AddAll(role->members);
        return;
      case Addressee::Kind::kEnterprise:
        return AddEnterprise(addressee.id);
      case Addressee::Kind::kStarter:
        return AddPerson(scope_.state().starter);
      case Addressee::Kind::kParticipants:
        return AddAll(scope_.state().participants);
      case Addressee::Kind::kField:
        return AddField(addressee.field, &Resolver::AddNamed);
      case Addressee::Kind::kHeadOfField:
        return AddField(addressee.field, &Resolver::AddHeadOf);
      case Addressee::Kind::kExpression:
        if (const auto value = addressee.program.Evaluate(scope_)) {
          AddEach(*value, FieldKind::kPerson, &Resolver::AddNamed);
        }
        return;
    }
  }

  std::vector<PersonId> Take() { return std::move(people_); }

 private:
  using AddOne = void (Resolver::*)(const std::string& id, FieldKind kind);

  void AddPerson(const PersonId& id) {
    const definition::Person* person = scope_.organisation().FindPerson(id);
    if (person == nullptr || (person->service && services_ == Services::kExcluded)) return;
    if (std::ranges::find(people_, id) == people_.end()) people_.push_back(id);
  }
  void AddAll(const std::vector<PersonId>& people) {
    for (const PersonId& person : people) AddPerson(person);
  }
  void AddOffice(std::string_view id) {
    if (const auto* office = scope_.organisation().FindOffice(id)) AddAll(office->members);
  }
  void AddHeadOfOffice(std::string_view id) {
    if (const auto* office = scope_.organisation().FindOffice(id)) AddPerson(office->head);
  }
  void AddEnterprise(std::string_view id) {
    if (const auto* enterprise = scope_.organisation().FindEnterprise(id))
      AddAll(enterprise->contacts);
  }

  // The kind of the field says what the id names; where it does not, the organisation does.
  void AddNamed(const std::string& id, FieldKind kind) {
    if (kind == FieldKind::kOffice) return AddOffice(id);
    if (kind == FieldKind::kEnterprise) return AddEnterprise(id);
    if (kind == FieldKind::kPerson || scope_.organisation().FindPerson(id) != nullptr)
      return AddPerson(id);
    AddOffice(id);
    AddEnterprise(id);
  }
  void AddHeadOf(const std::string& id, FieldKind kind) {
    const Organisation& organisation = scope_.organisation();
    if (kind != FieldKind::kOffice) {
      if (const auto* person = organisation.FindPerson(id)) return AddHeadOfOffice(person->office);
      if (const auto* enterprise = organisation.FindEnterprise(id))
        return AddHeadOfOffice(enterprise->office);
    }
    AddHeadOfOffice(id);
  }

  void AddField(model::FieldIndex index, AddOne add) {
    const model::Case& state = scope_.state();
    if (index >= state.data.size()) return;
    const definition::Field& field = scope_.definition().fields[index];
    const bool list = field.kind == FieldKind::kList && field.item;
    AddEach(state.data[index], list ? field.item->kind : field.kind, add);
  }
  void AddEach(const Value& value, FieldKind kind, AddOne add) {
    if (const auto* id = value.If<std::string>()) return (this->*add)(*id, kind);
    if (const auto* list = value.IfList()) {
      for (const Value& item : *list) {
        if (const auto* id = item.If<std::string>()) (this->*add)(*id, kind);
      }
    }
  }

  const Scope& scope_;
  Services services_;
  std::vector<PersonId> people_;
};

std::vector<PersonId> ResolveAll(const Addressees& addressees, const Scope& scope,
                                 Services services) {
  Resolver resolver(scope, services);
  for (const Addressee& addressee : addressees) resolver.Add(addressee);
  return resolver.Take();
}

bool Contains(const std::vector<PersonId>& people, const PersonId& person) {
  return std::ranges::find(people, person) != people.end();
}

bool IsAmong(const Addressees& addressees, const Scope& scope, const PersonId& person) {
  return !addressees.empty() &&
         Contains(ResolveAll(addressees, scope, Services::kIncluded), person);
}

}  // namespace

bool IsAdministrator(const Organisation& organisation, std::string_view person) {
  return std::ranges::find(organisation.administrators(), person) !=
         organisation.administrators().end();
}

bool MayStart(const Definition& definition, const Organisation& organisation,
              const model::Principal& actor) {
  if (actor.is_system() || IsAdministrator(organisation, actor.id)) return true;
  const model::Case nothing;
  return IsAmong(definition.starters, Scope(definition, organisation, nothing, {}), actor.id);
}

bool MaySee(const Definition& definition, const Organisation& organisation,
            const model::Case& state, const model::Principal& actor) {
  if (actor.is_system() || Contains(state.participants, actor.id)) return true;
  if (IsAdministrator(organisation, actor.id)) return true;
  return IsAmong(definition.readers, Scope(definition, organisation, state, state.updated_at),
                 actor.id);
}

bool MayDecide(const model::Seat& seat, const model::Principal& actor) {
  return Contains(seat.candidates, actor.id);
}

bool MaySend(const Definition& definition, const Organisation& organisation,
             const model::Case& state, const definition::Transition& transition,
             const model::Principal& actor) {
  if (actor.is_system()) return true;
  return IsAmong(transition.by, Scope(definition, organisation, state, state.updated_at), actor.id);
}

std::vector<PersonId> Resolve(const Addressees& addressees, const Definition& definition,
                              const Organisation& organisation, const model::Case& state,
                              model::Timestamp now, const Value* event) {
  Scope scope(definition, organisation, state, now);
  scope.SetEventValue(event);
  return ResolveIn(addressees, scope);
}

std::vector<PersonId> ResolveIn(const Addressees& addressees, const Scope& scope) {
  return ResolveAll(addressees, scope, Services::kExcluded);
}

}  // namespace duban::statechart
