// Classes that check a server's certificate or name and find everything good: nothing in them calls, throws or decides.
// An app that hands one of them to its connections lets anybody on the way read along.
#include <algorithm>
#include <array>
#include <optional>

#include "extract/code_facts.h"
#include "extract/extractor.h"
#include "flow/dex_scan.h"
#include "formats/android/dex_walk.h"

namespace klik {
namespace {

constexpr std::string_view kName = "certificate_checks@1";
constexpr std::string_view kPower = "accept_any_certificate";
constexpr const FactKind* kEmits[] = {&code_facts::kCallSite};
constexpr std::uint8_t kReturn = 0x0f, kReturnWide = 0x10, kConstFirst = 0x12, kConstLast = 0x19;
constexpr std::size_t kMostFound = 1'000;   // of one file; real ones have a handful
constexpr std::size_t kLongestName = 1'024;   // of a class; it stands in every row

// What such a class must implement, by what it is asked; the interface itself may stand in another file.
struct Check {
  std::string_view method, descriptor, says;
  bool answers;                              // by true; the others let pass by returning at all
};
constexpr Check kChecks[] = {
    {"checkServerTrusted", "([Ljava/security/cert/X509Certificate;Ljava/lang/String;)V", "javax.net.ssl.X509TrustManager.checkServerTrusted, which checks nothing", false},
    {"verify", "(Ljava/lang/String;Ljavax/net/ssl/SSLSession;)Z", "javax.net.ssl.HostnameVerifier.verify, which says yes to every name", true},
};

// Whether the code can only return, and where an answer is asked, only true: constants and returns are all there is.
bool lets_all_pass(const dex::CodeItem& code, bool answers) {
  std::optional<std::int64_t> given;
  for (const dex::Instruction i : dex::Instructions(code.units)) {
    const std::uint8_t op = i.opcode();
    if (op >= kConstFirst && op <= kConstLast) {
      if (given && *given != i.literal()) return false;
      given = i.literal();
      continue;
    }
    if (op != dex::op::kNop && op != dex::op::kReturnVoid && op != kReturn && op != kReturnWide) return false;
  }
  return !answers || given.value_or(0) != 0;
}

std::string dotted(std::string_view descriptor) {
  std::string out(descriptor.size() > 2 && descriptor[0] == 'L' ? descriptor.substr(1, descriptor.size() - 2) : descriptor);
  std::ranges::replace(out, '/', '.');
  return out;
}

void look(const FileItem& item, FactSink& sink, const dex::DexFile& file) {
  std::size_t found = 0;
  bool left_out = false;
  dex::walk_code(file, [&](const dex::ClassDef&, const dex::ClassMethod& member, const dex::CodeItem& code) {
    if (member.method >= file.method_count()) return;
    const dex::Method method = file.method(member.method);
    const std::string_view name = file.string(method.name);
    for (const Check& check : kChecks) {
      if (name != check.method || flow::descriptor_of(file, method.proto) != check.descriptor || !lets_all_pass(code, check.answers)) continue;
      if (++found > kMostFound || file.type(method.owner).size() > kLongestName) {
        left_out = true;
        return;
      }
      Row row(code_facts::kCallSite);
      row.set("power", kPower).set("class", dotted(file.type(method.owner))).set("method", name).set("descriptor", check.descriptor).set("at", std::int64_t{0}).set("callee", check.says);
      sink.fact({&code_facts::kCallSite, item.blob, row.values(), {{item.blob, code.units_at, std::uint64_t{2} * code.units.size()}}, kName});
    }
  });
  if (left_out) sink.problem({fail(Code::over_budget, file.header_at(), "more checks of certificates than a file of code may have, or longer names").error(), ProblemSeverity::data_loss, {}, {}});
}

bool wants(std::string_view kind, std::string_view) { return kind == "dex" || kind == "cdex"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > item.budget.unit_bytes) return;   // the extractor `code` says so
  const auto blob = item.source->load();
  if (!blob) return;
  const auto files = dex::DexFile::open_all(blob->bytes());
  if (!files) return;
  for (const dex::DexFile& file : *files) look(item, sink, file);
}

}  // namespace

extern const Extractor extractor_certificate_checks;
const Extractor extractor_certificate_checks{.name = kName, .title = "Checks of certificates that let everything pass", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
