// Hosts that bytecode names: constants that code loads, values of static fields and of annotations. A string that only
// debug data, types or names refer to is no endpoint.
#include <algorithm>
#include <span>
#include <unordered_map>

#include "extract/endpoint_rows.h"
#include "formats/android/dex.h"
#include "formats/android/dex_instructions.h"
#include "formats/android/dex_values.h"

namespace klik {
namespace {

constexpr std::string_view kName = "endpoints_dex@1";
constexpr const FactKind* kEmits[] = {&kEndpointKind};
constexpr unsigned kLookAhead = 24;   // instructions between a constant and the call that takes it

bool wants(std::string_view kind, std::string_view) { return kind == "dex" || kind == "cdex"; }

struct Url {
  net::Found found;
  bool said;   // in a sentence
};

struct Candidate {
  std::vector<Url> urls;
  std::vector<BareHost> bare;
  Place string;
};

// Classes whose methods take a host or an address to connect to.
bool takes_hosts(std::string_view owner) {
  static constexpr std::string_view kClasses[] = {
      "Landroid/net/Uri$Builder;",          "Landroid/net/SntpClient;",
      "Landroid/webkit/CookieManager;",     "Ljava/net/DatagramPacket;",
      "Ljava/net/HttpURLConnection;",       "Ljava/net/InetAddress;",
      "Ljava/net/InetSocketAddress;",       "Ljava/net/Socket;",
      "Ljava/net/URI;",                     "Ljava/net/URL;",
      "Ljavax/net/SocketFactory;",          "Ljavax/net/ssl/SSLContext;",
      "Ljavax/net/ssl/SSLSocketFactory;",   "Lokhttp3/HttpUrl$Builder;",
      "Lorg/apache/http/HttpHost;",         "Lorg/apache/http/conn/scheme/SocketFactory;",
  };
  return std::ranges::binary_search(kClasses, owner);
}

class DexEndpoints {
 public:
  DexEndpoints(const dex::DexFile& dex, BlobId blob) : dex_(dex), blob_(blob), rows_(blob) {}

  void run(FactSink& sink) {
    find_candidates();
    if (!candidates_.empty())
      for (std::uint32_t c = 0; c < dex_.class_count(); ++c) {
        const dex::ClassDef def = dex_.class_def(c);
        read_class(def);
      }
    rows_.emit(sink, kName);
  }

 private:
  void find_candidates() {
    for (std::uint32_t i = 0; i < dex_.string_count(); ++i) {
      const std::string_view text = dex_.string(i);
      if (!net::may_hold_host(text)) continue;
      Candidate c{{}, {}, {blob_, dex_.string_at(i), 0}};
      net::find_urls(text, [&](const net::Found& f) { c.urls.push_back({f, in_a_sentence(text, f.at)}); });
      if (c.urls.empty()) c.bare = bare_hosts(text);
      if (c.urls.empty() && c.bare.empty()) continue;
      // The length in front of the text counts UTF-16 units; its own size is what lies between.
      const std::uint64_t prefix = text.size() < 0x80 ? 1 : text.size() < 0x4000 ? 2 : 3;
      c.string = {blob_, dex_.string_at(i), text.size() + prefix};
      candidates_.emplace(i, std::move(c));
    }
  }

  const Candidate* candidate(std::uint32_t string) const {
    const auto at = candidates_.find(string);
    return at == candidates_.end() ? nullptr : &at->second;
  }

  void add(const Candidate& c, bool used_as_host, Place place) {
    for (const Url& u : c.urls) rows_.add(u.found, "literal", u.said ? "none" : "dex", {c.string, place});
    for (const BareHost& b : c.bare) rows_.add(b.found, "literal", used_as_host ? "dex" : "none", {c.string, place});
  }

