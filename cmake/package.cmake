# The .deb: `./dev package` builds it. Everything is installed below usr and etc, seen from the root of a system.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # what is installed was built before; the tests are not
set(package ${CMAKE_CURRENT_LIST_DIR}/package)
set(generated ${CMAKE_BINARY_DIR}/package)

install(TARGETS duband duban RUNTIME DESTINATION usr/bin)
get_property(plugin_targets GLOBAL PROPERTY DUBAN_PLUGINS)
foreach(target ${plugin_targets})
  get_target_property(directory ${target} LIBRARY_OUTPUT_DIRECTORY)
  file(RELATIVE_PATH kind ${DUBAN_PLUGIN_DIRECTORY} ${directory})
  install(TARGETS ${target} LIBRARY DESTINATION usr/lib/duban/plugins/${kind})
endforeach()

# Shell completion, from the program itself; manual pages and the changelog, compressed as Debian has it.
add_custom_command(OUTPUT ${generated}/duban ${generated}/_duban
  COMMAND ${CMAKE_COMMAND} -E env LANG=C.UTF-8 $<TARGET_FILE:duban> completion bash > ${generated}/duban
  COMMAND ${CMAKE_COMMAND} -E env LANG=C.UTF-8 $<TARGET_FILE:duban> completion zsh > ${generated}/_duban
  DEPENDS duban VERBATIM)
foreach(page duban.1 duband.8)
  add_custom_command(OUTPUT ${generated}/${page}.gz
    COMMAND gzip -9n < ${package}/${page} > ${generated}/${page}.gz DEPENDS ${package}/${page} VERBATIM)
endforeach()
file(MAKE_DIRECTORY ${generated})
file(WRITE ${generated}/changelog
  "duban (${PROJECT_VERSION}) unstable; urgency=medium\n\n  * Release ${PROJECT_VERSION}.\n\n"
  " -- Duban maintainers <maintainers@duban.invalid>  Thu, 01 Jan 2026 00:00:00 +0000\n")
add_custom_command(OUTPUT ${generated}/changelog.gz
  COMMAND gzip -9n < ${generated}/changelog > ${generated}/changelog.gz VERBATIM)
file(WRITE ${generated}/copyright
  "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
  "Files: *\nCopyright: 2026 The Duban authors\nLicense: Apache-2.0\n"
  " On Debian systems the full text of the Apache License, version 2.0, is in\n"
  " /usr/share/common-licenses/Apache-2.0.\n")
add_custom_target(package_files DEPENDS duband duban plugins ${generated}/duban ${generated}/_duban
  ${generated}/duban.1.gz ${generated}/duband.8.gz ${generated}/changelog.gz)

install(FILES ${generated}/duban DESTINATION usr/share/bash-completion/completions)
install(FILES ${generated}/_duban DESTINATION usr/share/zsh/vendor-completions)
install(FILES ${generated}/duban.1.gz DESTINATION usr/share/man/man1)
install(FILES ${generated}/duband.8.gz DESTINATION usr/share/man/man8)
install(FILES ${generated}/changelog.gz ${generated}/copyright ${PROJECT_SOURCE_DIR}/docs/operations.md
  ${PROJECT_SOURCE_DIR}/docs/campaign.md ${PROJECT_SOURCE_DIR}/docs/definition-language.md DESTINATION usr/share/doc/duban)
install(FILES ${package}/duband.service DESTINATION lib/systemd/system)
install(FILES ${package}/duband.ini ${package}/organisation.yaml DESTINATION etc/duban)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/workflows/safety-inspection-2022/calendar DESTINATION etc/duban
  FILES_MATCHING PATTERN "*.json")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/workflows/ DESTINATION usr/share/duban/workflows
  PATTERN run-sample EXCLUDE PATTERN "*.scenario.yaml" EXCLUDE PATTERN "LICENSE*" EXCLUDE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_NAME duban)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "workflow and approval engine")
set(CPACK_PACKAGE_CONTACT "Duban maintainers <maintainers@duban.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, procps, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "graphviz, prometheus")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "workflow and approval engine
Agencies describe campaigns and their procedures in YAML; the engine runs
every case of them durably, client applications drive the cases over gRPC,
and leaders sign off on what is escalated to them.
This package has the server duband, the command line duban, the plugins and
a sample campaign.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${package}/postinst ${package}/prerm ${package}/postrm ${generated}/conffiles)
file(GLOB notices RELATIVE ${PROJECT_SOURCE_DIR}/workflows/safety-inspection-2022
  ${PROJECT_SOURCE_DIR}/workflows/safety-inspection-2022/calendar/*.json)
list(TRANSFORM notices PREPEND /etc/duban/)
list(JOIN notices "\n" notices)
file(WRITE ${generated}/conffiles "/etc/duban/duband.ini\n/etc/duban/organisation.yaml\n${notices}\n")
include(CPack)
