// Where compiled code lies beside the app or library that it was compiled from.
#pragma once

#include <string>
#include <string_view>

namespace klik::flow {

// "…/A/oat/arm/A.odex" → "…/A/A": the path of what was compiled, without its ending. "" when the file is no compiled code.
std::string compiled_stem(std::string_view path);

// The same for a path into such a file: "system!app/A/oat/arm64/A.odex!classes.dex" → "system!app/A/A".
std::string compiled_from(std::string_view path);

}  // namespace klik::flow
