// What is known of names before anyone asks whether they are hosts: the tables of data/hosts.
#pragma once

#include <string_view>

namespace klik::data {

// "name space", "documentation", "licence", …: named in files, never asked. "" for everything else. A definition of a
// document type is none, wherever it is said to lie.
std::string_view not_an_endpoint(std::string_view host, std::string_view path);

enum class NameWord { host, unsure, other };

// What a lower-case dotted name that stands alone is likely to be, by its first and last label: the name of a package, a
// property or a file is `other`.
NameWord judge_name(std::string_view name);

}  // namespace klik::data
