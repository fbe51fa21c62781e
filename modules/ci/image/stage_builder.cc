#include "image/stage_builder.h"

#include <array>

#include "core/error.h"
#include "image/copy.h"
#include "image/instruction_values.h"
#include "image/owner.h"
#include "image/variables.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxLayers = 127;  // what runtimes accept

}  // namespace

BuiltStage StageBuilder::run(const DockerfileStage& stage) {
  for (const Instruction& instruction : stage.instructions) {
    if (state_.request.stop.stop_requested()) {
      fail(ErrorCode::unavailable, "the build was stopped");
    }
    try {
      apply(instruction);
    } catch (const Error& e) {
      throw e.in(
          fmt::format("{}:{}", state_.dockerfile.file, instruction.line));
    }
  }
  return std::move(built_);
}

void StageBuilder::apply(const Instruction& instruction) {
  struct Handler {
    std::string_view name;
    void (StageBuilder::*run)(const Instruction&);
  };
  static constexpr std::array<Handler, 15> kHandlers = {{
      {"ADD", &StageBuilder::copy},
      {"ARG", &StageBuilder::argument},
      {"CMD", &StageBuilder::command},
      {"COPY", &StageBuilder::copy},
      {"ENTRYPOINT", &StageBuilder::entry_point},
      {"ENV", &StageBuilder::environment},
      {"EXPOSE", &StageBuilder::expose},
      {"HEALTHCHECK", &StageBuilder::health_check},
      {"LABEL", &StageBuilder::label},
      {"MAINTAINER", &StageBuilder::maintainer},
      {"SHELL", &StageBuilder::shell},
      {"STOPSIGNAL", &StageBuilder::stop_signal},
      {"USER", &StageBuilder::user},
      {"VOLUME", &StageBuilder::volume},
      {"WORKDIR", &StageBuilder::working_folder},
  }};
  for (const Handler& handler : kHandlers) {
    if (handler.name != instruction.name) continue;
    const std::size_t layers = built_.config.layer_count();
    (this->*handler.run)(instruction);
    built_.config.add_history(instruction.original, state_.request.epoch,
                              built_.config.layer_count() != layers);
    return;
  }
  fail(ErrorCode::internal, "no handler for {}", instruction.name);
}

// ENV is stronger than ARG.
std::optional<std::string> StageBuilder::variable(std::string_view name) const {
  if (auto found = built_.config.environment(name)) return found;
  const auto found = args_.find(name);
  if (found == args_.end()) return std::nullopt;
  return found->second;
}

std::string StageBuilder::expanded(std::string_view word) const {
  return expand(word, state_.dockerfile.escape,
                [this](std::string_view name) { return variable(name); });
}

void StageBuilder::argument(const Instruction& instruction) {
  const auto& given = state_.request.build_args;
  for (const auto& [name, value] : instruction.pairs) {
    if (const auto found = given.find(name); found != given.end()) {
      args_[name] = found->second;
      state_.used_args.insert(name);
    } else if (value) {
      args_[name] = expanded(*value);
    } else if (const auto global = state_.global_args.find(name);
               global != state_.global_args.end()) {
      args_[name] = global->second;
    } else if (const auto fixed = state_.platform.find(name);
               fixed != state_.platform.end()) {
      args_[name] = fixed->second;
    }
  }
}

void StageBuilder::environment(const Instruction& instruction) {
  Variables values;  // all see what was set before this line
  std::vector<std::string> order;
  for (const auto& [name, value] : instruction.pairs) {
    const std::string key = expanded(name);
    if (key.empty() || key.find('=') != std::string::npos) {
      fail(ErrorCode::invalid, "'{}' cannot be the name of a variable", key);
    }
    if (values.insert_or_assign(key, expanded(value.value_or(""))).second) {
      order.push_back(key);
    }
  }
  for (const std::string& name : order) {
    built_.config.set_environment(name, values[name]);
  }
}

void StageBuilder::label(const Instruction& instruction) {
  for (const auto& [name, value] : instruction.pairs) {
    built_.config.set_label(expanded(name), expanded(value.value_or("")));
  }
}

std::string StageBuilder::absolute(std::string_view path) const {
  std::string out = path.starts_with('/') ? std::string(path)
                                          : built_.config.working_folder() +
                                                '/' + std::string(path);
  const bool is_folder = out.ends_with('/') || out.ends_with("/.");
  out = '/' + clean_rooted(out);
  return is_folder && out != "/" ? out + '/' : out;
}

