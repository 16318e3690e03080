// Texts of a definition, rendered for people in both languages.
#pragma once

#include <expected>
#include <optional>

#include "core/definition/definition.h"
#include "core/model/text.h"
#include "core/statechart/scope.h"

namespace duban::statechart {

// Fields show as people know them: names instead of ids, titles of enum values, money in yuan.
// What a confidential field holds shows as "（保密）" / "(confidential)", wherever it comes from.
std::expected<model::Text, expression::Problem> Render(const definition::Words& words,
                                                       const Scope& scope);

// The same, language by language: what fails is left empty.
struct Rendered {
  model::Text text;
  std::optional<expression::Problem> problem;  // the first
};
Rendered RenderEach(const definition::Words& words, const Scope& scope);

// How the case is called in lists.
model::Text TitleIn(const Scope& scope);
// How the state is called: its title, or its id.
model::Text TitleOfState(const definition::State& state);
// How an outcome of the state's task is called: its title, or its name.
model::Text TitleOfOutcome(const definition::Task& task, const std::string& outcome);
// "张三、李四" / "Zhang San, Li Si"
model::Text NamesOf(const definition::Organisation& organisation,
                    const std::vector<model::PersonId>& people);

}  // namespace duban::statechart
