// Signature scheme v1, the signed JAR: what Android before 7 knows, and what later ones fall back to when
// they find no newer scheme. Files in META-INF/ are not protected by it.
// Source: "JAR File Specification", Signed JAR File; source.android.com, "Application signing", v1 scheme.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "apps/signing/jar_digests.h"
#include "apps/signing/signer.h"
#include "containers/zip_archive.h"

namespace klik::apk {

// Keeps what does not depend on the Android version: files are read and hashed once.
class JarVerifier {
 public:
  // The archive must outlive the verifier. `lowest_sdk`: no older version will be asked for.
  JarVerifier(const ZipArchive& zip, const Budget& budget, int lowest_sdk);
  JarVerifier(const JarVerifier&) = delete;   // holds views of itself
  JarVerifier& operator=(const JarVerifier&) = delete;

  // The answer of a version that finds no newer scheme. The content is fully checked.
  SchemeResult verify(int sdk);

 private:
  struct Signer {
    std::string block_name, file_name;   // as spelled in the archive
    Blob block, file;
    JarManifest sections;                // of the .SF file
    std::unordered_set<std::string_view> entries;   // that the .SF file names
  };

  Result<void> load();
  Result<Blob> load_entry(const ZipEntry& entry) const;
  Result<PlacedCertificate> check_signature(const Signer& signer, int sdk) const;
  Result<void> check_signature_file(const Signer& signer, int sdk) const;
  Result<void> check_manifest_sections(const Signer& signer, bool by_signtool, int sdk) const;
  Result<std::vector<const Signer*>> check_entries(const std::vector<const Signer*>& signers, int sdk);
  Result<void> check_entry(std::size_t index, const JarSection& section, int sdk);
  Result<void> check(int sdk, SchemeResult& result);

  const ZipArchive& zip_;
  const Budget& budget_;
  int lowest_sdk_;
  bool loaded_ = false;
  std::uint64_t unpacked_ = 0;           // of all entries so far; never above the budget
  std::optional<Error> load_error_;
  const char* absent_ = nullptr;         // why there is no v1 signature at all
  Blob manifest_bytes_;
  JarManifest manifest_;
  std::unordered_map<std::string_view, std::size_t> section_of_;   // entry name → manifest_.sections
  std::vector<Signer> signers_;
  std::vector<std::map<HashAlgorithm, std::vector<std::uint8_t>>> digests_;   // of each entry, as far as computed
};

}  // namespace klik::apk
