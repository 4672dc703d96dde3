// Which names belong to the platform and its makers' additions, so that no app's build can change them. Everything else
// is the app's own, what it brings along of libraries included, and a rebuild may rename it; so is a class of such a name
// that the app itself defines.
#pragma once

#include <string_view>

namespace klik::flow {

// A descriptor of a class, of an array of it, or of a primitive type: "Landroid/app/Activity;", "[I".
bool is_platform_type(std::string_view descriptor);

}  // namespace klik::flow
