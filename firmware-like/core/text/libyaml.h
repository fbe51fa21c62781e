// libyaml's parser and its events. The only place, with the readers of
// yaml_parse.cc and yaml_node_read.cc, that speaks to it.
#pragma once

#include <yaml.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace skerry {

// Reads a text that outlives it. Not thread-safe.
class LibyamlParser {
 public:
  explicit LibyamlParser(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(text.data()),
        text.size());
  }
  ~LibyamlParser() { yaml_parser_delete(&parser_); }
  LibyamlParser(const LibyamlParser&) = delete;
  LibyamlParser& operator=(const LibyamlParser&) = delete;
  yaml_parser_t* get() { return &parser_; }

 private:
  yaml_parser_t parser_;
};

// The current event of a parser.
class LibyamlEvent {
 public:
  LibyamlEvent() { event_.type = YAML_NO_EVENT; }
  ~LibyamlEvent() { reset(); }
  LibyamlEvent(const LibyamlEvent&) = delete;
  LibyamlEvent& operator=(const LibyamlEvent&) = delete;
  void reset() {
    if (event_.type != YAML_NO_EVENT) yaml_event_delete(&event_);
    event_.type = YAML_NO_EVENT;
  }
  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }

  // A tag or anchor of the event; "" when absent.
  static std::string text(const unsigned char* text) {
    return text ? std::string(reinterpret_cast<const char*>(text)) : "";
  }

 private:
  yaml_event_t event_;
};

}  // namespace skerry
