// What the server answered when it did not do what was asked, in words.
#pragma once

#include <grpcpp/support/status.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/model/text.h"
#include "services/cli/failure.h"
#include "services/cli/verbs.h"

namespace duban::cli {

using NameLookup = std::function<Names(const std::vector<std::string>&)>;

// `status` is not OK. `write`: say how to repeat it safely. `names` is asked once, for the people
// named.
Failure ExplainStatus(const Context& context, const grpc::Status& status, bool write,
                      const NameLookup& names);

}  // namespace duban::cli
