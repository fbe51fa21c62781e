// Steps that read and write the workspace. They run outside of the sandbox, so
// every access goes through Workspace, which cannot be led out.
#include "executor/file_set.h"
#include "executor/steps.h"

namespace skerry::ci::steps {
namespace {

std::string below(std::string_view folder, std::string_view path) {
  if (folder.empty()) return std::string(path);
  if (path.empty()) return std::string(folder);
  return fmt::format("{}/{}", folder, path);
}

void copy(const Workspace& from, const std::string& source, Workspace& to,
          const std::string& target) {
  const auto entry = from.find(source);
  if (!entry) return;
  if (entry->kind == EntryKind::symlink) {
    to.make_symlink(target, from.read_link(source));
    return;
  }
  const Fd fd = from.open(source);
  to.copy_in(target, fd.get(), entry->kind == EntryKind::executable);
}

}  // namespace

Value read_file(StepCall& call) {
  return Value(call.site().workspace().read(
      call.path(call.arguments.text("file")),
      call.run.facts().max_file_bytes));
}

Value write_file(StepCall& call) {
  call.site().workspace().write(call.path(call.arguments.text("file")),
                                 call.arguments.text("text"));
  return {};
}

Value file_exists(StepCall& call) {
  return Value(call.site()
                   .workspace()
                   .find(call.path(call.arguments.text("file")))
                   .has_value());
}

Value delete_dir(StepCall& call) {
  call.site().workspace().remove(call.frame.folder);
  return {};
}

Value stash(StepCall& call) {
  const std::string name = call.arguments.text("name");
  Workspace& from = call.site().workspace();
  const auto files =
      find_files(from, call.frame.folder,
                 {call.arguments.text("includes"),
                  call.arguments.text("excludes"),
                  call.arguments.flag("useDefaultExcludes")});
  if (files.empty() && !call.arguments.flag("allowEmpty")) {
    fail(ErrorCode::not_found, "no files to stash as '{}'", name);
  }
  const auto folder = call.run.stash_folder(name, true);
  std::filesystem::create_directories(folder);
  Workspace to(folder);
  for (const std::string& file : files) {
    copy(from, below(call.frame.folder, file), to, file);
  }
  call.say(fmt::format("Stashed {} file(s)", files.size()));
  return {};
}

Value unstash(StepCall& call) {
  const std::string name = call.arguments.text("name");
  const Workspace from(call.run.stash_folder(name, false));
  Workspace& to = call.site().workspace();
  from.walk("", [&](const std::string& path, const TreeEntry& entry) {
    if (entry.kind == EntryKind::folder) return;
    copy(from, path, to, below(call.frame.folder, path));
  });
  return {};
}

Value checkout(StepCall& call) {
  call.run.host().check_out_scm(
      call.site(), call.frame.folder,
      [&](std::string_view line) { call.say(line); });
  return {};
}

Value git(StepCall& call) {
  call.run.host().check_out_git(
      call.arguments.text("url"), call.arguments.text("branch"),
      call.arguments.text("credentialsId"), call.site(), call.frame.folder,
      [&](std::string_view line) { call.say(line); }, call.frame.stop);
  return {};
}

}  // namespace skerry::ci::steps
