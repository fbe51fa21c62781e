// Formats of names and addresses of hosts: what is wrong with a text, or "".
// Thread-safe.
#pragma once

#include <string>

namespace skerry::chart::schema {

std::string ipv4_problem(const std::string& text);
std::string ipv6_problem(const std::string& text);
std::string hostname_problem(const std::string& text);
std::string email_problem(const std::string& text);

}  // namespace skerry::chart::schema
