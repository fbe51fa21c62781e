# The libraries, as imported targets `deps::NAME`. Debian 12's static archives
# where they serve, otherwise what scripts/deps built from later suites.

# The folder's name is the start of the digest of the script and what it uses:
# a build folder follows them when they change.
file(GLOB deps_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scripts/deps.d/*)
list(PREPEND deps_sources ${CMAKE_SOURCE_DIR}/scripts/deps)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${deps_sources})
set(deps_text "")
foreach(source IN LISTS deps_sources)
  file(READ ${source} text)
  string(APPEND deps_text "${text}")
endforeach()
string(SHA256 deps_key "${deps_text}")
string(SUBSTRING ${deps_key} 0 12 deps_key)
if(NOT SKERRY_DEPS MATCHES "${deps_key}$")
  message(STATUS "Building dependencies (once)")
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/deps
    OUTPUT_VARIABLE built_deps OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  set(SKERRY_DEPS "${built_deps}" CACHE PATH "What scripts/deps built" FORCE)
endif()

# add_dependency(NAME [INCLUDES dir...] [ARCHIVES file...] [LIBRARIES target...])
function(add_dependency name)
  cmake_parse_arguments(arg "" "" "INCLUDES;ARCHIVES;LIBRARIES" ${ARGN})
  add_library(deps_${name} INTERFACE)
  add_library(deps::${name} ALIAS deps_${name})
  if(arg_INCLUDES)
    target_include_directories(deps_${name} SYSTEM INTERFACE ${arg_INCLUDES})
  endif()
  # A target for each archive, so that CMake knows what must follow it on the
  # linker's command line: the archives after it and the other dependencies.
  set(followers ${arg_LIBRARIES})
  list(REVERSE arg_ARCHIVES)
  foreach(archive IN LISTS arg_ARCHIVES)
    find_library(file_${archive} NAMES lib${archive}.a
      HINTS ${SKERRY_DEPS}/lib NO_CACHE REQUIRED)
    add_library(archive_${archive} STATIC IMPORTED GLOBAL)
    set_target_properties(archive_${archive} PROPERTIES
      IMPORTED_LOCATION ${file_${archive}}
      INTERFACE_LINK_LIBRARIES "${followers}")
    list(PREPEND followers archive_${archive})
  endforeach()
  target_link_libraries(deps_${name} INTERFACE ${followers})
endfunction()

find_package(Threads REQUIRED)

set(built ${SKERRY_DEPS}/include)
add_dependency(fmt INCLUDES ${built} ARCHIVES fmt)
add_dependency(json)                     # nlohmann_json, headers only
add_dependency(yaml ARCHIVES yaml)
add_dependency(crypto ARCHIVES crypto)   # OpenSSL: its digests and AES-GCM
add_dependency(sqlite ARCHIVES sqlite3 LIBRARIES m)
add_dependency(sodium ARCHIVES sodium LIBRARIES Threads::Threads)
add_dependency(zlib ARCHIVES z)
add_dependency(zstd ARCHIVES zstd)
add_dependency(archive INCLUDES ${built} ARCHIVES archive
  LIBRARIES deps::zlib deps::zstd)
add_dependency(mbedtls INCLUDES ${built} ARCHIVES mbedtls mbedx509 mbedcrypto
  LIBRARIES deps::crypto)
add_dependency(civetweb INCLUDES ${built} ARCHIVES civetweb
  LIBRARIES deps::mbedtls Threads::Threads)
add_dependency(curl INCLUDES ${built} ARCHIVES curl
  LIBRARIES deps::mbedtls deps::zlib)
add_dependency(git2 INCLUDES ${built} ARCHIVES git2 http_parser
  LIBRARIES deps::mbedtls deps::zlib)
add_dependency(re2 ARCHIVES re2 LIBRARIES Threads::Threads)
add_dependency(pugixml ARCHIVES pugixml)
add_dependency(cli11)                    # headers only
