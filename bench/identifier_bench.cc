// How fast bodies are searched for 500 identifiers: the search alone on flat text, and with all that is wrapped opened.
//   identifier_bench [IDENTIFIERS]
// links: klik_traffic
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "traffic/leaks.h"
#include "traffic/text_encodings.h"

using namespace klik;
using namespace klik::traffic;

namespace {

double cpu() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::string digits(std::mt19937_64& random, std::size_t n, std::string_view alphabet = "0123456789") {
  std::string out;
  while (out.size() < n) out += alphabet[random() % alphabet.size()];
  return out;
}

// A body as analytics programs send them: about a kilobyte each.
std::string event(std::mt19937_64& random) {
  static constexpr std::string_view kWords[] = {"event", "screen", "click", "session", "network", "carrier", "view", "list", "value", "count", "page", "source"};
  std::string out = "{\"time\":17000" + digits(random, 8) + ",\"id\":\"" + digits(random, 16, "0123456789abcdef") + "\",\"properties\":{";
  for (int i = 0; i < 20; ++i) {
    out.append(i ? "," : "").append("\"").append(kWords[random() % std::size(kWords)]).append("_").append(std::to_string(i)).append("\":");
    switch (random() % 4) {
      case 0: out += digits(random, 6); break;
      case 1: out += "\"" + digits(random, 12, "0123456789abcdef") + "\""; break;
      case 2: out += "\"" + base64(digits(random, 12), false) + "\""; break;
      default: out.append("\"").append(kWords[random() % std::size(kWords)]).append(" of a ").append(kWords[random() % std::size(kWords)]).append(" that was shown\"");
    }
  }
  return out + "}}";
}

}  // namespace

int main(int argc, char** argv) {
  const int wanted = argc > 1 ? std::atoi(argv[1]) : 500;
  std::mt19937_64 random(1);
  std::vector<Identifier> identifiers;
  for (int i = 0; i < wanted; ++i) switch (i % 5) {
      case 0: identifiers.push_back({IdentifierKind::imei, "00000" + digits(random, 10)}); break;
      case 1: identifiers.push_back({IdentifierKind::android_id, digits(random, 16, "0123456789abcdef")}); break;
      case 2: identifiers.push_back({IdentifierKind::email, "test." + digits(random, 8) + "@example.com"}); break;
      case 3: identifiers.push_back({IdentifierKind::phone, "+32470" + digits(random, 6)}); break;
      default: identifiers.push_back({IdentifierKind::contact, "Made Person " + digits(random, 6)});
    }
  double start = cpu();
  auto search = LeakSearch::of(identifiers);
  std::printf("%d identifiers, %zu forms, made in %.2f CPU-s\n", wanted, search.forms(), cpu() - start);

  std::vector<std::string> literals;
  HexRunSearch digests;
  for (const Form& f : forms_of(identifiers)) {
    if (f.neighbours == Neighbours::hex && HexRunSearch::takes(f.bytes)) digests.add(f.bytes, 0);
    else literals.push_back(f.bytes);
  }
  std::printf("%zu of them for the general search\n", literals.size());
  start = cpu();
  const PatternSearch flat(literals);
  std::printf("its tables in %.3f CPU-s\n", cpu() - start);
  std::vector<std::string> bodies;
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += bodies.emplace_back(event(random)) + "\n";
  for (int round = 0; round < 3; ++round) {
    start = cpu();
    auto found = flat.find(Bytes::of(text), 1'000'000).matches;
    digests.find(Bytes::of(text), found, 2'000'000);
    const std::size_t matches = found.size();
    const double flat_time = cpu() - start;
    start = cpu();
    std::size_t leaks = 0, messages = 0;
    for (const std::string& body : bodies) leaks += search.search({}, {.message = ++messages, .place = "request.body", .name = {}, .type = "application/json", .way = Way::up, .bytes = Bytes::of(body), .coding = {}}).leaks.size();
    const double opened = cpu() - start;
    std::printf("%.1f MB: search alone %.2f GB/s (%zu matches); bodies of 1 kB opened and searched %.3f GB/s (%zu leaks)\n", static_cast<double>(text.size()) / 1e6, static_cast<double>(text.size()) / flat_time / 1e9, matches, static_cast<double>(text.size()) / opened / 1e9, leaks);
  }
  return 0;
}
