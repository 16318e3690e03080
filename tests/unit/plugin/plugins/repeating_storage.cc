// A storage of the time before a look at the outbox could go on: it shows the first page each time.
#include "core/model/codec.h"
#include "core/plugin/abi.h"
#include "core/plugin/operations.h"
#include "core/plugin/sdk.h"

namespace {
using namespace duban;
int the_instance;

duban_status Create(const uint8_t*, size_t, void** instance, duban_sink, void*) {
  *instance = &the_instance;
  return DUBAN_OK;
}
void Destroy(void*) {}
duban_status Call(void*, uint32_t operation, const uint8_t*, size_t, duban_sink sink,
                  void* context) {
  if (operation != static_cast<uint32_t>(plugin::StorageCall::kPeekOutbox))
    return DUBAN_UNKNOWN_CALL;
  ports::OutboxRow row;
  row.case_id.value = 1;
  row.ordinal = 1;
  plugin::Send(sink, context, model::Encode(std::vector{row}));
  return DUBAN_OK;
}
const duban_plugin_v1 table{DUBAN_ABI_VERSION,
                            sizeof(duban_plugin_v1),
                            "storage",
                            "repeating",
                            "0.1",
                            Create,
                            Destroy,
                            Call};
}  // namespace

extern "C" __attribute__((visibility("default"))) const duban_plugin_v1* duban_plugin(void) {
  return &table;
}
