// The schema for editors: the file that is shipped is what the program prints, and it says the same
// as the loader.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/definition/keys.h"
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

}  // namespace
}  // namespace duban::definition
