set(room_sources dependency/constraint.cc dependency/fetch.cc
  dependency/manager.cc dependency/status.cc)
