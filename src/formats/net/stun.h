// Messages by which peers of calls find a way through networks. Sources: RFC 8489 §5, §14; RFC 8656 (TURN); RFC 3489 (without cookie).
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace klik::net::stun {

struct Message {
  std::string_view form;       // "request", "indication", "success", "error": a literal
  std::string_view method;     // "Binding", "Allocate", …; "" when unnamed: a literal
  bool cookie = true;          // as since RFC 5389
  std::string software;        // what its sender is; "" when it does not say
  std::string realm;           // of a server that wants a name and password
  Bytes user_name;             // identifies a session, sometimes a person
};

// The message at the start of `bytes`; attributes that are cut off are left out.
// Errors: truncated, bad_value (its fixed bits or lengths are not STUN's).
Result<Message> read(Bytes bytes);

}  // namespace klik::net::stun
