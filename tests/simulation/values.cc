#include "tests/simulation/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace duban::simulation {
namespace {

using definition::Field;
using definition::FieldKind;
using model::Value;

std::int64_t Number(const Field& field, std::int64_t low, std::int64_t high, Random& random) {
  low = field.min.value_or(low);
  high = field.max.value_or(std::max(low, high));
  return random.Between(low, std::max(low, high));
}

template <class Map>
Value IdOf(const Map& map, Random& random) {
  if (map.empty()) return "";
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(random.Below(map.size())))->first;
}

std::string Day(Random& random) {
  return fmt::format("202{}-{:02}-{:02}", random.Between(2, 3), random.Between(1, 12),
                     random.Between(1, 28));
}

std::string Text(const Field& field, Random& random) {
  const auto length = static_cast<std::size_t>(Number(field, 0, 12, random));
  return std::string(std::min<std::size_t>(length, 40), static_cast<char>('a' + random.Below(26)));
}

Value Compound(const Field& field, const definition::Organisation& organisation, Random& random) {
  if (field.kind == FieldKind::kList) {
    model::List items;
    const std::int64_t low = std::min<std::int64_t>(field.min.value_or(0), 100);
    const std::int64_t high = std::min<std::int64_t>(field.max.value_or(3), low + 3);
    for (std::int64_t n = random.Between(low, std::max(low, high)); n > 0; --n)
      items.push_back(field.item ? ValueFor(*field.item, organisation, random) : Value(n));
    return items;
  }
  model::Map members;
  for (const Field& member : field.fields) {
    if (member.required || random.Percent(70))
      members.Set(member.name, ValueFor(member, organisation, random));
  }
  return members;
}

}  // namespace

Value ValueFor(const Field& field, const definition::Organisation& organisation, Random& random) {
  switch (field.kind) {
    case FieldKind::kText:
      return Text(field, random);
    case FieldKind::kInt:
    case FieldKind::kMoney:
      return Number(field, 0, 100, random);
    case FieldKind::kDecimal:
      return static_cast<double>(Number(field, 0, 100, random));
    case FieldKind::kBool:
      return random.Percent(50);
    case FieldKind::kDate:
      return Day(random);
    case FieldKind::kTime:
      return Day(random) + "T09:00:00+08:00";
    case FieldKind::kEnum:
      return field.values.empty() ? Value("") : Value(random.Pick(field.values));
    case FieldKind::kList:
    case FieldKind::kObject:
      return Compound(field, organisation, random);
    case FieldKind::kPerson:
      return IdOf(organisation.people(), random);
    case FieldKind::kOffice:
      return IdOf(organisation.offices(), random);
    case FieldKind::kEnterprise:
      return IdOf(organisation.enterprises(), random);
    case FieldKind::kFile:
      return "report.pdf";
    case FieldKind::kAny:
      return AnyValue(random);
  }
  return {};
}

Value AnyValue(Random& random) {
  switch (random.Below(6)) {
    case 0:
      return {};
    case 1:
      return random.Between(-5, 500);
    case 2:
      return random.Percent(50);
    case 3:
      return "text";
    case 4:
      return model::List{1, "two"};
    default:
      return model::Map({{"place", "yard"}, {"count", 3}});
  }
}

}  // namespace duban::simulation
