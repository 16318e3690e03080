# The few words in which this project's CMakeLists.txt files are written.

set(DUBAN_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)

add_custom_target(plugins)     # every plugin that is shipped
add_custom_target(benchmarks)  # what `./dev bench` runs

# What takes memory for the server: docs/adr/0013. A sanitizer has its own.
add_library(duban_allocator INTERFACE)
if(NOT DUBAN_SANITIZE)
  target_link_libraries(duban_allocator INTERFACE ${DUBAN_TCMALLOC})
endif()

# duban_library(NAME SOURCES … LINKS …): one directory, one namespace, one target `duban_NAME`.
# Includes are written from the top of the repository: #include "core/model/value.h".
function(duban_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(duban_${name} STATIC ${ARG_SOURCES})
  target_include_directories(duban_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(duban_${name} PRIVATE ${DUBAN_WARNINGS})
  target_link_libraries(duban_${name} PUBLIC ${ARG_LINKS})
endfunction()

# duban_plugin(KIND NAME SOURCES … LINKS …): one .so at plugins/KIND/NAME.so, which exports one symbol.
function(duban_plugin kind name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  set(target plugin_${kind}_${name})
  add_library(${target} MODULE ${ARG_SOURCES})
  target_compile_options(${target} PRIVATE ${DUBAN_WARNINGS})
  target_link_libraries(${target} PRIVATE duban_plugin ${ARG_LINKS})
  target_link_options(${target} PRIVATE -Wl,--as-needed -Wl,--version-script=${PROJECT_SOURCE_DIR}/core/plugin/exports.map)
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${DUBAN_PLUGIN_DIRECTORY}/${kind})
  if(NOT kind STREQUAL "test")
    add_dependencies(plugins ${target})
    set_property(GLOBAL APPEND PROPERTY DUBAN_PLUGINS ${target})
  endif()
endfunction()

# duban_test(NAME SOURCES … LINKS … ARGS …): a GoogleTest program, run by ctest as one test.
function(duban_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${DUBAN_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 300
    ENVIRONMENT "DUBAN_SOURCE=${PROJECT_SOURCE_DIR};DUBAN_BINARY=${CMAKE_BINARY_DIR}")
  if(ARG_TIMEOUT)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()
