// Certificates that lie in files of their own: authorities that the system or an app trusts, keys of updates.
#include <algorithm>

#include "apps/signing/known_keys.h"
#include "extract/extractor.h"
#include "formats/cert/pem.h"
#include "formats/cert/x509.h"

namespace klik {
namespace {

constexpr std::string_view kName = "ca_store_files@1";
constexpr std::uint64_t kLargest = std::uint64_t{8} << 20;
constexpr std::size_t kMost = 4096;   // certificates in one file; the largest bundles have 500

constexpr Column kColumns[] = {
    {"n", ColumnType::integer, "Its number in the file, from 0.", true},
    {"sha256", ColumnType::text, "Of the certificate.", true},
    {"subject", ColumnType::text, "Whom it names."},
    {"issuer", ColumnType::text, "Who it says issued it."},
    {"valid_from", ColumnType::text, "Start of its validity, UTC.", false, true},
    {"valid_to", ColumnType::text, "End of its validity, UTC.", false, true},
    {"key", ColumnType::text, "Kind and size of its key."},
    {"old_hash", ColumnType::text, "OpenSSL's subject_hash_old: the name that Android looks for, without the number behind the dot."},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with; null for any other.", false, true},
};
constexpr FactKind kCertificate{"certificate.file", "A certificate in a file of its own or in a bundle of them.", kColumns};
constexpr const FactKind* kEmits[] = {&kCertificate};

// "a3418fda.0"
bool hash_name(std::string_view name) {
  return name.size() >= 10 && name[8] == '.' && name.substr(0, 8).find_first_not_of("0123456789abcdef") == name.npos && name.substr(9).find_first_not_of("0123456789") == name.npos;
}

bool wants(std::string_view kind, std::string_view name) {
  if (kind == "pem" || kind == "certificate") return true;
  if (kind != "file" && kind != "text") return false;
  return hash_name(name) || std::ranges::any_of(std::initializer_list<std::string_view>{".pem", ".crt", ".cer", ".der"}, [&](std::string_view e) { return name.ends_with(e); });
}

std::string old_hash(Bytes subject) {
  const auto digest = hash(HashAlgorithm::md5, subject);
  const std::uint8_t reversed[] = {digest[3], digest[2], digest[1], digest[0]};
  return hex(Bytes(reversed));
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) return sink.problem({fail(Code::over_budget, 0, "a file of certificates of more than 8 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  std::int64_t n = 0;
  const auto take = [&](Bytes der, Place place) {
    const auto c = cert::parse_certificate(der);
    if (!c) return false;
    Row row(kCertificate);
    row.set("n", n++).set("sha256", c->sha256).set("subject", c->subject).set("issuer", c->issuer).set("key", c->key_text).set("old_hash", old_hash(Bytes(c->subject_raw)));
    if (!c->valid_from.empty()) row.set("valid_from", c->valid_from);
    if (!c->valid_to.empty()) row.set("valid_to", c->valid_to);
    if (const auto known = apk::known_key(*c); !known.empty()) row.set("known_as", known);
    sink.fact({&kCertificate, item.blob, row.values(), {place}, kName, {}});
    return true;
  };
  const auto blocks = pem::blocks(blob->bytes(), kMost + 1);
  for (const pem::Block& b : blocks) {
    if (n == static_cast<std::int64_t>(kMost)) return sink.problem({fail(Code::over_budget, b.at, "more certificates in one file than any real bundle has").error(), ProblemSeverity::data_loss});
    if (!b.label.ends_with("CERTIFICATE")) continue;
    if (!take(Bytes(b.der), {item.blob, b.at, b.length})) sink.problem({fail(Code::bad_value, b.at, "a block that says it is a certificate and is none").error(), ProblemSeverity::error});
  }
  if (blocks.empty() && blob->bytes().starts_with("\x30")) take(blob->bytes(), {item.blob, 0, blob->size()});
}

}  // namespace

extern const Extractor extractor_ca_store_files;
constexpr Extractor extractor_ca_store_files{.name = kName, .title = "Certificates in files of their own", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
