// The numbers that a structured value holds in binary or with an exponent, written out, so that they are found as texts are.
#pragma once

#include <string>

#include "traffic/outline.h"

namespace klik::traffic {

struct NumberTexts {
  std::string text;    // one a line; "" when there are none of more than four digits
  Outline outline;     // its places are in `text`, its names where those of the outline given stand
};
// `of`: the bytes in which the outline's places are.
NumberTexts number_texts(const Outline& outline, Bytes of);

}  // namespace klik::traffic
