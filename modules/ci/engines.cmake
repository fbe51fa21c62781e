# The pure engines of CI: no database, no HTTP, no clock of their own.
# Gives CI_ENGINE_SOURCES and CI_ENGINE_PUBLIC, relative to modules/ci, and
# CI_ENGINE_LIBRARIES.

set(CI_ENGINE_PUBLIC
  include/ci/image_store.h
  include/ci/pipeline_check.h
)

set(CI_ENGINE_SOURCES
  expression.cc
  plan.cc
  value.cc
  image/base_image.cc
  image/build.cc
  image/compress.cc
  image/content.cc
  image/copy.cc
  image/dockerfile.cc
  image/dockerfile_lines.cc
  image/file_index.cc
  image/ignore.cc
  image/image_config.cc
  image/instruction_values.cc
  image/layer.cc
  image/owner.cc
  image/pattern.cc
  image/publish.cc
  image/stage_builder.cc
  image/tar.cc
  image/tree_files.cc
  image/variables.cc
  jenkinsfile/argument_reader.cc
  jenkinsfile/check_whole.cc
  jenkinsfile/convert_arguments.cc
  jenkinsfile/convert_expression.cc
  jenkinsfile/convert_steps.cc
  jenkinsfile/diagnostics.cc
  jenkinsfile/fragment.cc
  jenkinsfile/lexer.cc
  jenkinsfile/load.cc
  jenkinsfile/overlay.cc
  jenkinsfile/parse_expression.cc
  jenkinsfile/parser.cc
  jenkinsfile/read_options.cc
  jenkinsfile/read_parameters.cc
  jenkinsfile/read_stages.cc
  jenkinsfile/read_when.cc
  jenkinsfile/sections.cc
  jenkinsfile/step_table.cc
  jenkinsfile/text_lexer.cc
  jenkinsfile/token_stream.cc
  quality/junit.cc
)

set(CI_ENGINE_LIBRARIES deps::archive deps::pugixml deps::re2 deps::zlib)
