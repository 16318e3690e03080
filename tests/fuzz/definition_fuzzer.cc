// Anything at all, read as a workflow, as an organisation and as a campaign of two files.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/definition/graph.h"
#include "core/definition/load.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace duban::definition;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const LoadedWorkflow loaded = LoadWorkflow("fuzz.yaml", text);
  Require((loaded.definition == nullptr) == HasErrors(loaded.diagnostics));
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    Require(!ToString(diagnostic, "zh").empty() && !diagnostic.code.empty());
  }
  if (loaded.definition != nullptr) {
    Require(!ToDot(*loaded.definition, {0}, "zh").empty());
    Require(!ToMermaid(*loaded.definition, {0}, "en").empty());
  }
  const auto organisation = Organisation::Parse("organisation.yaml", text);
  Require(organisation.has_value() || HasErrors(organisation.error()));
  const Loaded campaign =
      LoadCampaign({{"a.yaml", text}, {"b.yaml", "part: b\ninclude: a.yaml\n"}});
  Require((campaign.campaign == nullptr) == HasErrors(campaign.diagnostics));
  return 0;
}
