// Parts of a case as text, shared by the verbs.
#pragma once

#include <string>

#include "duban/v1/common.pb.h"
#include "services/cli/connection.h"

namespace duban::cli {

// What a write led to, as the user reads it.
std::string ReceiptText(const Terminal& terminal, const v1::Receipt& receipt);

// Tasks as a table; closed ones say how they ended. `with_case`: with the case's title.
std::string TaskTable(const Connection& connection,
                      const google::protobuf::RepeatedPtrField<v1::Task>& tasks, bool with_case);

}  // namespace duban::cli
