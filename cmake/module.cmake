# How the parts of the program are declared, and the walls between them.

# Our own code's warnings, never applied to a library's headers.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  $<$<BOOL:${SKERRY_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-missing-field-initializers>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers>)

# add_module(NAME PUBLIC header... SOURCES file... [LIBRARIES target...])
#
# A static library skerry_NAME. Others see only <here>/include; inside, <here>
# is the root. It links core and, on purpose, no other module. A room of it (a
# folder) may list sources of its own: its sources.cmake sets room_sources, with
# paths from <here>.
function(add_module name)
  cmake_parse_arguments(arg "" "" "PUBLIC;SOURCES;LIBRARIES" ${ARGN})
  foreach(library IN LISTS arg_LIBRARIES)
    if(library MATCHES "^skerry_")
      message(FATAL_ERROR "module ${name} may not link ${library}: modules "
        "link core; app/wiring.cc fits them together")
    endif()
  endforeach()
  file(GLOB rooms CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/*/sources.cmake)
  foreach(room IN LISTS rooms)
    include(${room})
    list(APPEND arg_SOURCES ${room_sources})
  endforeach()
  add_library(skerry_${name} STATIC ${arg_SOURCES})
  target_sources(skerry_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/include FILES ${arg_PUBLIC})
  target_include_directories(skerry_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(skerry_${name} PUBLIC core PRIVATE warnings
    ${arg_LIBRARIES})
  set_target_properties(skerry_${name} PROPERTIES
    SKERRY_PRIVATE_INCLUDE ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

# add_unit_test(NAME SOURCES file... [MODULES name...] [LIBRARIES target...])
#
# A test program NAME_test; it may see the private headers of its modules.
function(add_unit_test name)
  if(NOT SKERRY_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;MODULES;LIBRARIES" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name}_test PRIVATE warnings core ${arg_LIBRARIES}
    GTest::gtest GTest::gtest_main)
  foreach(module IN LISTS arg_MODULES)
    target_link_libraries(${name}_test PRIVATE skerry_${module})
    target_include_directories(${name}_test PRIVATE
      $<TARGET_PROPERTY:skerry_${module},SKERRY_PRIVATE_INCLUDE>)
  endforeach()
  add_test(NAME ${name} COMMAND ${name}_test)
  set_property(GLOBAL APPEND PROPERTY SKERRY_TEST_TARGETS ${name}_test)
endfunction()

# add_fuzzer(NAME SOURCES file [MODULES name...] [LIBRARIES target...])
#
# A libFuzzer program NAME_fuzzer; built by the asan preset only.
function(add_fuzzer name)
  if(NOT SKERRY_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;MODULES;LIBRARIES" ${ARGN})
  add_executable(${name}_fuzzer ${arg_SOURCES})
  target_link_options(${name}_fuzzer PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name}_fuzzer PRIVATE warnings core ${arg_LIBRARIES})
  foreach(module IN LISTS arg_MODULES)
    target_link_libraries(${name}_fuzzer PRIVATE skerry_${module})
    target_include_directories(${name}_fuzzer PRIVATE
      $<TARGET_PROPERTY:skerry_${module},SKERRY_PRIVATE_INCLUDE>)
  endforeach()
endfunction()
