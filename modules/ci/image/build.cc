#include "image/build.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/number.h"
#include "core/text/unicode.h"
#include "image/base_image.h"
#include "image/dockerfile.h"
#include "image/publish.h"
#include "image/stage_builder.h"
#include "image/tree_files.h"
#include "image/variables.h"

namespace skerry::ci {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string read_dockerfile(const BuildRequest& request) {
  if (request.dockerfile_text) return *request.dockerfile_text;
  try {
    return request.context->read(
        resolve_path(*request.context, clean_path(request.dockerfile)),
        request.limits.max_dockerfile_bytes);
  } catch (const Error& e) {
    throw e.in(request.dockerfile);
  }
}

IgnoreRules read_ignore_rules(const BuildRequest& request) {
  constexpr std::uint64_t kMaxBytes = 1u << 20;
  for (const std::string& name :
       {request.dockerfile + ".dockerignore", std::string(".dockerignore")}) {
    const auto entry = request.context->find(clean_path(name));
    if (!entry || entry->kind == EntryKind::folder) continue;
    return IgnoreRules(
        request.context->read(resolve_path(*request.context, clean_path(name)),
                              kMaxBytes),
        name);
  }
  return {};
}

// What goes into the configuration must be fit for JSON.
void check_texts(std::string_view what,
                 const std::map<std::string, std::string>& texts) {
  for (const auto& [name, value] : texts) {
    if (!unicode::is_valid(name) || !unicode::is_valid(value)) {
      fail(ErrorCode::invalid, "the {} '{}' is not UTF-8", what,
           unicode::repaired(name));
    }
  }
}

class Builder {
 public:
  Builder(const BuildRequest& request, ImageStore& store)
      : request_(request),
        store_(store),
        scratch_(request.work_folder, "build-"),
        dockerfile_(parse_dockerfile(read_dockerfile(request),
                                     request.dockerfile,
                                     request.limits.max_dockerfile_bytes)),
        context_(*request.context, read_ignore_rules(request),
                 request.limits.max_file_bytes),
        state_{request,         dockerfile_, {}, {},       {},
               scratch_.path(), 0,           {}, &context_} {}

  BuildResult run() {
    for (const std::string& note : dockerfile_.notes) state_.log(note);
    set_platform();
    read_global_args();
    const std::size_t target = find_target();
    mark_needed(target);
    built_.resize(dockerfile_.stages.size());
    for (std::size_t i = 0; i <= target; ++i) {
      if (needed_[i]) build_stage(i);
    }
    report_unused_args();
    return publish(request_, store_, *built_[target]);
  }

 private:
  template <typename F>
  auto at_line(const Instruction& instruction, F&& body) const {
    try {
      return body();
    } catch (const Error& e) {
      throw e.in(fmt::format("{}:{}", dockerfile_.file, instruction.line));
    }
  }

  void set_platform() {
    const std::string& architecture = request_.architecture;
    for (const char* side : {"TARGET", "BUILD"}) {
      const std::string prefix = side;
      state_.platform[prefix + "PLATFORM"] = "linux/" + architecture;
      state_.platform[prefix + "OS"] = "linux";
      state_.platform[prefix + "ARCH"] = architecture;
      state_.platform[prefix + "VARIANT"] = "";
    }
  }

  std::string expand_global(std::string_view word) const {
    return expand(word, dockerfile_.escape,
                  [this](std::string_view name) -> std::optional<std::string> {
                    for (const Variables* from :
                         {&state_.global_args, &state_.platform}) {
                      const auto found = from->find(name);
                      if (found != from->end()) return found->second;
                    }
                    return std::nullopt;
                  });
  }

  void read_global_args() {
    for (const Instruction& arg : dockerfile_.global_args) {
      for (const Assignment& pair : arg.pairs) read_global_arg(arg, pair);
    }
  }

  void read_global_arg(const Instruction& arg, const Assignment& pair) {
    const auto given = request_.build_args.find(pair.name);
    if (given != request_.build_args.end()) {
      state_.global_args[pair.name] = given->second;
      state_.used_args.insert(pair.name);
    } else if (pair.value) {
      state_.global_args[pair.name] =
          at_line(arg, [&] { return expand_global(*pair.value); });
    }
  }

  // A stage before `end` by name or number.
  std::optional<std::size_t> find_stage(std::string_view name,
                                        std::size_t end) const {
    const std::string wanted = lower(name);
    for (std::size_t i = 0; i < end; ++i) {
      if (!wanted.empty() && dockerfile_.stages[i].name == wanted) return i;
    }
    const auto number = parse_number<std::size_t>(name);
    return number && *number < end ? number : std::nullopt;
  }

  std::size_t find_target() const {
    if (request_.target.empty()) return dockerfile_.stages.size() - 1;
    const auto found = find_stage(request_.target, dockerfile_.stages.size());
    if (!found) {
      fail(ErrorCode::not_found, "{} has no stage '{}'", dockerfile_.file,
           request_.target);
    }
    return *found;
  }

  std::string base_name(std::size_t stage) const {
    const Instruction& from = dockerfile_.stages[stage].from;
    return at_line(from, [&] {
      if (const auto found = from.flags.find("platform");
          found != from.flags.end()) {
        const std::string platform = expand_global(found->second);
        if (platform != "linux/" + request_.architecture) {
          fail(ErrorCode::invalid,
               "the platform '{}' is not supported yet; this builds linux/{}",
               platform, request_.architecture);
        }
      }
      std::string name = expand_global(from.words.front());
      if (name.empty()) fail(ErrorCode::invalid, "FROM's image is empty");
      return name;
    });
  }

