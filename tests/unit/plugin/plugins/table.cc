// A table that is wrong in one place, chosen by the macros.
#include "core/plugin/abi.h"

#ifndef ABI_VERSION
#define ABI_VERSION DUBAN_ABI_VERSION
#endif
#ifndef STRUCT_SIZE
#define STRUCT_SIZE sizeof(duban_plugin_v1)
#endif
#ifndef NAME
#define NAME "wrong"
#endif
#ifndef TABLE
#define TABLE &table
#endif

namespace {
duban_status Create(const uint8_t*, size_t, void**, duban_sink, void*) { return DUBAN_OK; }
void Destroy(void*) {}
duban_status Call(void*, uint32_t, const uint8_t*, size_t, duban_sink, void*) { return DUBAN_OK; }
[[maybe_unused]] const duban_plugin_v1 table{ABI_VERSION, STRUCT_SIZE, "notification", NAME,
                                             "1.0",       Create,      Destroy,        Call};
}  // namespace

extern "C" __attribute__((visibility("default"))) const duban_plugin_v1* duban_plugin(void) {
  return TABLE;
}