void StageBuilder::copy(const Instruction& instruction) {
  const auto flag = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = instruction.flags.find(name);
    if (found == instruction.flags.end()) return std::nullopt;
    return expanded(found->second);
  };
  CopyRequest request;
  for (const std::string& word : instruction.words) {
    request.sources.push_back(expanded(word));
  }
  request.target = absolute(request.sources.back());
  request.sources.pop_back();
  if (const auto owner = flag("chown")) {
    request.owner = parse_owner(*owner, built_.files);
  }
  if (const auto mode = flag("chmod")) request.mode = parse_mode(*mode);
  request.max_file_bytes = state_.request.limits.max_file_bytes;
  request.max_unpacked_bytes = state_.request.limits.max_unpacked_bytes;
  if (instruction.name == "ADD") {
    request.unpack_to = std::make_shared<Spool>(state_.folder);
  }
  const SourceFiles* from = state_.context;
  if (const auto name = instruction.flags.find("from");
      name != instruction.flags.end()) {
    from = &state_.source(name->second);
    request.from_name = "'" + name->second + "'";
  } else {
    request.from_name = "the build context";
    request.refuse_outside = true;
  }
  LayerBuilder layer(built_.files);
  copy_files(*from, request, layer);
  finish_layer(layer, instruction);
}

void StageBuilder::working_folder(const Instruction& instruction) {
  const std::string folder = absolute(expanded(instruction.text));
  LayerBuilder layer(built_.files);
  const std::string user = built_.config.text("User");
  layer.make_folders(clean_rooted(folder),
                     user.empty() ? Owner{} : parse_owner(user, built_.files));
  const bool cut = folder.size() > 1 && folder.ends_with('/');
  built_.config.set_text("WorkingDir",
                         cut ? folder.substr(0, folder.size() - 1) : folder);
  finish_layer(layer, instruction);
}

void StageBuilder::finish_layer(const LayerBuilder& layer,
                                const Instruction& instruction) {
  if (layer.empty()) return;
  if (built_.config.layer_count() >= kMaxLayers) {
    fail(ErrorCode::too_large, "the image has more than {} layers", kMaxLayers);
  }
  const auto file =
      state_.folder / ("layer-" + std::to_string(++state_.layers_written));
  built_.own_layers.push_back(layer.write(file, state_.request.epoch));
  built_.config.add_diff_id(built_.own_layers.back().diff_id);
  state_.log(fmt::format("{}: {} bytes", instruction.original,
                         built_.own_layers.back().size));
}

void StageBuilder::user(const Instruction& instruction) {
  const std::string user = expanded(instruction.text);
  if (user.empty()) fail(ErrorCode::invalid, "USER needs a name");
  built_.config.set_text("User", user);
}

void StageBuilder::volume(const Instruction& instruction) {
  for (const std::string& word : instruction.words) {
    const std::string path = expanded(word);
    if (path.empty()) fail(ErrorCode::invalid, "VOLUME needs a path");
    built_.config.add_to_set("Volumes", path);
  }
}

void StageBuilder::stop_signal(const Instruction& instruction) {
  built_.config.set_text("StopSignal",
                         parse_signal(expanded(instruction.text)));
}

void StageBuilder::maintainer(const Instruction& instruction) {
  built_.config.set_author(instruction.text);
}

void StageBuilder::expose(const Instruction& instruction) {
  for (const std::string& word : instruction.words) {
    // One variable may hold several ports.
    for (const std::string& port : split_at_spaces(expanded(word))) {
      for (const std::string& one : parse_ports(port)) {
        built_.config.add_to_set("ExposedPorts", one);
      }
    }
  }
}

std::vector<std::string> StageBuilder::command_words(
    const Instruction& instruction) const {
  if (instruction.is_json) return instruction.words;
  std::vector<std::string> words = built_.config.shell();
  words.push_back(instruction.text);
  return words;
}

void StageBuilder::entry_point(const Instruction& instruction) {
  built_.config.set_command("Entrypoint", command_words(instruction));
  // What a base image passed to its own entry point means nothing to this one.
  if (!command_is_own_) built_.config.clear("Cmd");
}

void StageBuilder::command(const Instruction& instruction) {
  built_.config.set_command("Cmd", command_words(instruction));
  command_is_own_ = true;
}

void StageBuilder::shell(const Instruction& instruction) {
  built_.config.set_command("Shell", instruction.words);
}

void StageBuilder::health_check(const Instruction& instruction) {
  built_.config.set_healthcheck(parse_healthcheck(instruction));
}

}  // namespace skerry::ci
