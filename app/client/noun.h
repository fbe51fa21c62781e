// What the commands are made of: a noun with its verbs, and names of things.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace skerry::app {

class Noun {
 public:
  Noun(CLI::App& root, const std::string& name, const std::string& what)
      : app_(root.add_subcommand(name, what)) {
    app_->require_subcommand(1);
    app_->fallthrough();  // so that --output may stand behind the verb
  }
  CLI::App* verb(const std::string& name, const std::string& what,
                 std::function<void()> action) {
    CLI::App* command = app_->add_subcommand(name, what);
    command->fallthrough();
    command->callback(std::move(action));
    return command;
  }

 private:
  CLI::App* app_;
};

// For a part of a path or of a query.
std::string encoded(std::string_view text);

// "demo/hello" at its first slash; `form` is for the message when it has none.
std::pair<std::string, std::string> two_parts(const std::string& subject,
                                              std::string_view form);

}  // namespace skerry::app