  void mark_needed(std::size_t target) {
    needed_.assign(dockerfile_.stages.size(), false);
    copied_from_.assign(dockerfile_.stages.size(), false);
    needed_[target] = true;
    for (std::size_t i = target + 1; i-- > 0;) {
      if (!needed_[i]) continue;
      if (const auto base = find_stage_by_name(base_name(i), i)) {
        needed_[*base] = true;
        // Its files are the base's files.
        if (copied_from_[i]) copied_from_[*base] = true;
      }
      for (const Instruction& instruction :
           dockerfile_.stages[i].instructions) {
        const auto from = instruction.flags.find("from");
        if (from == instruction.flags.end()) continue;
        if (const auto source = find_stage(from->second, i)) {
          needed_[*source] = true;
          copied_from_[*source] = true;
        }
      }
    }
  }

  // FROM knows stages by name only.
  std::optional<std::size_t> find_stage_by_name(std::string_view name,
                                                std::size_t end) const {
    const auto found = find_stage(name, end);
    if (!found || dockerfile_.stages[*found].name != lower(name)) {
      return std::nullopt;
    }
    return found;
  }

  void build_stage(std::size_t index) {
    const DockerfileStage& stage = dockerfile_.stages[index];
    const std::string name = base_name(index);
    BuiltStage start =
        at_line(stage.from, [&] { return start_of(index, name); });
    state_.source = [this, index](std::string_view from) -> const SourceFiles& {
      return source(from, index);
    };
    built_[index] = StageBuilder(state_, std::move(start)).run(stage);
  }

  BuiltStage start_of(std::size_t index, const std::string& name) {
    if (name == "scratch") {
      return {ImageConfig::of_scratch(request_.architecture),
              FileIndex(request_.limits.max_entries),
              {},
              {},
              {},
              {}};
    }
    if (const auto base = find_stage_by_name(name, index)) {
      return *built_[*base];
    }
    const BaseImage image = load_base_image(
        store_, parse_image_reference(name, request_.registry_hosts),
        request_.architecture);
    state_.log(fmt::format("FROM {} is {}", name, image.digest.to_string()));
    BuiltStage start{ImageConfig::of_base(image.config),
                     FileIndex(request_.limits.max_entries),
                     {},
                     {},
                     name,
                     image.digest};
    for (const Json& layer : image.layers) {
      start.base_layers.push_back({layer, image.repository});
    }
    if (start.config.layer_count() != image.layers.size()) {
      fail(ErrorCode::invalid,
           "'{}' has {} layers but its configuration names {}", name,
           image.layers.size(), start.config.layer_count());
    }
    // A base whose files nobody asks about is not even read.
    if (copied_from_[index] || uses_files(dockerfile_.stages[index]) ||
        is_base_of_other(index)) {
      index_base_image(store_, image, request_.limits, request_.stop,
                       copied_from_[index] ? spool() : nullptr, start.files);
    }
    return start;
  }

  static bool uses_files(const DockerfileStage& stage) {
    return std::any_of(stage.instructions.begin(), stage.instructions.end(),
                       [](const Instruction& i) {
                         return i.name == "COPY" || i.name == "ADD" ||
                                i.name == "WORKDIR";
                       });
  }

  bool is_base_of_other(std::size_t index) const {
    for (std::size_t i = index + 1; i < dockerfile_.stages.size(); ++i) {
      if (needed_[i] && find_stage_by_name(base_name(i), i) == index) {
        return true;
      }
    }
    return false;
  }

  std::shared_ptr<Spool> spool() {
    if (!spool_) spool_ = std::make_shared<Spool>(scratch_.path());
    return spool_;
  }

  // What COPY --from=NAME in stage `index` copies from.
  const SourceFiles& source(std::string_view name, std::size_t index) {
    if (const auto stage = find_stage(name, index)) {
      return built_[*stage]->files;
    }
    if (name.find('/') == std::string_view::npos) {
      fail(ErrorCode::not_found, "there is no stage '{}' above this one", name);
    }
    const auto known = images_.find(name);
    if (known != images_.end()) return known->second;
    const BaseImage image = load_base_image(
        store_, parse_image_reference(name, request_.registry_hosts),
        request_.architecture);
    FileIndex files(request_.limits.max_entries);
    index_base_image(store_, image, request_.limits, request_.stop, spool(),
                     files);
    return images_.emplace(std::string(name), std::move(files)).first->second;
  }

  void report_unused_args() const {
    for (const auto& [name, value] : request_.build_args) {
      if (state_.used_args.find(name) == state_.used_args.end()) {
        state_.log(
            fmt::format("the build argument '{}' is used nowhere", name));
      }
    }
  }

  const BuildRequest& request_;
  ImageStore& store_;
  TempFolder scratch_;
  const Dockerfile dockerfile_;
  TreeFiles context_;
  BuildState state_;
  std::vector<bool> needed_;
  std::vector<bool> copied_from_;
  std::vector<std::optional<BuiltStage>> built_;
  std::map<std::string, FileIndex, std::less<>> images_;
  std::shared_ptr<Spool> spool_;
};

}  // namespace

BuildResult build_image(const BuildRequest& request, ImageStore& store) {
  check_texts("build argument", request.build_args);
  check_texts("label", request.labels);
  return Builder(request, store).run();
}

std::string check_dockerfile(std::string_view text, std::string_view name) {
  try {
    parse_dockerfile(text, name);
    return "";
  } catch (const Error& e) {
    return e.message();
  }
}

}  // namespace skerry::ci
