#include "core/statechart/resolve.h"

#include <fmt/format.h>

#include <algorithm>

namespace duban::statechart {
namespace {

using definition::Addressee;
using definition::FieldKind;
using definition::Organisation;
using model::PersonId;
using model::Value;

constexpr int kMaxOfficesUp = 20;  // offices that answer to one another may run in a circle

bool Contains(const std::vector<PersonId>& people, const PersonId& person) {
  return std::ranges::find(people, person) != people.end();
}

// Who acted last: whoever brought the event being taken, else the last who decided, else the
// starter. Who acted by a mandate stands for the principal.
PersonId LastActor(const Scope& scope) {
  const model::Case& state = scope.state();
  const Occurrence* event = scope.event();
  const bool person = event != nullptr && scope.organisation().FindPerson(event->actor) != nullptr;
  if (state.last_round && !state.trail.empty() &&
      state.trail.back().revision == state.revision + 1) {
    for (const model::Seat& seat : state.last_round->seats) {
      const bool same = person && seat.vote.by == event->actor;
      if (same && !seat.vote.on_behalf_of.empty()) return seat.vote.on_behalf_of;
    }
  }
  if (person) return event->actor;
  for (auto passage = state.trail.rbegin(); passage != state.trail.rend(); ++passage) {
    if (!passage->people.empty()) return passage->people.back();
  }
  return state.starter;
}

class Resolver {
 public:
  Resolver(const Scope& scope, Services services)
      : scope_(scope), organisation_(scope.organisation()), services_(services) {}

  void Add(const Addressee& addressee) {
    using Kind = Addressee::Kind;
    addressee_ = &addressee;
    switch (addressee.kind) {
      case Kind::kPerson:
        return AddPerson(addressee.id);
      case Kind::kPost:
        if (const auto* post = organisation_.FindPost(addressee.id)) AddPerson(post->holder);
        return;
      case Kind::kOffice:
        return AddOffice(addressee.id);
      case Kind::kOfficeHead:
        if (addressee.of == Addressee::Of::kId) return AddHeadOfOffice(addressee.id);
        return EachTarget(&Resolver::AddHeadOf);
      case Kind::kRole:
        if (const auto* role = organisation_.FindRole(addressee.id)) AddAll(role->members);
        return;
      case Kind::kEnterprise:
        return AddEnterprise(addressee.id);
      case Kind::kStarter:
        return AddPerson(scope_.state().starter);
      case Kind::kParticipants:
        return AddAll(scope_.state().participants);
      case Kind::kField:
        return EachInField(&Resolver::AddNamed);
      case Kind::kHeadOfField:
        return EachInField(&Resolver::AddHeadOf);
      case Kind::kExpression:
        return AddExpression(addressee);
      case Kind::kGroup:
        if (const auto* group = organisation_.FindGroup(addressee.id))
          AddAll(organisation_.MembersOf(*group));
        return;
      case Kind::kSuperior:
      case Kind::kSuperiors:
        return EachTarget(&Resolver::AddSuperiors);
      case Kind::kDeputyInCharge:
        return EachTarget(&Resolver::AddDeputy);
    }
  }

  Found Take() { return std::move(found_); }

 private:
  using AddOne = void (Resolver::*)(const std::string& id, FieldKind kind);

  void AddPerson(const PersonId& id) {
    const definition::Person* person = organisation_.FindPerson(id);
    if (person == nullptr || person->disabled) return;
    if (person->service && services_ == Services::kExcluded) return;
    if (Contains(found_.people, id)) return;
    found_.people.push_back(id);
    found_.weights.push_back(addressee_->weight);
  }
  void AddAll(const std::vector<PersonId>& people) {
    for (const PersonId& person : people) AddPerson(person);
  }
  void AddOffice(std::string_view id) {
    if (const auto* office = organisation_.FindOffice(id)) AddAll(office->members);
  }
  void AddHeadOfOffice(std::string_view id) {
    if (const auto* office = organisation_.FindOffice(id)) AddPerson(office->head);
  }
  void AddEnterprise(std::string_view id) {
    if (const auto* enterprise = organisation_.FindEnterprise(id)) AddAll(enterprise->contacts);
  }

  // The kind of the field says what the id names; where it does not, the organisation does.
  void AddNamed(const std::string& id, FieldKind kind) {
    if (kind == FieldKind::kOffice) return AddOffice(id);
    if (kind == FieldKind::kEnterprise) return AddEnterprise(id);
    if (kind == FieldKind::kPerson || organisation_.FindPerson(id) != nullptr) return AddPerson(id);
    AddOffice(id);
    AddEnterprise(id);
  }
  void AddHeadOf(const std::string& id, FieldKind kind) { AddHeadOfOffice(OfficeOf(id, kind)); }

  // The office that the id stands for: itself, or that of the person, post or enterprise.
  std::string OfficeOf(const std::string& id, FieldKind kind) const {
    if (kind != FieldKind::kOffice) {
      if (const auto* person = organisation_.FindPerson(id)) return person->office;
      if (const auto* enterprise = organisation_.FindEnterprise(id)) return enterprise->office;
      if (const auto* post = organisation_.FindPost(id)) {
        const auto* holder = organisation_.FindPerson(post->holder);
        return holder != nullptr ? holder->office : std::string();
      }
    }
    return id;
  }

