#include "services/play/people.h"

#include <algorithm>
#include <cmath>

#include "core/calendar/calendar.h"

namespace duban::play {
namespace {

using definition::Field;
using definition::FieldKind;

constexpr std::int64_t kDay = 86'400;

std::uint32_t UsualWeight(const std::string& outcome) {
  if (outcome == "approved") return 4;
  if (outcome == "abstained" || outcome == "recused" || outcome == "returned") return 0;
  return 1;
}

template <class Map>
model::Value OneOf(const Map& map, Dice& dice) {
  if (map.empty()) return {};
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(dice.Index(map.size())))->first;
}

// Clients are no people.
model::Value APerson(const definition::Organisation& organisation, Dice& dice) {
  std::vector<std::string> people;
  for (const auto& [id, person] : organisation.people()) {
    if (!person.service) people.push_back(id);
  }
  return people.empty() ? model::Value() : model::Value(people[dice.Index(people.size())]);
}

std::int64_t ANumber(const Field& field, Dice& dice) {
  const std::int64_t least = field.min.value_or(std::min<std::int64_t>(0, field.max.value_or(0)));
  const std::int64_t most = std::min(field.max.value_or(least + 100), least + 1'000'000);
  return dice.Between(least, std::max(least, most));
}

std::string AText(const Field& field) {
  static constexpr std::string_view kSign = "文";
  const std::int64_t length =
      std::clamp<std::int64_t>(2, std::max<std::int64_t>(field.min.value_or(0), 0),
                               std::max<std::int64_t>(field.max.value_or(1'000), 1));
  std::string text;
  for (std::int64_t i = 0; i < length; ++i) text += kSign;
  return text;
}

model::Value AList(const Field& field, const definition::Organisation& organisation,
                   model::Timestamp now, Dice& dice) {
  const std::int64_t least = std::max<std::int64_t>(field.min.value_or(1), 0);
  const std::int64_t most =
      std::max(least, std::min<std::int64_t>(field.max.value_or(least + 2), least + 2));
  model::List list;
  for (std::int64_t i = dice.Between(least, most); i > 0; --i) {
    list.push_back(field.item != nullptr ? MakeUp(*field.item, organisation, now, dice)
                                         : model::Value("文"));
  }
  return list;
}

}  // namespace

std::int64_t Dice::Between(std::int64_t least, std::int64_t most) {
  if (most <= least) return least;
  const auto span = static_cast<std::uint64_t>(most - least) + 1;
  return least + static_cast<std::int64_t>(engine_() % span);
}

std::int64_t Dice::Take(const Delay& delay) {
  constexpr std::int64_t kSteps = 1'000;
  const double least = static_cast<double>(std::max<std::int64_t>(delay.least, 1));
  const double most = std::max(least, static_cast<double>(delay.most));
  const double share = static_cast<double>(Between(0, kSteps)) / static_cast<double>(kSteps);
  return static_cast<std::int64_t>(std::llround(least * std::pow(most / least, share)));
}

model::Value MakeUp(const Field& field, const definition::Organisation& organisation,
                    model::Timestamp now, Dice& dice) {
  switch (field.kind) {
    case FieldKind::kText:
    case FieldKind::kAny:
      return AText(field);
    case FieldKind::kInt:
    case FieldKind::kMoney:
      return ANumber(field, dice);
    case FieldKind::kDecimal:
      return static_cast<double>(ANumber(field, dice));
    case FieldKind::kBool:
      return dice.Between(0, 1) == 1;
    case FieldKind::kDate:
      return calendar::Date::FromDayNumber(now.seconds / kDay + dice.Between(1, 60)).ToString();
    case FieldKind::kTime:
      return now;
    case FieldKind::kEnum:
      return field.values.empty() ? model::Value()
                                  : model::Value(field.values[dice.Index(field.values.size())]);
    case FieldKind::kList:
      return AList(field, organisation, now, dice);
    case FieldKind::kObject: {
      model::Map map;
      for (const Field& member : field.fields)
        map.Set(member.name, MakeUp(member, organisation, now, dice));
      return map;
    }
    case FieldKind::kPerson:
      return APerson(organisation, dice);
    case FieldKind::kOffice:
      return OneOf(organisation.offices(), dice);
    case FieldKind::kEnterprise:
      return OneOf(organisation.enterprises(), dice);
    case FieldKind::kFile:
      return "文件.pdf";
  }
  return {};
}

std::string Choose(const std::vector<std::string>& outcomes,
                   const std::map<std::string, std::uint32_t>& weights, Dice& dice) {
  std::vector<std::uint32_t> weight;
  std::int64_t total = 0;
  for (const std::string& outcome : outcomes) {
    const auto given = weights.find(outcome);
    weight.push_back(weights.empty()          ? UsualWeight(outcome)
                     : given == weights.end() ? 0
                                              : given->second);
    total += weight.back();
  }
  if (total == 0) return outcomes.empty() ? "" : outcomes[dice.Index(outcomes.size())];
  std::int64_t at = dice.Between(1, total);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    at -= weight[i];
    if (at <= 0) return outcomes[i];
  }
  return outcomes.back();
}

}  // namespace duban::play
