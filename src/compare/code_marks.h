// What a call, a field or a text of an app's code is for, where that says something about what it can do. What ranks first when
// there is no room for all differences, and what kinds of change tell apart.
#pragma once

#include <string_view>

#include "flow/code_changes.h"

namespace klik::compare {

// A power of data/powers whose code is this call, whatever it is given; weight 2. Else what its part of the platform is about:
// network, crypto, load, exec, reflection, processes, data, telephony, location, packages, manager, hardware, record,
// accessibility, identity, files; weight 1.
flow::CodeMark mark_of_call(std::string_view call);     // "Ljava/lang/Runtime;->exec(Ljava/lang/String;)Ljava/lang/Process;"
flow::CodeMark mark_of_field(std::string_view field);   // "Landroid/os/Build;->SERIAL"
// command, place, property, address, code, cipher; weight 1.
flow::CodeMark mark_of_code_text(std::string_view text);

flow::CodeMark mark_of_feature(const flow::SharedTexts& texts, flow::Id feature);

}  // namespace klik::compare
