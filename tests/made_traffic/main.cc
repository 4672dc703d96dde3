// Makes a capture of real connections with planted identifiers, and the truth about it: make_traffic FOLDER [SEED]
//   made.pcap        the packets, with headers of its own and the faults of a real path
//   live.pcap        the same connections as the kernel sends them over loopback, where it lets us see that
//   keys.log         secrets of the TLS and QUIC connections
//   identifiers.txt  the owner's file
//   planted.tsv      kind, value, place and path of decodings, host; one line for each planted identifier
//   near_misses.tsv  kind, value, what stands there instead, why, host, path
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "exchange.h"
#include "owner.h"
#include "wrap.h"

namespace made {
namespace {

constexpr std::size_t kPlanted = 1'000, kNearMisses = 10'000;
constexpr std::size_t kWithPlants = 100, kWithout = 200;   // connections
constexpr std::size_t kNearBesidePlants = 10;              // near misses in each connection with plants
constexpr unsigned kLayers = 3;

class Maker {
 public:
  Maker(const std::string& folder, std::uint64_t seed) : random_(seed), tap_(Tap::open()), wire_(seed + 1, tap_.get()), owned_(identifiers(kPlanted, random_)), near_(owned_), folder_(folder), planted_(folder + "/planted.tsv"), missed_(folder + "/near_misses.tsv") {}

  void run() {
    std::ofstream list(folder_ + "/identifiers.txt");
    list << "salt " << kSalt << "\n";
    for (const Owned& o : owned_) list << o.kind << " " << o.value << "\n";
    std::size_t planted = 0, near = 0;
    for (std::size_t i = 0; i < kWithPlants + kWithout; ++i) {
      const bool with = i % 3 == 0;
      host_ = std::string(with ? "with" : "near") + std::to_string(i) + ".made.example";
      std::vector<Exchange> exchanges;
      for (std::size_t n = 0; with && n < kPlanted / kWithPlants; ++n) exchanges.push_back(plant(owned_[planted++]));
      for (std::size_t n = with ? kNearBesidePlants : (kNearMisses - kNearBesidePlants * kWithPlants) / kWithout; n > 0; --n, ++near) exchanges.push_back(miss());
      std::ranges::shuffle(exchanges, random_);
      connect(static_cast<std::uint32_t>(i), exchanges);
    }
    if (planted != kPlanted || near != kNearMisses) throw std::runtime_error("numbers do not add up");
    std::ofstream keys(folder_ + "/keys.log");
    keys << keys_;
    if (tap_) {
      tap_->drain();
      if (tap_->dropped() == 0 && !save_capture(folder_ + "/live.pcap", tap_->records())) throw std::runtime_error("cannot write to " + folder_);
    }
    if (!save_capture(folder_ + "/made.pcap", wire_.records()) || !keys.flush() || !list.flush() || !planted_.flush() || !missed_.flush()) throw std::runtime_error("cannot write to " + folder_);
    std::cout << planted << " planted, " << near << " near misses, " << kWithPlants + kWithout << " connections, " << wire_.packets() << " packets" << (tap_ ? "" : ", no live capture") << "\n";
  }

 private:
  Exchange plant(const Owned& owned) {
    Exchange e;
    const std::string path = place(e, core(written(owned, random_), field_name(owned, random_), random_), kLayers);
    planted_ << owned.kind << "\t" << owned.value << "\t" << path << "\t" << host_ << "\n";
    return e;
  }
  Exchange miss() {
    Exchange e;
    const Owned& owned = owned_[random_() % owned_.size()];
    const NearMiss miss = near_.make(owned, random_);
    const std::string path = place(e, core(miss.text, field_name(owned, random_), random_), static_cast<unsigned>(random_() % (kLayers + 1)));
    missed_ << owned.kind << "\t" << owned.value << "\t" << miss.text << "\t" << miss.why << "\t" << host_ << "\t" << path << "\n";
    return e;
  }

  // Puts it somewhere into a message; tells where.
  std::string place(Exchange& e, Wrapped inner, unsigned layers) {
    e.path = "/v1/log", e.answer = R"({"code":0})", e.answer_type = "application/json";
    const unsigned where = static_cast<unsigned>(random_() % 10);
    const bool body = where < 8;
    Wrapped w = wrapped(std::move(inner), layers, body, random_);
    if (where < 7) {
      e.body = w.bytes, e.type = w.type, e.coding = w.coding;
      return "request.body" + w.path;
    }
    if (where == 7) {
      e.answer = w.bytes, e.answer_type = w.type, e.answer_coding = w.coding;
      return "response.body" + w.path;
    }
    w = as_word(w);
    if (where == 8) {
      e.path = "/v1/get?v=3&q=" + w.bytes + "&lang=nl";
      return "request.path/query.q" + w.path;
    }
    e.headers.emplace_back("x-made", w.bytes);
    return "request.header.x-made" + w.path;
  }

  void connect(std::uint32_t number, const std::vector<Exchange>& exchanges) {
    static const char* const kOld[] = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-CCM", "ECDHE-ECDSA-AES128-SHA"};
    static const char* const kNew[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"};
    const unsigned kind = static_cast<unsigned>(random_() % 10);
    const Flow flow{number, static_cast<std::uint16_t>(kind == 0 ? 80 : 443), random_() % 2 == 0};
    if (kind >= 8) return talk_http3(wire_, flow, host_, {random_() % 2 == 0, random_() % 3 == 0}, exchanges, keys_);
    const bool v13 = kind >= 4, http2 = kind % 2 == 1;
    auto channel = kind == 0 ? clear_channel(wire_, flow) : tls_channel(wire_, flow, {v13, v13 ? kNew[random_() % std::size(kNew)] : kOld[random_() % (http2 ? 3 : std::size(kOld))], host_, http2 ? "h2" : "http/1.1", random_() % 6 == 0, random_() % 3 == 0}, keys_);
    http2 ? talk_http2(*channel, host_, exchanges, random_) : talk_http1(*channel, host_, exchanges, random_);
    channel->close();
  }

  std::mt19937_64 random_;
  std::unique_ptr<Tap> tap_;
  Wire wire_;
  std::vector<Owned> owned_;
  NearMisses near_;
  std::string folder_, host_;
  std::ofstream planted_, missed_;
  KeyLog keys_;
};

}  // namespace
}  // namespace made

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: make_traffic FOLDER [SEED]\n";
    return 2;
  }
  try {
    made::Maker(argv[1], argc == 3 ? std::stoull(argv[2]) : 20'250'101).run();
  } catch (const std::exception& e) {
    std::cerr << "make_traffic: " << e.what() << "\n";
    return 1;
  }
}
