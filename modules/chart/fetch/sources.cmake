set(room_sources fetch/index.cc fetch/oci.cc fetch/reference.cc
  fetch/repositories.cc fetch/web.cc)
