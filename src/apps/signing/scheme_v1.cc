#include "apps/signing/scheme_v1.h"

#include <algorithm>
#include <charconv>

#include "apps/signing/jar_signature.h"
#include "base/ascii.h"

namespace klik::apk {
namespace {

constexpr std::string_view kMeta = "META-INF/", kManifestName = "META-INF/MANIFEST.MF";

bool is_signature_block(std::string_view name) { return name.ends_with(".RSA") || name.ends_with(".DSA") || name.ends_with(".EC"); }

bool needs_digest(std::string_view name) { return !name.starts_with(kMeta) && !name.ends_with('/'); }

// "2, 3": the newer schemes that were used as well. One that this version knows, but did not find, was cut off.
bool names_missing_scheme(std::string_view list, int sdk) {
  while (!list.empty()) {   // takes off one item in each round
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    int scheme = 0;
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), scheme);
    if (error != std::errc() || end != item.data() + item.size()) continue;
    if ((scheme == 2 && sdk >= kSdkN) || (scheme == 3 && sdk >= kSdkP)) return true;
  }
  return false;
}

bool matches(const NamedDigest& digest, Bytes bytes) { return hash(digest.algorithm, bytes) == digest.value; }

}  // namespace

JarVerifier::JarVerifier(const ZipArchive& zip, const Budget& budget, int lowest_sdk) : zip_(zip), budget_(budget), lowest_sdk_(lowest_sdk) {}

Result<Blob> JarVerifier::load_entry(const ZipEntry& entry) const {
  auto blob = zip_.load(entry, budget_.metadata_bytes);
  if (!blob && !is_limit(blob.error())) return fail(Code::bad_value, entry.header_at, "a signature file in META-INF cannot be read");
  return blob;
}

Result<void> JarVerifier::load() {
  // Names count in upper case here; of two that differ in case only, the later one wins.
  std::map<std::string, const ZipEntry*> meta;
  for (const ZipEntry& e : zip_.entries())
    if (!e.hidden && e.name.starts_with(kMeta)) meta[text::upper(e.name)] = &e;
  const auto manifest = meta.find(std::string(kManifestName));
  if (manifest == meta.end()) {
    absent_ = "no signature";
    return {};
  }
  std::vector<std::pair<const ZipEntry*, const ZipEntry*>> pairs;   // block and .SF file
  for (const ZipEntry& e : zip_.entries()) {
    const std::string name = text::upper(e.name);
    if (!is_signature_block(name) || !meta.contains(name) || meta[name] != &e) continue;
    const auto file = meta.find(name.substr(0, name.rfind('.')) + ".SF");
    if (file != meta.end()) pairs.emplace_back(&e, file->second);
  }
  if (pairs.empty()) {
    absent_ = "no signature";
    return {};
  }
  if (pairs.size() > kMostSigners) return fail(Code::bad_value, pairs.back().first->header_at, "more than ten signers");

  KLIK_TRY(manifest_bytes_, load_entry(*manifest->second));
  manifest_ = parse_jar_manifest(manifest_bytes_.bytes());
  section_of_.reserve(manifest_.sections.size());
  for (std::size_t i = 0; i < manifest_.sections.size(); ++i) {
    const std::string* name = manifest_.sections[i].entry_name();
    const std::uint64_t at = manifest->second->header_at;
    if (!name) return fail(Code::bad_value, at, "a section of MANIFEST.MF without a name");
    if (!section_of_.try_emplace(*name, i).second) return fail(Code::bad_value, at, "two sections of MANIFEST.MF for one file");
    if (!zip_.find(*name)) return fail(Code::absent, at, "MANIFEST.MF names a file that is not there");
  }
  for (const auto& [block, file] : pairs) {
    Signer signer{.block_name = block->name, .file_name = file->name, .block = {}, .file = {}, .sections = {}, .entries = {}};
    KLIK_TRY(signer.block, load_entry(*block));
    KLIK_TRY(signer.file, load_entry(*file));
    signer.sections = parse_jar_manifest(signer.file.bytes());
    signers_.push_back(std::move(signer));
  }
  for (Signer& signer : signers_)   // views into strings that stay where they are from now on
    for (const JarSection& section : signer.sections.sections)
      if (const std::string* name = section.entry_name()) signer.entries.insert(*name);
  digests_.resize(zip_.entries().size());
  return {};
}

Result<PlacedCertificate> JarVerifier::check_signature(const Signer& signer, int sdk) const {
  KLIK_TRY(const der::Element certificate, verify_jar_signature(signer.block.bytes(), signer.file.bytes(), sdk));
  return placed({certificate.whole, certificate.at}, signer.block_name);
}

Result<void> JarVerifier::check_signature_file(const Signer& signer, int sdk) const {
  const JarSection& main = signer.sections.main;
  const ZipEntry* entry = zip_.find(signer.file_name);
  const std::uint64_t at = entry ? entry->header_at : 0;
  if (!main.value("Signature-Version")) return fail(Code::bad_value, at, "a .SF file without a version");
  if (const std::string* schemes = main.value("X-Android-APK-Signed"); schemes && names_missing_scheme(*schemes, sdk))
    return fail(Code::conflict, at, "signed with a newer scheme as well, but that signature is gone");

  const std::string* created_by = main.value("Created-By");
  const bool by_signtool = created_by && created_by->contains("signtool");
  const Bytes manifest = manifest_bytes_.bytes();
  const auto whole = digest_to_check(main, by_signtool ? "-Digest" : "-Digest-Manifest", sdk);
  const bool whole_matches = whole && matches(*whole, manifest);
  if (!by_signtool) {
    const auto head = digest_to_check(main, "-Digest-Manifest-Main-Attributes", sdk);
    const auto bytes = manifest.slice(manifest_.main.at, manifest_.main.length);
    if (head && (!bytes || !matches(*head, *bytes))) return fail(Code::bad_checksum, at, "the main section of MANIFEST.MF was changed");
  }
  std::size_t named = 0;
  for (const JarSection& section : signer.sections.sections) {
    if (!section.entry_name()) return fail(Code::bad_value, at, "a section of the .SF file without a name");
    ++named;
  }
  if (named != signer.entries.size()) return fail(Code::bad_value, at, "two sections of the .SF file for one file");
  if (whole_matches) return {};
  return check_manifest_sections(signer, by_signtool, sdk);
}

