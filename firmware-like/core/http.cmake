target_sources(core PRIVATE
  http/body.cc http/certificate.cc http/civetweb.cc http/client.cc
  http/dispatcher.cc http/headers.cc http/listen.cc http/local_address.cc
  http/message.cc http/numbers.cc http/openapi.cc http/read_watch.cc
  http/refusal.cc http/response.cc http/route.cc http/router.cc http/server.cc
  http/tls.cc http/waiting_room.cc
)
