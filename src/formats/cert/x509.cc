#include "formats/cert/x509.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <mutex>

#include "base/text.h"
#include "formats/cert/der.h"

namespace klik::cert {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using NamePtr = std::unique_ptr<X509_NAME, Deleter<X509_NAME_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

// OpenSSL leaves its complaints in a queue of the thread; hostile input must not fill it.
struct ErrorQueue {
  ~ErrorQueue() { ERR_clear_error(); }
};

const EVP_MD* method(HashAlgorithm digest) {
  switch (digest) {
    case HashAlgorithm::md5: return EVP_md5();
    case HashAlgorithm::sha1: return EVP_sha1();
    case HashAlgorithm::sha224: return EVP_sha224();
    case HashAlgorithm::sha256: return EVP_sha256();
    case HashAlgorithm::sha384: return EVP_sha384();
    case HashAlgorithm::sha512: return EVP_sha512();
  }
  return nullptr;
}

KeyKind kind_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return KeyKind::rsa;
    case EVP_PKEY_DSA: return KeyKind::dsa;
    case EVP_PKEY_EC: return KeyKind::ec;
    default: return KeyKind::other;
  }
}

std::string_view memory(BIO* bio) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(bio, &data);
  return n > 0 ? std::string_view(data, static_cast<std::size_t>(n)) : std::string_view();
}

std::vector<std::uint8_t> raw(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  std::size_t n = 0;
  if (X509_NAME_get0_der(name, &der, &n) != 1) return {};
  return {der, der + n};
}

// RFC 2253, with letters beyond ASCII as UTF-8. A name whose strings are broken becomes its DER in
// hexadecimal after '#', which is how the RFC spells an unknown value.
std::string name_text(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  constexpr unsigned long kFlags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (bio && X509_NAME_print_ex(bio.get(), name, 0, kFlags) >= 0) return text::storable(memory(bio.get()));
  return "#" + hex(Bytes(raw(name)));
}

std::string time_text(const ASN1_TIME* time) {
  struct tm at{};
  if (!time || ASN1_TIME_to_tm(time, &at) != 1) return {};
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02dZ", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
  return out;
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const BignumPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  std::vector<std::uint8_t> digits(static_cast<std::size_t>(std::max(1, BN_num_bytes(number.get()))));
  BN_bn2binpad(number.get(), digits.data(), static_cast<int>(digits.size()));
  return (BN_is_negative(number.get()) ? "-" : "") + hex(Bytes(digits));
}

// Extensions that java.security.cert.X509Certificate counts as supported when critical.
bool is_known_extension(int nid) {
  switch (nid) {
    case NID_key_usage:
    case NID_basic_constraints:
    case NID_name_constraints:
    case NID_ext_key_usage:
    case NID_subject_alt_name:
    case NID_issuer_alt_name:
    case NID_certificate_policies:
    case NID_policy_mappings:
    case NID_policy_constraints:
    case NID_inhibit_any_policy:
    case NID_crl_distribution_points: return true;
    default: return false;
  }
}

bool has_unknown_critical(const X509* x) {
  for (int i = 0; i < X509_get_ext_count(x); ++i) {
    X509_EXTENSION* e = X509_get_ext(x, i);
    if (X509_EXTENSION_get_critical(e) && !is_known_extension(OBJ_obj2nid(X509_EXTENSION_get_object(e)))) return true;
  }
  return false;
}

bool may_sign(const X509* x) {
  int critical = 0;
  ASN1_BIT_STRING* usage = static_cast<ASN1_BIT_STRING*>(X509_get_ext_d2i(x, NID_key_usage, &critical, nullptr));
  if (!usage) return true;
  const bool allowed = ASN1_BIT_STRING_get_bit(usage, 0) || ASN1_BIT_STRING_get_bit(usage, 1);
  ASN1_BIT_STRING_free(usage);
  return allowed;
}

// The parts that are compared byte for byte, as they stand: TBSCertificate of RFC 5280 §4.1.
Result<void> read_raw(Bytes der, Certificate& c) {
  const auto copy = [](Bytes b) { return std::vector<std::uint8_t>(b.begin(), b.end()); };
  der::Reader outer(der);
  KLIK_TRY(const der::Element certificate, outer.next(der::kSequence));
  der::Reader in_certificate(certificate);
  KLIK_TRY(const der::Element tbs, in_certificate.next(der::kSequence));
  der::Reader fields(tbs);
  if (fields.next_is(der::kContext0)) { KLIK_CHECK(fields.next()); }   // version
  KLIK_TRY(const der::Element serial, fields.next(der::kInteger));
  KLIK_CHECK(fields.next(der::kSequence));                          // signature algorithm
  KLIK_TRY(const der::Element issuer, fields.next(der::kSequence));
  KLIK_CHECK(fields.next(der::kSequence));                          // validity
  KLIK_TRY(const der::Element subject, fields.next(der::kSequence));
  KLIK_TRY(const der::Element key, fields.next(der::kSequence));
  c.serial_raw = copy(serial.content);
  c.issuer_raw = copy(issuer.whole);
  c.subject_raw = copy(subject.whole);
  c.key_raw = copy(key.whole);
  return {};
}

}  // namespace

struct PublicKey::Handle {
  Key key;
};
void PublicKey::Drop::operator()(Handle* handle) const { delete handle; }

