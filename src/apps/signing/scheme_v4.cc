#include "apps/signing/scheme_v4.h"

#include <algorithm>

namespace klik::apk {
namespace {

constexpr std::uint32_t kVersion = 2, kSha256 = 1;
constexpr std::uint8_t kLog2Page = 12;
constexpr std::uint64_t kMostSalt = 32, kMostSigningInfo = 7168;

struct Hashing {
  Part salt, root;
};
struct Signing {
  Part digest, certificate, extra, key, signature;
  std::uint32_t algorithm = 0;
};

void put(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
void put(std::vector<std::uint8_t>& out, Bytes value) {
  put(out, value.size(), 4);
  out.insert(out.end(), value.begin(), value.end());
}

Result<Hashing> read_hashing(Part part) {
  PrefixedReader in(part);
  KLIK_TRY(const std::uint32_t algorithm, in.number());
  KLIK_TRY(const std::uint8_t page, part.bytes.get<std::uint8_t>(4));
  if (algorithm != kSha256 || page != kLog2Page) return fail(Code::unsupported, part.at, "a hash tree of another kind than the phone knows");
  PrefixedReader rest({*part.bytes.from(5), part.at + 5});
  Hashing hashing;
  KLIK_TRY(hashing.salt, rest.value());
  KLIK_TRY(hashing.root, rest.value());
  if (hashing.salt.bytes.size() > kMostSalt) return fail(Code::bad_value, part.at, "the hash tree's salt is too long");
  return hashing;
}

Result<Signing> read_signing(PrefixedReader& in) {
  Signing s;
  KLIK_TRY(s.digest, in.value());
  KLIK_TRY(s.certificate, in.value());
  KLIK_TRY(s.extra, in.value());
  KLIK_TRY(s.key, in.value());
  KLIK_TRY(s.algorithm, in.number());
  KLIK_TRY(s.signature, in.value());
  return s;
}

// The signed data is not in the file: it is put together from its parts.
std::vector<std::uint8_t> signed_data(std::uint64_t apk_size, const Hashing& hashing, const Signing& s) {
  std::vector<std::uint8_t> body;
  put(body, apk_size, 8);
  put(body, kSha256, 4);
  put(body, kLog2Page, 1);
  for (const Part* part : {&hashing.salt, &hashing.root, &s.digest, &s.certificate, &s.extra}) put(body, part->bytes);
  std::vector<std::uint8_t> out;
  put(out, body.size() + 4, 4);   // the length counts itself
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

Result<void> check_signing(const Signing& s, const Hashing& hashing, std::uint64_t apk_size, V4Base base) {
  const std::uint64_t at = s.certificate.at;
  const SignatureAlgorithm* a = find_algorithm(s.algorithm);
  if (!a) return fail(Code::unsupported, at, "an unknown signature algorithm");
  const auto key = cert::PublicKey::parse(s.key.bytes);
  if (!key || key->kind() != a->kind) return fail(Code::bad_value, s.key.at, "the signer's public key is damaged or of another kind");
  if (!key->verifies(a->kind, a->digest, a->padding, Bytes(signed_data(apk_size, hashing, s)), s.signature.bytes))
    return fail(Code::bad_checksum, at, "the signature does not verify");
  const auto certificate = cert::parse_certificate(s.certificate.bytes);
  if (!certificate) return fail(Code::bad_value, at, "a certificate is damaged");
  if (!is_key_of(s.key.bytes, *certificate)) return fail(Code::conflict, at, "the signer's key is not its certificate's");
  if (!base.signer) return fail(Code::absent, at, "no v2 or v3 signature that verifies beside it");
  if (Bytes(base.signer->der).text() != s.certificate.bytes.text()) return fail(Code::conflict, at, "another signer than that of v2 or v3");
  const auto same = [&](const auto& digest) { return Bytes(digest.second).text() == s.digest.bytes.text(); };
  if (!std::ranges::any_of(*base.digests, same)) return fail(Code::conflict, s.digest.at, "made for other content than v2 or v3 was");
  return {};
}

Result<void> check(const Source& apk, const Source& idsig, std::string_view name, V4Base base, V4Base rotated, const Budget& budget,
                   SchemeResult& result) {
  if (idsig.size() > budget.unit_bytes) return fail(Code::over_budget, 0, "the .idsig file is larger than its budget");
  KLIK_TRY(const Blob blob, idsig.load());
  PrefixedReader in({blob.bytes(), 0});
  KLIK_TRY(const std::uint32_t version, in.number());
  if (version != kVersion) return fail(Code::unsupported, 0, "another version of the .idsig format");
  KLIK_TRY(const Part hashing_part, in.value());
  KLIK_TRY(const Part signing_part, in.value());
  if (signing_part.bytes.size() > kMostSigningInfo) return fail(Code::bad_value, signing_part.at, "more signatures than the kernel takes");
  KLIK_TRY(const Hashing hashing, read_hashing(hashing_part));
  PrefixedReader infos(signing_part);
  KLIK_TRY(const Signing main, read_signing(infos));
  KLIK_CHECK(check_signing(main, hashing, apk.size(), base));
  result.signers.push_back(placed(main.certificate, name));
  while (!infos.at_end()) {   // advances by 8 or more
    KLIK_TRY(const std::uint32_t block, infos.number());
    KLIK_TRY(const Part value, infos.value());
    PrefixedReader fields(value);
    KLIK_TRY(const Signing further, read_signing(fields));
    KLIK_CHECK(check_signing(further, hashing, apk.size(), block == kSchemeV31Id ? rotated : base));
    result.signers.push_back(placed(further.certificate, name));
  }
  std::vector<std::uint8_t> tree;
  KLIK_TRY(const std::vector<std::uint8_t> root, file_root(apk, hashing.salt.bytes, &tree));
  if (Bytes(root).text() != hashing.root.bytes.text()) return fail(Code::bad_checksum, hashing.root.at, "the content was changed");
  if (in.at_end()) return {};   // the tree may be left out
  KLIK_TRY(const Part stored, in.value());
  if (!stored.bytes.empty() && stored.bytes.text() != Bytes(tree).text()) return fail(Code::bad_checksum, stored.at, "the stored hash tree is not the content's");
  return {};
}

}  // namespace

SchemeResult verify_v4(const Source& apk, const Source& idsig, std::string_view name, V4Base base, V4Base rotated, const Budget& budget) {
  SchemeResult result;
  if (const auto checked = check(apk, idsig, name, base, rotated, budget, result); !checked) {
    SchemeResult bad = failed(checked.error(), "the .idsig file is damaged");
    bad.signers = std::move(result.signers);
    return bad;
  }
  result.outcome = Outcome::verified;
  return result;
}

}  // namespace klik::apk
