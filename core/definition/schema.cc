#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "core/definition/keys.h"
#include "core/definition/load.h"

namespace duban::definition {
namespace {

using Json = nlohmann::ordered_json;

Json Ref(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }
Json OneOrList(const Json& item) {
  return {{"anyOf", {item, {{"type", "array"}, {"items", item}, {"minItems", 1}}}}};
}
Json ByName(const Json& value) { return {{"type", "object"}, {"additionalProperties", value}}; }
Json EitherOf(Json a, Json b) { return {{"anyOf", {std::move(a), std::move(b)}}}; }
Json Words(std::span<const std::string_view> words) {
  Json values = Json::array();
  for (const std::string_view word : words) values.push_back(word);
  return {{"enum", values}};
}
Json Words(std::initializer_list<std::string_view> words) {
  return Words(std::span(words.begin(), words.size()));
}

const Json kString = {{"type", "string"}};
const Json kScalar = {{"type", {"string", "number", "boolean"}}};
const Json kExpression = {{"type", {"string", "number", "boolean", "null"}}};
const Json kBoolean = {{"type", "boolean"}};
const Json kInteger = {{"type", "integer"}};

Json OfTitle() { return EitherOf(kScalar, Ref("bilingual")); }
Json OfState(Shape shape) {
  switch (shape) {
    case Shape::kStates:
      return ByName(Ref("state"));
    case Shape::kHistory:
      return Words({"shallow", "deep"});
    case Shape::kInitial:
      return EitherOf(OneOrList(kScalar), Ref("initial"));
    case Shape::kOn:
      return ByName({{"anyOf",
                      {kScalar,
                       Ref("transition"),
                       {{"type", "array"}, {"items", EitherOf(kScalar, Ref("transition"))}}}}});
    case Shape::kTransitions:
      return OneOrList(EitherOf(kScalar, Ref("transition")));
    case Shape::kRequire:
      return {{"const", "reason"}};
    default:
      return nullptr;
  }
}

Json OfData(Shape shape) {
  switch (shape) {
    case Shape::kFieldType: {
      Json types = Json::array();
      for (const std::string_view type : kFieldTypes) types.push_back(type);
      return {{"enum", types}};
    }
    case Shape::kValues:
      return EitherOf({{"type", "array"}, {"items", kScalar}, {"minItems", 1}}, ByName(OfTitle()));
    case Shape::kField:
      return EitherOf(Words({"text", "int", "decimal", "bool", "date", "time", "list", "person",
                             "office", "enterprise", "file", "money", "any"}),
                      Ref("field"));
    case Shape::kFields:
      return ByName(OfData(Shape::kField));
    case Shape::kMessages:
      return ByName(Ref("message"));
    case Shape::kData:
      return ByName(kExpression);
    default:
      return nullptr;
  }
}

Json OfRound(Shape shape) {
  switch (shape) {
    case Shape::kRule:
      return EitherOf(Words({"one", "any", "all", "sequence"}), Ref("rule"));
    case Shape::kRoundOptions:
      return Ref("round_options");
    case Shape::kWeighted:
      return Ref("weighted");
    case Shape::kGroups:
      return OneOrList(Ref("approval_group"));
    case Shape::kBase:
      return Words(kBaseWords);
    case Shape::kTie:
      return Words(kTieWords);
    case Shape::kNobody:
      return Words(kNobodyWords);
    case Shape::kStarterFound:
      return Words(kStarterFoundWords);
    case Shape::kReturn:
      return EitherOf(OneOrList(kString), Ref("return"));
    case Shape::kResubmit:
      return Words(kResubmitWords);
    case Shape::kDuties:
      return OneOrList(Ref("duty"));
    case Shape::kRepeat:
      return Words(kRepeatWords);
    case Shape::kRevoke:
      return Words(kRevokeWords);
    case Shape::kRequired:
      return EitherOf(kBoolean, OneOrList(kString));
    default:
      return nullptr;
  }
}

Json OfOrganisation(Shape shape) {
  switch (shape) {
    case Shape::kPeople:
      return ByName(Ref("person"));
    case Shape::kPosts:
      return ByName(Ref("post"));
    case Shape::kOffices:
      return ByName(Ref("office"));
    case Shape::kRoles:
      return ByName(Ref("role"));
    case Shape::kEnterprises:
      return ByName(Ref("enterprise"));
    case Shape::kOrganisationGroups:
      return ByName(Ref("group"));
    case Shape::kMembers:
      return OneOrList(Ref("member"));
    case Shape::kOfOffices:
      return {{"const", "offices"}};
    case Shape::kMandates:
      return OneOrList(Ref("mandate"));
    case Shape::kAway:
      return OneOrList(Ref("period"));
    case Shape::kAddresses:
      return ByName(kScalar);
    case Shape::kLanguage:
      return Words({"zh", "en"});
    default:
      return nullptr;
  }
}

Json OfPeople(Shape shape) {
  switch (shape) {
    case Shape::kTask:
      return Ref("task");
    case Shape::kApproval:
      return Ref("approval");
    case Shape::kForm:
      return OneOrList(EitherOf(kString, Ref("form_field")));
    case Shape::kOutcomes:
      return EitherOf(OneOrList(kString), ByName(OfTitle()));
    case Shape::kOpinion:
      return OneOrList(kString);
    case Shape::kAddressees:
      return OneOrList(EitherOf(Words({"starter", "participants"}), Ref("addressee")));
    case Shape::kStarters:
      return Ref("starters");
    case Shape::kSubject:
      return EitherOf(kString, Ref("field_reference"));
    default:
      return nullptr;
  }
}

Json OfTime(Shape shape) {
  switch (shape) {
    case Shape::kTimeLimit:
      return {{"type", "string"},
              {"examples", {"3 days", "3 working days", "24 hours", "same day"}}};
    case Shape::kFirstDay:
      return Words({"counted", "not_counted"});
    case Shape::kRoll:
      return Words({"none", "next_working_day", "previous_working_day"});
    case Shape::kDate:
      return {{"type", "string"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}$"}};
    case Shape::kClockTime:
      return {{"type", "string"}, {"pattern", "^([01]\\d|2[0-3]):[0-5]\\d$"}};
    case Shape::kDayOfMonth:
      return {{"type", "integer"}, {"minimum", 1}, {"maximum", 31}};
    case Shape::kWorkingDays:
      return {{"type", "string"}, {"examples", {"0 working days", "3 working days"}}};
    case Shape::kDue:
      return Ref("due");
    case Shape::kOverdue:
      return OneOrList(Ref("overdue"));
    case Shape::kDueFrom:
      return EitherOf(Words({"entry", "start"}), Ref("due_from"));
    case Shape::kBasis:
      return EitherOf(OfTitle(), {{"type", "array"}, {"items", Ref("provision")}});
    case Shape::kRemind:
      return OneOrList({{"type", "string"}, {"examples", {"50%", "3 working days", "2 hours"}}});
    case Shape::kAfter:
      return OneOrList(Ref("after"));
    case Shape::kAt:
      return OneOrList(Ref("at"));
    case Shape::kEvery:
      return OneOrList(Ref("every"));
    default:
      return nullptr;
  }
}

Json OfAction(Shape shape) {
  switch (shape) {
    case Shape::kActions:
      return OneOrList(Ref("action"));
    case Shape::kRaise:
      return EitherOf(kScalar, Ref("raise"));
    case Shape::kSend:
      return EitherOf(kScalar, Ref("send"));
    case Shape::kSendTo:
      return EitherOf(Words({"self", "parent"}), Ref("send_to"));
    case Shape::kCancel:
      return EitherOf(kScalar, Ref("cancel"));
    case Shape::kNotify:
      return Ref("notify");
    case Shape::kUrgency:
      return Words({"digest", "normal", "urgent", "statutory"});
    case Shape::kStart:
      return Ref("start_child");
    case Shape::kForEach:
      return Ref("for_each");
    default:
      return nullptr;
  }
}

Json Of(Shape shape) {
  switch (shape) {
    case Shape::kName:
      return kScalar;
    case Shape::kNames:
      return OneOrList(kScalar);
    case Shape::kTitle:
    case Shape::kWords:
      return OfTitle();
    case Shape::kText:
      return kScalar;
    case Shape::kBool:
      return kBoolean;
    case Shape::kInteger:
      return kInteger;
    case Shape::kAny:
      return Json::object();
    case Shape::kCel:
      return kExpression;
    default:
      break;
  }
  for (const auto of : {OfState, OfData, OfPeople, OfRound, OfOrganisation, OfTime, OfAction}) {
    if (Json schema = of(shape); !schema.is_null()) return schema;
  }
  return Json::object();
}

Json OfTable(const Table& table) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Key& key : table.keys) {
    Json schema = Of(key.shape);
    schema["description"] = std::string(key.help_zh) + " / " + std::string(key.help_en);
    properties[std::string(key.name)] = std::move(schema);
    if (key.required) required.push_back(key.name);
  }
  Json schema = {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

}  // namespace

std::string JsonSchema() {
  Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Duban: workflow, part or organisation"},
      {"description", "docs/definition-language.md; generated by `duban schema`"},
      {"type", "object"},
      // By what the file says it is, so that an editor complains about the right thing.
      {"if", {{"required", {"part"}}}},
      {"then", Ref("part")},
      {"else",
       {{"if", {{"required", {"people"}}}},
        {"then", Ref("organisation")},
        {"else", Ref("workflow")}}},
  };
  Json& definitions = schema["$defs"];
  for (const Table* table : AllTables()) definitions[std::string(table->name)] = OfTable(*table);
  return schema.dump(2) + "\n";
}

}  // namespace duban::definition
