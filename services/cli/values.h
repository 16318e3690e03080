// Between words on the command line and the API's values.
#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <expected>
#include <set>
#include <string>
#include <string_view>

#include "core/model/text.h"
#include "core/model/time.h"
#include "duban/v1/common.pb.h"
#include "services/cli/failure.h"
#include "services/cli/terminal.h"
#include "services/cli/verbs.h"

namespace duban::cli {

// Words are key=value, where a dotted key sets a member of an object. A value that is a JSON
// number, true, false, null, list, object or quoted text is that; anything else is text. Keys in
// `texts` always take text.
std::expected<google::protobuf::Struct, Failure> ReadData(const Terminal& terminal,
                                                          const DataArguments& data,
                                                          const std::set<std::string>& texts = {});

// For people: texts as they are, whole numbers without a fraction, lists with commas, objects as
// JSON.
std::string ToText(const google::protobuf::Value& value);

inline model::Text ToModel(const v1::Text& text) { return {text.zh(), text.en()}; }
inline model::Timestamp ToModel(const google::protobuf::Timestamp& time) {
  return {time.seconds(), time.nanos()};
}

// The message as one JSON object on one line, with every field, as protobuf's JSON mapping has it.
std::string ToJson(const google::protobuf::Message& message);

// 122 random bits in the usual form: for a request id.
std::string RandomUuid();

}  // namespace duban::cli
