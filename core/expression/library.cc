#include "core/expression/library.h"

#include <array>

namespace duban::expression {
namespace {

using Kind = Type::Kind;

std::vector<Overload> Selector(bool durations) {
  std::vector<Overload> out{{{Kind::kTimestamp}, Kind::kInt},
                            {{Kind::kTimestamp, Kind::kString}, Kind::kInt}};
  if (durations) out.push_back({{Kind::kDuration}, Kind::kInt});
  return out;
}

std::vector<Overload> From(std::initializer_list<Kind> sources, Kind result) {
  std::vector<Overload> out;
  for (Kind source : sources) out.push_back({{source}, result});
  return out;
}

std::vector<Overload> TextTest() { return {{{Kind::kString, Kind::kString}, Kind::kBool}}; }

LibraryFunction Conversion(std::string_view name, std::vector<Overload> overloads,
                           Implementation run, Fault (*check)(const std::string&) = nullptr) {
  return {name, true, false, std::move(overloads), run, check};
}

LibraryFunction TimePart(std::string_view name, bool durations, Implementation run) {
  return {name, false, true, Selector(durations), run, CheckZone};
}

std::vector<LibraryFunction> MakeLibrary() {
  return {
      Conversion("bool", From({Kind::kBool, Kind::kString}, Kind::kBool), ToBool),
      Conversion("int",
                 From({Kind::kInt, Kind::kUint, Kind::kDouble, Kind::kString, Kind::kTimestamp},
                      Kind::kInt),
                 ToInt),
      Conversion("uint", From({Kind::kUint, Kind::kInt, Kind::kDouble, Kind::kString}, Kind::kUint),
                 ToUint),
      Conversion("double",
                 From({Kind::kDouble, Kind::kInt, Kind::kUint, Kind::kString}, Kind::kDouble),
                 ToDouble),
      Conversion("string",
                 From({Kind::kString, Kind::kBool, Kind::kInt, Kind::kUint, Kind::kDouble,
                       Kind::kBytes, Kind::kTimestamp, Kind::kDuration},
                      Kind::kString),
                 ToText),
      Conversion("bytes", From({Kind::kBytes, Kind::kString}, Kind::kBytes), ToBytes),
      Conversion("timestamp", From({Kind::kTimestamp, Kind::kString, Kind::kInt}, Kind::kTimestamp),
                 ToTimestamp, CheckTimestamp),
      Conversion("duration", From({Kind::kDuration, Kind::kString}, Kind::kDuration), ToDuration,
                 CheckDuration),
      Conversion("type", From({Kind::kDyn}, Kind::kType), ToType),
      {"size", true, true, From({Kind::kString, Kind::kBytes, Kind::kList, Kind::kMap}, Kind::kInt),
       Size},
      {"contains", false, true, TextTest(), ContainsText},
      {"startsWith", false, true, TextTest(), StartsWith},
      {"endsWith", false, true, TextTest(), EndsWith},
      {"matches", true, true, TextTest(), Matches},
      TimePart("getFullYear", false, GetFullYear),
      TimePart("getMonth", false, GetMonth),
      TimePart("getDate", false, GetDate),
      TimePart("getDayOfMonth", false, GetDayOfMonth),
      TimePart("getDayOfWeek", false, GetDayOfWeek),
      TimePart("getDayOfYear", false, GetDayOfYear),
      TimePart("getHours", true, GetHours),
      TimePart("getMinutes", true, GetMinutes),
      TimePart("getSeconds", true, GetSeconds),
      TimePart("getMilliseconds", true, GetMilliseconds),
  };
}

}  // namespace

const std::vector<LibraryFunction>& Library() {
  static const std::vector<LibraryFunction> library = MakeLibrary();
  return library;
}

int FindInLibrary(std::string_view name, bool receiver) {
  const auto& library = Library();
  for (std::size_t i = 0; i < library.size(); ++i) {
    if (library[i].name == name && (receiver ? library[i].receiver : library[i].global))
      return static_cast<int>(i);
  }
  return -1;
}

std::string DescribeCall(std::string_view name, std::span<const model::Value* const> arguments) {
  std::string out(name);
  out += '(';
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) out += ", ";
    out += model::KindName(arguments[i]->kind());
  }
  return out + ')';
}

std::string_view TypeNameOf(const model::Value& value) {
  static constexpr std::array<std::string_view, 12> kNames = {"null_type",
                                                              "bool",
                                                              "int",
                                                              "uint",
                                                              "double",
                                                              "string",
                                                              "bytes",
                                                              "google.protobuf.Timestamp",
                                                              "google.protobuf.Duration",
                                                              "type",
                                                              "list",
                                                              "map"};
  return kNames[static_cast<std::size_t>(value.kind())];
}

}  // namespace duban::expression
