// A storage that knows commits only, and answers them with bytes that mean nothing.
#include "core/plugin/abi.h"

namespace {
constexpr uint8_t kNonsense[] = {0xff, 0xff, 0xff};
int the_instance;

duban_status Create(const uint8_t*, size_t, void** instance, duban_sink, void*) {
  *instance = &the_instance;
  return DUBAN_OK;
}
void Destroy(void*) {}
duban_status Call(void*, uint32_t operation, const uint8_t*, size_t, duban_sink sink,
                  void* context) {
  constexpr uint32_t kCommit = 1;
  constexpr uint32_t kLoadCase = 2;
  if (operation > kLoadCase) return DUBAN_UNKNOWN_CALL;
  sink(context, kNonsense, sizeof kNonsense);
  return operation == kCommit ? DUBAN_OK : DUBAN_ERROR;
}
const duban_plugin_v1 table{
    DUBAN_ABI_VERSION, sizeof(duban_plugin_v1), "storage", "mute", "0.1", Create, Destroy, Call};
}  // namespace

extern "C" __attribute__((visibility("default"))) const duban_plugin_v1* duban_plugin(void) {
  return &table;
}
