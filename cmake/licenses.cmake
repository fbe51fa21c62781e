# Run as a script: gathers the copyright files of the libraries that are linked
# into the program, gzip-compressed, into OUTPUT.
#   cmake -DDEPS=... -DOUTPUT=... -DLICENSE=... -P licenses.cmake

set(debian_packages libcli11-dev libhttp-parser-dev libpugixml-dev
  libre2-dev libsodium-dev libsqlite3-dev libssl-dev
  libyaml-dev libzstd-dev nlohmann-json3-dev zlib1g-dev libc6-dev
  libstdc++-12-dev)

set(text "")
function(append_license title file)
  file(READ ${file} content)
  set(text "${text}\n===== ${title}\n\n${content}" PARENT_SCOPE)
endfunction()

append_license("Skerry" ${LICENSE})
append_license("Preact (in the page)"
  ${CMAKE_CURRENT_LIST_DIR}/../web/third_party_licenses.txt)
file(STRINGS ${DEPS}/versions versions)
foreach(line IN LISTS versions)
  string(REPLACE " " ";" parts "${line}")
  list(GET parts 0 name)
  list(GET parts 1 version)
  append_license("${name} ${version}" ${DEPS}/licenses/${name})
endforeach()
foreach(package IN LISTS debian_packages)
  execute_process(COMMAND dpkg-query -W -f "\${Version}" ${package}
    OUTPUT_VARIABLE version ERROR_QUIET)
  set(file /usr/share/doc/${package}/copyright)
  if(EXISTS ${file})
    append_license("${package} ${version}" ${file})
  else()
    message(FATAL_ERROR "no licence text of ${package}")
  endif()
endforeach()
file(WRITE ${OUTPUT}.txt "${text}")
execute_process(COMMAND gzip -9nc ${OUTPUT}.txt OUTPUT_FILE ${OUTPUT}
  COMMAND_ERROR_IS_FATAL ANY)
