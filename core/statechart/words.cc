#include "core/statechart/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/secrets.h"
#include "core/statechart/step.h"

namespace duban::statechart {
namespace {

using definition::Field;
using definition::FieldKind;
using model::Value;

struct Reader {
  const Scope& scope;
  std::string_view language;
};

std::string ShowOne(const Reader& reader, const Field& field, const Value& value) {
  if (field.kind == FieldKind::kMoney) {
    const auto* fen = value.If<std::int64_t>();
    if (fen == nullptr) return {};
    const std::uint64_t amount =
        *fen < 0 ? 0 - static_cast<std::uint64_t>(*fen) : static_cast<std::uint64_t>(*fen);
    return fmt::format("{}{}.{:02}", *fen < 0 ? "-" : "", amount / 100, amount % 100);
  }
  const auto* id = value.If<std::string>();
  if (id == nullptr) return {};
  switch (field.kind) {
    case FieldKind::kPerson:
    case FieldKind::kOffice:
    case FieldKind::kEnterprise:
      return reader.scope.organisation().NameOf(*id).In(reader.language);
    case FieldKind::kEnum: {
      const auto found = std::ranges::find(field.values, *id);
      const auto index = static_cast<std::size_t>(found - field.values.begin());
      return index < field.value_titles.size() ? field.value_titles[index].In(reader.language)
                                               : std::string();
    }
    default:
      return {};
  }
}

// Only a field standing alone is shown by its kind: a computed value is what it is.
std::string Show(const void* context, const expression::Program& program, const Value& value) {
  const auto& reader = *static_cast<const Reader*>(context);
  const auto& fields = reader.scope.definition().fields;
  for (const int slot : program.slots()) {
    const auto index = static_cast<std::size_t>(slot);
    if (index < fields.size() && fields[index].confidential)
      return std::string(ConfidentialMark(reader.language));
  }
  if (program.slots().size() != 1 || static_cast<std::size_t>(program.slots()[0]) >= fields.size())
    return {};
  const Field& field = fields[static_cast<std::size_t>(program.slots()[0])];
  std::string_view source = program.source();
  while (source.starts_with(' ')) source.remove_prefix(1);
  while (source.ends_with(' ')) source.remove_suffix(1);
  if (source != field.name) return {};
  const auto* list = value.IfList();
  if (list == nullptr || !field.item) return ShowOne(reader, field, value);
  std::string out;
  for (const Value& item : *list) {
    const std::string shown = ShowOne(reader, *field.item, item);
    if (shown.empty()) return {};
    if (!out.empty()) out += reader.language == "zh" ? "、" : ", ";
    out += shown;
  }
  return out;
}

std::expected<std::string, expression::Problem> RenderIn(const expression::Template& text,
                                                         const Scope& scope,
                                                         std::string_view language) {
  if (text.source().empty()) return std::string();
  const Reader reader{scope, language};
  auto rendered = text.Render(scope, &Show, &reader);
  if (rendered) HideSecrets(*rendered, scope, language);
  return rendered;
}

}  // namespace

std::expected<model::Text, expression::Problem> Render(const definition::Words& words,
                                                       const Scope& scope) {
  auto zh = RenderIn(words.zh, scope, "zh");
  if (!zh) return std::unexpected(std::move(zh.error()));
  auto en = RenderIn(words.en, scope, "en");
  if (!en) return std::unexpected(std::move(en.error()));
  return model::Text(std::move(*zh), std::move(*en));
}

Rendered RenderEach(const definition::Words& words, const Scope& scope) {
  Rendered out;
  const auto take = [&](const expression::Template& text, std::string_view language,
                        std::string& to) {
    auto rendered = RenderIn(text, scope, language);
    if (rendered) {
      to = std::move(*rendered);
    } else if (!out.problem) {
      out.problem = std::move(rendered.error());
    }
  };
  take(words.zh, "zh", out.text.zh);
  take(words.en, "en", out.text.en);
  return out;
}

model::Text TitleIn(const Scope& scope) {
  const definition::Definition& definition = scope.definition();
  if (definition.case_title) {
    auto title = Render(*definition.case_title, scope);
    if (title) HideFrom({}, *title, scope);
    if (title && !title->empty()) return *std::move(title);
  }
  if (!definition.title.empty()) return definition.title;
  return {definition.workflow, definition.workflow};
}

model::Text TitleOfState(const definition::State& state) {
  return state.title.empty() ? model::Text(state.id, state.id) : state.title;
}

model::Text TitleOfOutcome(const definition::Task& task, const std::string& outcome) {
  const auto found = std::ranges::find(task.outcomes, outcome);
  const auto index = static_cast<std::size_t>(found - task.outcomes.begin());
  if (index < task.outcome_titles.size() && !task.outcome_titles[index].empty())
    return task.outcome_titles[index];
  if (outcome == "submitted") return {"提交", "submitted"};
  if (outcome == "approved") return {"同意", "approved"};
  if (outcome == "rejected") return {"不同意", "rejected"};
  if (outcome == "abstained") return {"弃权", "abstained"};
  if (outcome == "recused") return {"回避", "recused"};
  if (outcome == "returned") return {"退回", "returned"};
  return {outcome, outcome};
}

model::Text NamesOf(const definition::Organisation& organisation,
                    const std::vector<model::PersonId>& people) {
  model::Text names;
  for (const model::PersonId& person : people) {
    const model::Text& name = organisation.NameOf(person);
    names.zh += (names.zh.empty() ? "" : "、") + name.In("zh");
    names.en += (names.en.empty() ? "" : ", ") + name.In("en");
  }
  return names;
}

model::Text TitleOf(const definition::Definition& definition, const model::Case& state,
                    const Facts& facts) {
  return TitleIn(Scope(definition, OrganisationOf(facts), state, facts.now));
}

}  // namespace duban::statechart