  bool IsAble(const PersonId& id) const {
    const auto* person = organisation_.FindPerson(id);
    return person != nullptr && !person->disabled;
  }

  // The head of the office, or of the nearest one above it that has another head than `below`.
  PersonId HeadAbove(std::string office_id, const PersonId& below) const {
    for (int i = 0; i < kMaxOfficesUp && !office_id.empty(); ++i) {
      if (const auto* post = organisation_.FindPost(office_id))
        return post->holder != below && IsAble(post->holder) ? post->holder : PersonId();
      const auto* office = organisation_.FindOffice(office_id);
      if (office == nullptr) break;
      if (office->head != below && IsAble(office->head)) return office->head;
      office_id = office->superior;
    }
    return {};
  }

  void AddSuperiors(const std::string& id, FieldKind kind) {
    const int levels = addressee_->kind == Addressee::Kind::kSuperiors ? addressee_->levels : 1;
    PersonId below;
    std::string office;
    if (kind != FieldKind::kOffice && organisation_.FindPerson(id) != nullptr) {
      below = id;
    } else if (const auto* post = organisation_.FindPost(id)) {
      below = post->holder;
    } else if (const auto* named = organisation_.FindOffice(id)) {
      below = named->head;  // who the office answers to is the superior of its head
      office = named->superior;
    }
    if (office.empty()) office = OfficeOf(id, kind);
    std::vector<PersonId> chain;
    for (int level = 0; level < levels; ++level) {
      PersonId above = HeadAbove(office, below);
      if (above.empty() || Contains(chain, above)) return;
      AddPerson(above);
      chain.push_back(above);
      below = above;
      const auto* person = organisation_.FindPerson(above);
      office = person->office;
    }
  }

  void AddDeputy(const std::string& id, FieldKind kind) {
    std::string office_id = OfficeOf(id, kind);
    for (int i = 0; i < kMaxOfficesUp; ++i) {
      const auto* office = organisation_.FindOffice(office_id);
      if (office == nullptr) return;
      if (!office->deputy.empty()) {
        const auto* post = organisation_.FindPost(office->deputy);
        return AddPerson(post != nullptr ? post->holder : office->deputy);
      }
      office_id = office->superior;
    }
  }

  // Whose superior, head or deputy in charge.
  void EachTarget(AddOne add) {
    switch (addressee_->of) {
      case Addressee::Of::kId:
        return (this->*add)(addressee_->id, FieldKind::kAny);
      case Addressee::Of::kStarter:
        return (this->*add)(scope_.state().starter, FieldKind::kPerson);
      case Addressee::Of::kActor:
        return (this->*add)(LastActor(scope_), FieldKind::kPerson);
      case Addressee::Of::kField:
        return EachInField(add);
    }
  }
  void EachInField(AddOne add) {
    const model::Case& state = scope_.state();
    if (addressee_->field >= state.data.size()) return;
    const definition::Field& field = scope_.definition().fields[addressee_->field];
    const bool list = field.kind == FieldKind::kList && field.item;
    EachIn(state.data[addressee_->field], list ? field.item->kind : field.kind, add);
  }
  void EachIn(const Value& value, FieldKind kind, AddOne add) {
    if (const auto* id = value.If<std::string>()) return (this->*add)(*id, kind);
    if (const auto* list = value.IfList()) {
      for (const Value& item : *list) {
        if (const auto* id = item.If<std::string>()) (this->*add)(*id, kind);
      }
    }
  }

  void Fail(std::string message) {
    if (!found_.failure) found_.failure = {addressee_->place, std::move(message)};
  }
  bool IsKnown(const std::string& id) const {
    return organisation_.FindPerson(id) != nullptr || organisation_.FindOffice(id) != nullptr ||
           organisation_.FindEnterprise(id) != nullptr;
  }
  void AddExpression(const Addressee& addressee) {
    const auto value = addressee.program.Evaluate(scope_);
    const std::string source(addressee.program.source());
    if (!value) return Fail(fmt::format("{} (in `{}`)", value.error().message.In("en"), source));
    const model::List single{*value};
    const model::List* items = value->IfList();
    for (const Value& item : items != nullptr ? *items : single) {
      const auto* id = item.If<std::string>();
      if (item.is_null() || (id != nullptr && id->empty())) continue;
      if (id == nullptr || !IsKnown(*id)) {
        Fail(fmt::format("`{}` gave {}, which is nobody's id", source, model::ToJson(item)));
        continue;
      }
      AddNamed(*id, FieldKind::kAny);
    }
  }

  const Scope& scope_;
  const Organisation& organisation_;
  Services services_;
  const Addressee* addressee_ = nullptr;
  Found found_;
};

}  // namespace

Found Find(const definition::Addressees& addressees, const Scope& scope, Services services) {
  Resolver resolver(scope, services);
  for (const Addressee& addressee : addressees) resolver.Add(addressee);
  return resolver.Take();
}

std::vector<PersonId> FindOrRaise(Draft& draft, const definition::Addressees& addressees) {
  Found found = Find(addressees, draft.scope());
  if (found.failure) draft.RaiseError(found.failure->place, found.failure->message);
  return std::move(found.people);
}

}  // namespace duban::statechart