Result<void> JarVerifier::check_manifest_sections(const Signer& signer, bool by_signtool, int sdk) const {
  const Bytes manifest = manifest_bytes_.bytes();
  for (const JarSection& section : signer.sections.sections) {
    const auto found = section_of_.find(*section.entry_name());
    if (found == section_of_.end()) return fail(Code::absent, 0, "the .SF file names a section that MANIFEST.MF lacks");
    const JarSection& target = manifest_.sections[found->second];
    const auto digest = digest_to_check(section, "-Digest", sdk);
    if (!digest) return fail(Code::absent, 0, "a section of the .SF file without a digest");
    std::uint64_t length = target.length;
    auto bytes = manifest.slice(target.at, length);
    // That tool left the second of two line ends out.
    if (by_signtool && bytes && bytes->text().ends_with("\n\n")) bytes = manifest.slice(target.at, --length);
    if (!bytes || !matches(*digest, *bytes)) return fail(Code::bad_checksum, target.at, "a section of MANIFEST.MF was changed");
  }
  return {};
}

Result<void> JarVerifier::check_entry(std::size_t index, const JarSection& section, int sdk) {
  const ZipEntry& entry = zip_.entries()[index];
  const auto expected = digest_to_check(section, "-Digest", sdk);
  if (!expected) return fail(Code::absent, entry.header_at, "MANIFEST.MF holds no digest of a file");
  auto& known = digests_[index];
  if (!known.contains(expected->algorithm)) {
    // Entries may share bytes of the archive, so their sizes say nothing about the work together.
    const std::uint64_t left = budget_.expansion(zip_.source()->size()) - unpacked_;
    auto bytes = zip_.load(entry, std::min(budget_.unit_bytes, left));
    if (!bytes && is_limit(bytes.error())) return fail(bytes.error());
    if (!bytes) return fail(Code::bad_value, entry.header_at, "a file cannot be unpacked");
    unpacked_ += bytes->size();
    // Both kinds of Android versions at once, so that nothing is unpacked twice.
    known[expected->algorithm] = hash(expected->algorithm, bytes->bytes());
    for (const int version : {lowest_sdk_, kSdkOpen})
      if (const auto other = digest_to_check(section, "-Digest", version); other && !known.contains(other->algorithm))
        known[other->algorithm] = hash(other->algorithm, bytes->bytes());
  }
  if (known[expected->algorithm] != expected->value) return fail(Code::bad_checksum, entry.header_at, "a file was changed");
  return {};
}

Result<std::vector<const JarVerifier::Signer*>> JarVerifier::check_entries(const std::vector<const Signer*>& signers, int sdk) {
  std::vector<const Signer*> of_first;
  for (std::size_t i = 0; i < zip_.entries().size(); ++i) {
    const ZipEntry& entry = zip_.entries()[i];
    if (entry.hidden || !needs_digest(entry.name)) continue;
    const auto section = section_of_.find(entry.name);
    if (section == section_of_.end()) return fail(Code::absent, entry.header_at, "a file that MANIFEST.MF does not name");
    std::vector<const Signer*> of_entry;
    for (const Signer* signer : signers)
      if (signer->entries.contains(entry.name)) of_entry.push_back(signer);
    if (of_entry.empty()) return fail(Code::absent, entry.header_at, "a file that no .SF file names");
    if (of_first.empty()) of_first = of_entry;
    else if (of_entry != of_first) return fail(Code::conflict, entry.header_at, "files are signed by different signers");
    KLIK_CHECK(check_entry(i, manifest_.sections[section->second], sdk));
  }
  if (of_first.empty()) return fail(Code::absent, 0, "no signed files");
  return of_first;
}

Result<void> JarVerifier::check(int sdk, SchemeResult& result) {
  std::vector<const Signer*> signers;
  for (const Signer& signer : signers_) {
    KLIK_TRY(PlacedCertificate certificate, check_signature(signer, sdk));
    result.signers.push_back(std::move(certificate));
    signers.push_back(&signer);
  }
  for (const Signer* signer : signers) KLIK_CHECK(check_signature_file(*signer, sdk));
  KLIK_TRY(const std::vector<const Signer*> used, check_entries(signers, sdk));
  std::vector<PlacedCertificate> reported;
  for (std::size_t i = 0; i < signers.size(); ++i)
    if (std::ranges::find(used, signers[i]) != used.end()) reported.push_back(std::move(result.signers[i]));
  result.signers = std::move(reported);
  return {};
}

SchemeResult JarVerifier::verify(int sdk) {
  if (!loaded_) {
    loaded_ = true;
    if (const auto done = load(); !done) load_error_ = done.error();
  }
  if (absent_) return {.outcome = Outcome::absent, .reason = absent_};
  SchemeResult result{.outcome = Outcome::verified};
  const auto checked = load_error_ ? Result<void>(fail(*load_error_)) : check(sdk, result);
  if (checked) return result;
  SchemeResult bad = failed(checked.error(), "the v1 signature is damaged");
  bad.signers = std::move(result.signers);
  return bad;
}

}  // namespace klik::apk
