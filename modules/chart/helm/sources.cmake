set(room_sources helm/archive.cc helm/deprecations.cc helm/lint_objects.cc
  helm/lock.cc helm/log.cc)
