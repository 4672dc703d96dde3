// Reads the input as text with URLs, and as a host alone.
// links: klik_formats
#include "base/bytes.h"
#include "formats/net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = klik::Bytes(data, size).text();
  const auto check = [&](const klik::net::Found& f) {
    if (f.at > size || f.length > size - f.at || f.path.size() > klik::net::kLongestPath || f.host.text.empty()) __builtin_trap();
    for (const char c : f.host.text)   // what goes into a case file is plain ASCII
      if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F || (c >= 'A' && c <= 'Z')) __builtin_trap();
    const auto form = f.host.form;     // a host means the same when it is read again
    if (form == klik::net::HostForm::pattern) return;
    const auto again = klik::net::parse_host(form == klik::net::HostForm::ipv6 ? "[" + f.host.text + "]" : f.host.text, klik::net::Context::url);
    if (!again || again->text != f.host.text) __builtin_trap();
  };
  klik::net::find_urls(text, check);
  if (const auto bare = klik::net::read_bare(text)) check(*bare);
  return 0;
}