Result<PublicKey> PublicKey::parse(Bytes spki) {
  const ErrorQueue queue;
  const unsigned char* at = spki.data();
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (!key) return fail(Code::bad_value, 0, "not a public key");
  return PublicKey(std::unique_ptr<Handle, Drop>(new Handle{std::move(key)}));
}

PublicKey PublicKey::again() const {
  EVP_PKEY_up_ref(handle_->key.get());
  return PublicKey(std::unique_ptr<Handle, Drop>(new Handle{Key(handle_->key.get())}));
}

KeyKind PublicKey::kind() const { return kind_of(handle_->key.get()); }

unsigned PublicKey::bits() const { return static_cast<unsigned>(std::max(0, EVP_PKEY_get_bits(handle_->key.get()))); }

std::string PublicKey::text() const {
  switch (kind()) {
    case KeyKind::rsa: return "RSA " + std::to_string(bits());
    case KeyKind::dsa: return "DSA " + std::to_string(bits());
    case KeyKind::ec: return "EC " + std::to_string(bits());
    case KeyKind::other: break;
  }
  const char* name = OBJ_nid2sn(EVP_PKEY_get_base_id(handle_->key.get()));
  return std::string(name ? name : "unknown") + " " + std::to_string(bits());
}

std::vector<std::uint8_t> PublicKey::encoded() const {
  const ErrorQueue queue;
  unsigned char* der = nullptr;
  const int n = i2d_PUBKEY(handle_->key.get(), &der);
  if (n <= 0) return {};
  std::vector<std::uint8_t> out(der, der + n);
  OPENSSL_free(der);
  return out;
}

bool PublicKey::verifies(KeyKind kind, HashAlgorithm digest, Padding padding, Bytes data, Bytes signature) const {
  const ErrorQueue queue;
  if (this->kind() != kind) return false;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;   // belongs to the context
  if (!context || EVP_DigestVerifyInit(context.get(), &parameters, method(digest), nullptr, handle_->key.get()) != 1) return false;
  if (kind == KeyKind::rsa && padding == Padding::pss) {
    if (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1) return false;
    if (EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1) return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
}

bool PublicKey::verifies_digest(HashAlgorithm algorithm, Bytes digest, Bytes signature) const {
  const ErrorQueue queue;
  const KeyContext context(EVP_PKEY_CTX_new(handle_->key.get(), nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1) return false;
  if (kind() == KeyKind::rsa && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) return false;
  if (EVP_PKEY_CTX_set_signature_md(context.get(), method(algorithm)) != 1) return false;
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) == 1;
}

namespace {

constexpr std::size_t kMostRemembered = 4096;

Certificate copy_of(const Certificate& c) {
  Certificate out{c.subject, c.issuer, c.valid_from, c.valid_to, c.serial, c.sha1, c.sha256, c.key_text, c.subject_raw, c.issuer_raw, c.serial_raw, c.key_raw, std::nullopt, c.may_sign, c.unknown_critical};
  if (c.key) out.key.emplace(c.key->again());
  return out;
}

Result<Certificate> read_certificate(Bytes der) {
  const ErrorQueue queue;
  const unsigned char* at = der.data();
  const X509Ptr x(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!x) return fail(Code::bad_value, 0, "not a certificate");
  Certificate c;
  KLIK_CHECK(read_raw(der, c));
  c.subject = name_text(X509_get_subject_name(x.get()));
  c.issuer = name_text(X509_get_issuer_name(x.get()));
  c.valid_from = time_text(X509_get0_notBefore(x.get()));
  c.valid_to = time_text(X509_get0_notAfter(x.get()));
  c.serial = serial_text(X509_get0_serialNumber(x.get()));
  c.sha1 = hex(Bytes(hash(HashAlgorithm::sha1, der)));
  c.sha256 = hex(as_bytes(sha256(der)));
  if (auto key = PublicKey::parse(Bytes(c.key_raw))) {
    c.key_text = key->text();
    c.key.emplace(*std::move(key));
  } else {
    c.key_text = "unknown";
  }
  c.may_sign = may_sign(x.get());
  c.unknown_critical = has_unknown_critical(x.get());
  return c;
}

}  // namespace

Result<Certificate> parse_certificate(Bytes der) {
  static std::mutex mutex;
  static std::map<Sha256Digest, Certificate> remembered;
  const Sha256Digest name = sha256(der);
  {
    const std::lock_guard lock(mutex);
    if (const auto known = remembered.find(name); known != remembered.end()) return copy_of(known->second);
  }
  KLIK_TRY(Certificate c, read_certificate(der));
  const std::lock_guard lock(mutex);
  if (remembered.size() < kMostRemembered) remembered.try_emplace(name, copy_of(c));
  return c;
}

bool same_name(Bytes a, Bytes b) {
  if (a.text() == b.text()) return true;
  const ErrorQueue queue;
  const unsigned char *at_a = a.data(), *at_b = b.data();
  const NamePtr name_a(d2i_X509_NAME(nullptr, &at_a, static_cast<long>(a.size())));
  const NamePtr name_b(d2i_X509_NAME(nullptr, &at_b, static_cast<long>(b.size())));
  return name_a && name_b && X509_NAME_cmp(name_a.get(), name_b.get()) == 0;
}

}  // namespace klik::cert