  void read_class(const dex::ClassDef& def) {
    class Values final : public dex::ValueVisitor {
     public:
      explicit Values(DexEndpoints& self) : self_(self) {}
      void annotation(const dex::Annotation& a) override { system_ = a.visibility == 2; }
      void value(const dex::EncodedValue& v) override {
        if (v.type != dex::ValueType::string || system_) return;
        const Candidate* c = self_.candidate(v.index);
        if (!c) return;
        std::string_view name;
        if (fields && v.depth == 0 && v.position < fields->size()) name = self_.dex_.name_of_field((*fields)[v.position]);
        else if (v.element_name != dex::kNoIndex) name = self_.dex_.string(v.element_name);
        self_.add(*c, names_a_host(name), {self_.blob_, v.at, v.length});
      }
      const std::vector<std::uint32_t>* fields = nullptr;

     private:
      DexEndpoints& self_;
      bool system_ = false;
    } values(*this);

    std::vector<std::uint32_t> fields;
    // A class whose members cannot be read is a matter of the code facts, which say so.
    (void)dex_.members(
        def, [&](const dex::ClassField& f) { if (f.is_static) fields.push_back(f.field); },
        [&](const dex::ClassMethod& m) {
          if (m.code_at == 0) return;
          if (const auto code = dex_.code(m.code_at)) read_code(*code);
        });
    if (def.annotations_at) (void)dex::read_annotations(dex_, def, values);
    if (def.static_values_at) {
      Values statics(*this);
      statics.fields = &fields;
      (void)dex::read_static_values(dex_, def, statics);
    }
  }

  void read_code(const dex::CodeItem& code) {
    bool builds_urls = false;
    pending_.clear();
    for (const dex::Instruction i : dex::Instructions(code.units)) {
      const std::uint8_t opcode = i.opcode();
      if (opcode != dex::op::kConstString && opcode != dex::op::kConstStringJumbo) continue;
      const std::uint32_t string = i.index();
      const Candidate* c = candidate(string);
      if (!c) {
        builds_urls = builds_urls || is_scheme(dex_.string(string));
        continue;
      }
      const Place place{blob_, code.units_at + 2 * std::uint64_t{i.at()}, 2 * std::uint64_t{i.length()}};
      if (c->bare.empty()) add(*c, true, place);
      else pending_.push_back({c, place, goes_to_a_host(code, i)});
    }
    for (const auto& p : pending_) add(*p.candidate, p.sure || builds_urls, p.place);
  }

  static bool is_scheme(std::string_view text) { return text == "http://" || text == "https://" || text == "ws://" || text == "wss://" || text == "tcp://" || text == "http" || text == "https"; }

  // Whether the constant is handed to something that takes a host, or kept in a field whose name says so.
  bool goes_to_a_host(const dex::CodeItem& code, const dex::Instruction& constant) const {
    const std::uint32_t reg = constant.a();
    unsigned seen = 0;
    for (const dex::Instruction i : dex::Instructions(code.units.subspan(constant.at() + constant.length()))) {
      if (++seen > kLookAhead) return false;
      const std::uint8_t opcode = i.opcode();
      if (i.is_invoke()) {
        for (std::uint32_t n = 0; n < i.argument_count(); ++n) {
          if (i.argument(n) != reg || i.info().index != dex::IndexKind::method) continue;
          if (takes_hosts(dex_.owner_of_method(i.index())) || names_a_host(dex_.name_of_method(i.index()))) return true;
        }
        continue;
      }
      const bool stores = (opcode >= dex::op::kIput && opcode < dex::op::kSget) || (opcode >= dex::op::kSput && opcode < dex::op::kInvokeVirtual);
      if (stores && i.a() == reg) return names_a_host(dex_.name_of_field(i.index()));
      // A new constant or result in the register ends the value's way.
      if (opcode >= 0x0a && opcode <= 0x1c && i.a() == reg) return false;
    }
    return false;
  }

  struct Pending {
    const Candidate* candidate;
    Place place;
    bool sure;
  };

  const dex::DexFile& dex_;
  BlobId blob_;
  EndpointRows rows_;
  std::unordered_map<std::uint32_t, Candidate> candidates_;
  std::vector<Pending> pending_;
};

void run(const FileItem& item, FactSink& sink) {
  const auto bytes = item.source->load();
  if (!bytes) return;
  const auto all = dex::DexFile::open_all(bytes->bytes());
  if (!all) return;   // the code facts say why
  for (const dex::DexFile& dex : *all) DexEndpoints(dex, item.blob).run(sink);
}

}  // namespace

extern const Extractor extractor_endpoints_dex;
constexpr Extractor extractor_endpoints_dex{.name = kName, .title = "Hosts that bytecode names", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
