#include "core/expression/library.h"
#include "core/expression/problem.h"
#include "core/model/utf8.h"

namespace duban::expression {
namespace {

using model::Value;

// Hands the two texts to `test`, or fails. The cost is that of reading `weight` of the first text.
template <class Test>
bool WithTexts(const Call& call, std::string_view name, Value& out, Test test) {
  const auto* text = call.If<std::string>(0);
  const auto* other = call.If<std::string>(1);
  if (text == nullptr || other == nullptr || call.arguments.size() != 2) {
    return call.work.Fail(Fault::kNoOverload, DescribeCall(name, call.arguments));
  }
  if (!call.work.ChargeBytes(text->size() + other->size())) return false;
  out = test(*text, *other);
  return true;
}

}  // namespace

bool Size(const Call& call, Value& out) {
  if (call.arguments.size() == 1) {
    const Value& v = *call.arguments[0];
    if (const auto* text = v.If<std::string>()) {
      if (!call.work.ChargeBytes(text->size())) return false;
      out = static_cast<std::int64_t>(model::CountCodePoints(*text));
      return true;
    }
    if (const auto* bytes = v.If<model::Bytes>()) {
      out = static_cast<std::int64_t>(bytes->data.size());
      return true;
    }
    if (const auto* list = v.IfList()) {
      out = static_cast<std::int64_t>(list->size());
      return true;
    }
    if (const auto* map = v.IfMap()) {
      out = static_cast<std::int64_t>(map->size());
      return true;
    }
  }
  return call.work.Fail(Fault::kNoOverload, DescribeCall("size", call.arguments));
}

bool ContainsText(const Call& call, Value& out) {
  // The worst case of the search is the product of both sizes.
  const auto* text = call.If<std::string>(0);
  const auto* part = call.If<std::string>(1);
  if (text != nullptr && part != nullptr &&
      !call.work.ChargeBytes(text->size() * (part->size() / 64)))
    return false;
  return WithTexts(call, "contains", out, [](std::string_view a, std::string_view b) {
    return a.find(b) != std::string_view::npos;
  });
}

bool StartsWith(const Call& call, Value& out) {
  return WithTexts(call, "startsWith", out,
                   [](std::string_view a, std::string_view b) { return a.starts_with(b); });
}

bool EndsWith(const Call& call, Value& out) {
  return WithTexts(call, "endsWith", out,
                   [](std::string_view a, std::string_view b) { return a.ends_with(b); });
}

bool Matches(const Call& call, Value& out) {
  constexpr std::int64_t kCostOfCompiling = 200;
  constexpr std::size_t kStepsPerByte = 64;
  const auto run = [&](const Pattern& pattern) {
    const auto* text = call.If<std::string>(0);
    if (text != nullptr && !call.work.ChargeBytes(text->size() * (pattern.size() / kStepsPerByte)))
      return false;
    return WithTexts(call, "matches", out,
                     [&](std::string_view a, std::string_view) { return pattern.Matches(a); });
  };
  if (call.pattern != nullptr) return run(*call.pattern);
  const auto* source = call.If<std::string>(1);
  if (source == nullptr)
    return WithTexts(call, "matches", out,
                     [](std::string_view, std::string_view) { return false; });
  if (!call.work.Charge(kCostOfCompiling + static_cast<std::int64_t>(source->size()))) return false;
  const auto pattern = Pattern::Compile(*source);
  if (!pattern) return call.work.Fail(Fault::kPattern, pattern.error());
  return call.work.ChargeBytes(pattern->size()) && run(*pattern);
}

}  // namespace duban::expression
