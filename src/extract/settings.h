// What files of the system set, as one kind of fact that many families share: a scope, a name and a value.
#pragma once

#include <string_view>

#include "facts/fact.h"
#include "facts/view.h"

namespace klik::settings {

extern const FactKind kSetting;   // "system.setting": scope, name, value, path
extern const View kView;          // `setting`: properties and every fact of the kind above

// The values of a fact about the bytes of one file, and of one about the whole build; `path` is then the artifact's
// that says so, "" when it is none alone.
std::vector<Value> values(std::string_view scope, std::string_view name, std::string_view value, std::string_view path = {});

}  // namespace klik::settings
