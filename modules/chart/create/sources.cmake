set(room_sources create/create.cc create/starter.cc)
