// The schema for editors: the file that is shipped is what the program prints, and it says the same
// as the loader.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/definition/keys.h"
#include "tests/unit/definition/json_schema.h"
#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

using Json = nlohmann::json;

TEST(Schema, TheShippedFileIsCurrent) {
  ExpectGolden(SourceRoot() / "workflows/schema/workflow.v1.json", JsonSchema());
}

void CollectReferences(const Json& json, std::vector<std::string>& references) {
  if (json.is_object() && json.contains("$ref")) references.push_back(json["$ref"]);
  if (json.is_structured()) {
    for (const auto& item : json) CollectReferences(item, references);
  }
}

TEST(Schema, EveryReferenceLeadsSomewhere) {
  const Json schema = Json::parse(JsonSchema());
  std::vector<std::string> references;
  CollectReferences(schema, references);
  EXPECT_GT(references.size(), 30U);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/$defs/"));
    EXPECT_TRUE(schema["$defs"].contains(reference.substr(8))) << reference;
  }
}

TEST(Schema, EveryKeyIsDescribed) {
  const Json schema = Json::parse(JsonSchema());
  for (const Table* table : AllTables()) {
    const Json& properties = schema["$defs"][std::string(table->name)]["properties"];
    EXPECT_EQ(properties.size(), table->keys.size()) << table->name << " has a key twice";
    for (const Key& key : table->keys) {
      const Json& property = properties[std::string(key.name)];
      EXPECT_TRUE(property.contains("description")) << table->name << "." << key.name;
      EXPECT_TRUE(property.size() > 1 || key.shape == Shape::kAny)
          << table->name << "." << key.name << " has no type";
    }
  }
}

std::string ValidateYaml(const std::string& name, const std::string& yaml) {
  Report report;
  report.AddFile(name, yaml);
  const NodePtr root = ReadYaml(name, yaml, report);
  if (root == nullptr) return "not YAML";
  return Validate(Json::parse(JsonSchema()), ToJson(*root));
}

TEST(Schema, ShippedDefinitionsAreValid) {
  int checked = 0;
  for (const auto& [name, text] : ReadFolder(SourceRoot() / "workflows")) {
    if (!name.ends_with(".yaml") || name.ends_with(".scenario.yaml")) continue;
    EXPECT_EQ(ValidateYaml(name, text), "") << name;
    ++checked;
  }
  EXPECT_GT(checked, 10);
}

TEST(Schema, EveryWordOfTheLanguageIsValid) {
  const auto seeds = ReadFolder(SourceRoot() / "tests/fuzz/corpus/definition");
  EXPECT_GE(seeds.size(), 7U);
  for (const auto& [name, text] : seeds) EXPECT_EQ(ValidateYaml(name, text), "") << name;
}

TEST(Schema, WrongOnesAreNot) {
  const auto wrong = [](const std::string& yaml) { return ValidateYaml("t.yaml", yaml); };
  EXPECT_EQ(wrong("workflow: w\nstates: {a: {final: true}}\n"), "");
  EXPECT_EQ(wrong("workflow: w\nstates: {a: {finl: true}}\n"), "/states/a: unknown key finl");
  EXPECT_EQ(wrong("workflow: w\n"), ": needs \"states\"");
  EXPECT_EQ(wrong("part: p\nstates: {}\n"), ": unknown key states");
  EXPECT_EQ(wrong("people: {a: {nam: x}}\n"), "/people/a: unknown key nam");
  EXPECT_NE(wrong("workflow: w\ndata: {a: txt}\nstates: {a: {final: true}}\n"), "");
  EXPECT_NE(wrong("workflow: w\nstates: {a: {due: {on: soon}}}\n"), "");
}

}  // namespace
}  // namespace duban::definition
