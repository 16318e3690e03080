#include "tests/unit/statechart/player.h"

#include <algorithm>

#include "core/statechart/rounds.h"

namespace duban::statechart {
namespace {

static_assert(std::variant_size_v<model::CommandBody> == 25,
              "a new command: let the players below give it");

}  // namespace

std::size_t Player::Roll(std::size_t sides) {
  return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_);
}

std::string Player::Anybody() {
  static const std::vector<std::string> kPeople{"s", "a",    "b",      "c",     "d",    "e",
                                                "f", "head", "deputy", "agent", "boss", "admin"};
  return kPeople[Roll(kPeople.size())];
}

std::string Player::Holder() {
  std::vector<std::string> holders;
  for (const model::Round& round : world_.state().rounds) {
    for (const model::PersonId& holder : HoldersOf(world_.state(), round.state))
      holders.push_back(holder);
  }
  return holders.empty() || Roll(5) == 0 ? Anybody() : holders[Roll(holders.size())];
}

// One of the person's, mostly.
model::Ordinal Player::Task() {
  std::vector<model::Ordinal> own;
  std::vector<model::Ordinal> all;
  for (const model::Round& round : world_.state().rounds) {
    for (const model::Seat& seat : round.seats) {
      all.push_back(seat.ordinal);
      if (std::ranges::find(seat.candidates, person_) != seat.candidates.end())
        own.push_back(seat.ordinal);
    }
  }
  if (!own.empty() && Roll(6) != 0) return own[Roll(own.size())];
  return all.empty() ? 1 : all[Roll(all.size())];
}

std::string Player::State() {
  const auto& states = world_.definition().states;
  return states[1 + Roll(states.size() - 1)].id;
}

Player::Move Player::Next() {
  person_ = Holder();
  const std::size_t roll = Roll(100);
  if (roll < 52) return {person_, Decision()};
  if (roll < 70) return OnSeats();
  if (roll < 80) return OnCourse();
  if (roll < 86) return OnCase();
  if (roll < 94) return ByAdministrators();
  return BySystem();
}

model::CommandBody Player::Decision() {
  static constexpr const char* kOutcomes[] = {"approved",  "approved", "approved", "submitted",
                                              "submitted", "rejected", "recused",  "abstained"};
  model::Decide decide{Task(), kOutcomes[Roll(8)], "", {}};
  const model::Round* checking = world_.Round("checking");
  if (checking != nullptr && Roll(3) == 0) decide.form = model::Map({{"relative", Anybody()}});
  if (Roll(8) == 0) decide.on_behalf_of = "a";
  return decide;
}

Player::Move Player::OnSeats() {
  static constexpr model::Relation kRelations[] = {
      model::Relation::kBefore, model::Relation::kAfter, model::Relation::kParallel};
  switch (Roll(7)) {
    case 0:
      return {person_, model::Claim{Task()}};
    case 1:
      return {person_, model::Release{Task()}};
    case 2:
      return {person_, model::Transfer{Task(), Anybody(), "", model::Move::Kind::kTransferred, {}}};
    case 3:
      return {person_, model::Delegate{Task(), Anybody(), ""}};
    case 4:
      return {person_, model::AddSigners{
                           Task(), {Anybody(), Anybody()}, kRelations[Roll(3)], Roll(2) == 0, ""}};
    case 5:
      return {person_, model::RemoveSigner{Task(), ""}};
    default:
      return {person_, model::SaveDraft{Task(), "approved", "草稿", {}}};
  }
}

Player::Move Player::OnCourse() {
  if (Roll(2) == 0) {
    model::Return back;
    back.to = static_cast<model::Return::To>(Roll(3));
    back.task = Task();
    back.state = State();
    back.opinion = "改";
    if (Roll(8) == 0) back.on_behalf_of = "a";
    return {person_, back};
  }
  const auto& last = world_.state().last_round;
  if (!last || last->seats.empty() || Roll(3) == 0) return {person_, model::Withdraw{Task(), ""}};
  const model::Seat& seat = last->seats[Roll(last->seats.size())];
  return {seat.vote.by, model::Withdraw{seat.ordinal, ""}};
}

Player::Move Player::OnCase() {
  switch (Roll(24)) {
    case 0:
      return {"s", model::Revoke{"不办了"}};
    case 1:
    case 2:
    case 3:
    case 4:
      return {person_, model::CopyTo{{Anybody()}, ""}};
    case 5:
    case 6:
    case 7:
    case 8:
      return {Anybody(), model::MarkRead{}};
    case 9:
    case 10:
    case 11:
    case 12:
      return {person_, model::Remind{Roll(2) == 0 ? 0 : Task(), ""}};
    case 13:
    case 14:
    case 15:
    case 16:
      return {person_, model::Comment{"知悉", {}}};
    default:
      return {person_, model::SendEvent{"noted", {}, ""}};
  }
}

Player::Move Player::ByAdministrators() {
  const std::string admin = Roll(2) == 0 ? "admin" : "admin2";
  const auto& overrides = world_.state().overrides;
  switch (Roll(6)) {
    case 0:
      if (world_.state().suspended_at || Roll(3) != 0) return {admin, model::Resume{""}};
      return {admin, model::Suspend{"等待"}};
    case 1: {
      const std::string from = Holder();
      person_ = from;
      return {admin,
              model::Transfer{Task(), Anybody(), "离职", model::Move::Kind::kHandedOver, from}};
    }
    case 2:
    case 3: {
      model::ProposeOverride propose;
      propose.kind = static_cast<model::Override::Kind>(Roll(8) == 0 ? 1 : Roll(2) * 2);
      propose.state = State();
      propose.outcome = "nullified";
      propose.task = Task();
      propose.people = {Anybody()};
      propose.reason = "x";
      return {admin, propose};
    }
    default:
      return {admin, model::CloseOverride{
                         overrides.empty() ? 0 : overrides[Roll(overrides.size())].ordinal,
                         Roll(3) != 0, ""}};
  }
}

Player::Move Player::BySystem() {
  const auto& state = world_.state();
  switch (Roll(20)) {
    case 0:
      return {"system", model::Terminate{"ended", "the case above it"}};
    case 1:
    case 2:
    case 3:
      return {"system", model::StartCase{"", "test", {}, {}}};
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return {"system", model::RecomputeDeadlines{world_.calendar.version()}};
    case 9:
    case 10:
    case 11:
    case 12:
      return {"system",
              model::ReportChild{
                  state.children.empty() ? 0 : state.children[Roll(state.children.size())].ordinal,
                  "done",
                  {}}};
    default:
      return {"system", model::FireTimer{state.timers.empty()
                                             ? 0
                                             : state.timers[Roll(state.timers.size())].ordinal}};
  }
}

}  // namespace duban::statechart
