#include "tests/unit/statechart/bureau.h"

#include <fmt/format.h>

#include <algorithm>

namespace duban::statechart {
namespace {

constexpr std::string_view kBureau = R"(
people:
  s: {name: {zh: 发起人, en: Starter}, office: mines}
  a: {name: {zh: 甲, en: A}, office: mines}
  b: {name: {zh: 乙, en: B}, office: mines}
  c: {name: {zh: 丙, en: C}, office: law}
  d: {name: {zh: 丁, en: D}, office: law}
  e: {name: {zh: 戊, en: E}}
  f: {name: {zh: 己, en: F}}
  boss: {name: {zh: 科长, en: Boss}, office: mines}
  head: {name: {zh: 局长, en: Head}, office: leadership}
  deputy: {name: {zh: 副局长, en: Deputy}, office: leadership}
  former: {name: {zh: 离职, en: Former}, disabled: true}
  absent: {name: {zh: 休假, en: Absent}, away: [{from: 2022-05-01, to: 2022-05-31}]}
  agent: {name: {zh: 代理人, en: Agent}}
  late: {name: {zh: 后来, en: Late}}
  second: {name: {zh: 再代理, en: Second}}
  admin: {name: {zh: 管理员, en: Administrator}}
  admin2: {name: {zh: 管理员二, en: Second administrator}}
  portal: {name: 报送系统, service: true}
posts:
  bureau-head: {title: 局长, holder: head}
  deputy-in-charge: {title: 分管副局长, holder: deputy}
  vacant: {title: 空缺}
offices:
  leadership: {title: 局领导, head: head, members: [head, deputy]}
  mines: {title: 矿山科, head: boss, members: [boss, s, a, b], superior: bureau-head, deputy: deputy-in-charge}
  law: {title: 法规科, head: c, members: [c, d], superior: mines}
roles:
  officers: {title: 办案人员, members: [a, b, c]}
  gone: {title: 离职人员, members: [former]}
  leavers: {title: 值班, members: [absent, b]}
  resting: {title: 休假, members: [absent]}
  administrator: {title: 管理员, members: [admin, admin2]}
enterprises:
  huayang: {title: 华阳, office: mines, contacts: [e], principal: e}
groups:
  leading: {title: 领导小组, members: [{post: bureau-head}, {post: deputy-in-charge}, {post: vacant}]}
  committee: {title: 安委会, members: [{person: d}, {head_of: law}, {person: former}, {role: officers}]}
mandates:
  - {principal: a, agent: agent, from: 2022-05-01, to: 2022-05-31}
  - {principal: a, agent: late, from: 2022-06-01, to: 2022-06-30}
  - {principal: b, agent: agent, from: 2022-05-01, to: 2022-05-31, except: [test]}
  - {principal: agent, agent: second, from: 2022-05-01, to: 2022-05-31}
  - {principal: a, agent: s, from: 2022-05-01, to: 2022-05-31}
  - {principal: a, agent: f, from: 2022-05-01, to: 2022-05-31}
)";

}  // namespace

Bureau::Bureau(std::string_view yaml) : World(yaml), source_(kBureau) { ReadOrganisation(); }

void Bureau::ReadOrganisation() {
  auto parsed = definition::Organisation::Parse("organisation.yaml", source_);
  if (!parsed) {
    for (const auto& diagnostic : parsed.error())
      ADD_FAILURE() << definition::ToString(diagnostic, "en");
    throw std::runtime_error("the organisation of the test does not load");
  }
  organisation = std::move(*parsed);
}

void Bureau::Disable(std::string_view person) {
  const std::string entry = fmt::format("\n  {}: {{name", person);
  source_.insert(source_.find(entry) + entry.size() - 4, "disabled: true, ");
  ReadOrganisation();
}

const model::Seat* Bureau::SeatOf(std::string_view state, std::string_view person) const {
  const model::Round* round = Round(state);
  const model::Seat* found = nullptr;
  if (round == nullptr) return nullptr;
  for (const model::Seat& seat : round->seats) {
    const bool has = std::ranges::find(seat.candidates, person) != seat.candidates.end() ||
                     seat.vote.by == person;
    const bool live =
        seat.state == model::SeatState::kOpen || seat.state == model::SeatState::kWaiting;
    if (has && (found == nullptr || live)) found = &seat;
  }
  return found;
}

model::Ordinal Bureau::TaskOf(std::string_view state, std::string_view person) const {
  const model::Seat* seat = SeatOf(state, person);
  return seat != nullptr ? seat->ordinal : 0;
}

Result Bureau::Vote(std::string_view person, std::string_view outcome, std::string_view state,
                    std::string opinion) {
  return Do(person,
            model::Decide{TaskOf(state, person), std::string(outcome), std::move(opinion), {}});
}

Result Bureau::Add(std::string_view person, std::vector<model::PersonId> people,
                   model::Relation relation, bool any_of) {
  return Do(person, model::AddSigners{TaskOf("deciding", person), std::move(people), relation,
                                      any_of, "请一并把关"});
}

Result Bureau::Return(std::string_view person, std::string_view state, std::string_view to,
                      model::Return::Resubmit resubmit) {
  model::Return back;
  back.task = TaskOf(state, person);
  back.opinion = "材料不全";
  back.resubmit = resubmit;
  if (to == "previous") {
    back.to = model::Return::To::kPrevious;
  } else if (to == "starter") {
    back.to = model::Return::To::kStarter;
  } else {
    back.to = model::Return::To::kState;
    back.state = to;
  }
  return Do(person, std::move(back));
}

std::vector<std::string> Bureau::Turns(std::string_view state) const {
  std::vector<std::string> people;
  const model::Round* round = Round(state);
  if (round == nullptr) return people;
  for (const model::Seat& seat : round->seats) {
    if (seat.state != model::SeatState::kOpen) continue;
    people.insert(people.end(), seat.candidates.begin(), seat.candidates.end());
  }
  return people;
}

std::string Approval(std::string_view keys, std::string_view more) {
  return fmt::format(R"(
start: {{by: [{{person: s}}]}}
{}
states:
  drafting:
    task: {{title: 拟稿, for: starter}}
    on: {{submitted: deciding}}
  deciding:
    approval: {{title: 审批, {}}}
    on: {{approved: yes_, rejected: no_, no_quorum: none}}
  yes_: {{final: true}}
  no_: {{final: true}}
  none: {{final: true}}
)",
                     more, keys);
}

void Submit(Bureau& world) {
  ASSERT_TRUE(world.Start("s"));
  const auto submitted = world.Vote("s", "submitted", "drafting");
  ASSERT_TRUE(submitted) << submitted.error().message.en;
}

}  // namespace duban::statechart
