# The pure engines of CI: no database, no HTTP, no clock of their own.
# Gives CI_ENGINE_SOURCES and CI_ENGINE_PUBLIC, relative to modules/ci, and
# CI_ENGINE_LIBRARIES.

set(CI_ENGINE_PUBLIC
  include/ci/image_store.h
  include/ci/pipeline_check.h
)

set(CI_ENGINE_SOURCES
)

set(CI_ENGINE_LIBRARIES deps::archive deps::pugixml deps::re2 deps::zlib)
