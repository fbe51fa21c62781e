set(room_sources cli/command.cc cli/create.cc cli/dependency.cc cli/folder.cc
  cli/locate.cc cli/table.cc cli/template_output.cc cli/verify.cc)
