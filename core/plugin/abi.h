/* The boundary between Duban and a plugin: a .so that exports one C function, `duban_plugin`.
 *
 * The rules:
 *  - No C++ type, exception or allocation crosses. Bytes go in as (pointer, size) and live until
 * the call returns; bytes come out through a sink that copies them.
 *  - Names say who owns: `create` gives the caller an instance, `destroy` takes it back; nothing
 * else changes hands.
 *  - What is asked is an operation number and a message in the stored form of core/model/codec.h.
 * The numbers and messages of each port are in sdk.h; a number keeps its meaning for ever.
 *  - A plugin for another DUBAN_ABI_VERSION is refused when it is loaded, and both versions are
 * named. Most authors never see this file: they derive from a port in C++ and write one macro of
 * sdk.h. */
#ifndef DUBAN_CORE_PLUGIN_ABI_H_
#define DUBAN_CORE_PLUGIN_ABI_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DUBAN_ABI_VERSION 1u

/* Receives bytes; may be called once per operation. `context` is what came with it. */
typedef void (*duban_sink)(void* context, const uint8_t* data, size_t size);

typedef enum duban_status {
  DUBAN_OK = 0,
  DUBAN_ERROR = 1,       /* the sink received the port's error message, encoded */
  DUBAN_UNKNOWN_CALL = 2 /* the plugin is older than the operation */
} duban_status;

typedef struct duban_plugin_v1 {
  uint32_t abi_version; /* DUBAN_ABI_VERSION the plugin was built with */
  uint32_t struct_size; /* sizeof(duban_plugin_v1) then */
  const char* kind;     /* "storage" or "notification" */
  const char* name;     /* as in the configuration: "sqlite" */
  const char* version;  /* of the plugin, for logs */

  /* `settings`: encoded std::map<string, string>, the plugin's section of the configuration. On
   * success *instance is set; otherwise the sink received a text that tells what to do.
   * Thread-safe. */
  duban_status (*create)(const uint8_t* settings, size_t size, void** instance, duban_sink sink,
                         void* context);
  void (*destroy)(void* instance);
  /* Thread-safe exactly where the port says so. */
  duban_status (*call)(void* instance, uint32_t operation, const uint8_t* request, size_t size,
                       duban_sink sink, void* context);
} duban_plugin_v1;

/* The one exported symbol. The table lives as long as the library is loaded. */
typedef const duban_plugin_v1* (*duban_plugin_function)(void);
#define DUBAN_PLUGIN_SYMBOL "duban_plugin"

#ifdef __cplusplus
}
#endif
#endif
