// Signatures of updates, kept so that they can be tried with any key later: with those of this build, and with those that
// the build before trusted. What no signature covers is counted.
#include <algorithm>
#include <array>

#include "apps/signing/known_keys.h"
#include "extract/extractor.h"
#include "formats/android/payload_header.h"
#include "formats/android/payload_manifest.h"
#include "formats/android/payload_signature.h"
#include "formats/android/update_signature.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_signature@2";
constexpr std::uint64_t kMaxSignatures = std::uint64_t{1} << 20, kChunk = std::uint64_t{1} << 20, kAhead = std::uint64_t{64} << 20;

constexpr Column kSignatureColumns[] = {
    {"place", ColumnType::text, "What it stands over: whole_file, payload or metadata (the payload's manifest)", true},
    {"n", ColumnType::integer, "Its number there, from 0", true},
    {"digest_algorithm", ColumnType::text, "sha1 or sha256"},
    {"digest", ColumnType::text, "Of what is signed, in hex, as computed"},
    {"signature", ColumnType::text, "The signature itself, in hex"},
    {"attributes", ColumnType::text, "Signed attributes that name the digest, in hex; null when the content itself is signed", false, true},
    {"certificate_sha256", ColumnType::text, "Of the certificate that came with it: no reason to trust it", false, true},
    {"key_sha256", ColumnType::text, "Of that certificate's public key", false, true},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with; null for any other", false, true},
    {"holds", ColumnType::boolean, "Whether it verifies under the certificate that came with it; null when none did", false, true},
    {"signed_bytes", ColumnType::integer, "How many bytes it stands over"},
    {"outside_bytes", ColumnType::integer, "How many bytes of the file it does not stand over"},
};
constexpr FactKind kSignature{"update.signature", "A signature of an update file", kSignatureColumns};

constexpr Column kCoverageColumns[] = {
    {"part", ColumnType::text, "archive, comment; of a payload: metadata, metadata_signature, data, data_without_digest, payload_signature, rest", true},
    {"bytes", ColumnType::integer, "Of the part"},
    {"covered_by", ColumnType::text, "whole_file, payload, metadata, digests (that a signed manifest states of the data of its operations), or nothing; whether that signature holds is told elsewhere"},
};
constexpr FactKind kCoverage{"update.coverage", "Which part of an update file a signature stands over", kCoverageColumns};

constexpr const FactKind* kEmits[] = {&kSignature, &kCoverage};

bool wants(std::string_view kind, std::string_view) { return kind == "ota" || kind == "zip" || kind == "payload"; }

struct Span {
  std::uint64_t at, length;
};

Result<std::vector<std::uint8_t>> digest_of(const Source& source, std::initializer_list<Span> spans, HashAlgorithm algorithm) {
  Hasher hasher(algorithm);
  for (const Span& span : spans)
    for (std::uint64_t done = 0; done < span.length; done += kChunk) {
      source.will_need(span.at + done, std::min(kAhead, span.length - done));
      KLIK_TRY(const Blob part, source.load(span.at + done, std::min(kChunk, span.length - done)));
      hasher.update(part.bytes());
    }
  return hasher.finish();
}

class Reader {
 public:
  Reader(const FileItem& item, FactSink& sink) : item_(item), sink_(sink), source_(*item.source), size_(item.source->size()) {}

  // A zip whose comment holds a CMS over everything before it.
  void whole_file() {
    if (size_ < update::kEndRecordSize) return;
    const auto last = source_.load(size_ - update::kFooterSize, update::kFooterSize);
    if (!last) return;   // the zip reader has said so
    const auto footer = update::read_footer(last->bytes());
    if (!footer) {
      if (footer.error().code != Code::absent) problem(footer.error(), size_ - update::kFooterSize);
      return unsigned_archive();
    }
    const std::uint64_t end_size = footer->comment_size + update::kEndRecordSize;
    const auto end = end_size <= size_ ? source_.load(size_ - end_size, end_size) : Result<Blob>(fail(Code::truncated, 0, "the file is shorter than its comment"));
    if (!end || !end->bytes().starts_with(std::string_view("PK\5\6", 4))) {
      if (item_.kind == "ota") problem(fail(Code::bad_value, 0, "a signature whose end record is not where it should be").error(), size_ - update::kFooterSize);
      return unsigned_archive();
    }
    if (update::has_second_end_record(end->bytes())) {
      problem(fail(Code::conflict, 0, "a second end record in the comment: another reader would see another archive, and a recovery refuses the file").error(), size_ - end_size);
      return unsigned_archive();
    }
    const std::uint64_t signature_at = size_ - update::kFooterSize - footer->signature_size, signed_bytes = size_ - footer->comment_size - 2;
    const auto cms = source_.load(signature_at, footer->signature_size);
    const auto signatures = cms ? update::read_cms(cms->bytes()) : Result<std::vector<update::Signature>>(fail(cms.error()));
    if (!signatures) {
      problem(signatures.error(), signature_at);
      return unsigned_archive();
    }
    std::optional<std::vector<std::uint8_t>> digests[2];
    for (std::size_t n = 0; n < signatures->size(); ++n) {
      const update::Signature& s = (*signatures)[n];
      auto& digest = digests[s.digest_algorithm == HashAlgorithm::sha256];
      if (!digest) {
        auto computed = digest_of(source_, {{0, signed_bytes}}, s.digest_algorithm);
        if (!computed) return sink_.problem({computed.error(), ProblemSeverity::data_loss});
        digest = *std::move(computed);
      }
      signature("whole_file", n, s, Bytes(*digest), signed_bytes, {item_.blob, signature_at, footer->signature_size});
    }
    coverage("archive", signed_bytes, signatures->empty() ? "nothing" : "whole_file", {item_.blob, 0, signed_bytes});
    coverage("comment", size_ - signed_bytes, "nothing", {item_.blob, signed_bytes, size_ - signed_bytes});
  }

  void payload() {
    const auto start = source_.load(0, payload::kHeaderSize);
    const auto header = start ? payload::read_header(start->bytes()) : Result<payload::Header>(fail(start.error()));
    if (!header || header->manifest_size > std::min(payload::kMaxManifest, size_ - payload::kHeaderSize)) return;   // the container has said so
    const std::uint64_t metadata = payload::kHeaderSize + header->manifest_size, signature_size = header->signature_size;
    const auto manifest = source_.load(payload::kHeaderSize, header->manifest_size);
    if (!manifest) return;
    const auto stated = payload::read_signature_place(manifest->bytes());
    if (!stated) return problem(stated.error(), payload::kHeaderSize);
    if (signature_size > size_ - metadata) return problem(fail(Code::truncated, 20, "the metadata signature reaches past the end").error(), 0);
    const std::uint64_t blobs = metadata + signature_size, left = size_ - blobs;

    bool metadata_signed = false, payload_signed = false;
    if (signature_size > 0) metadata_signed = several("metadata", {metadata, signature_size}, {{0, metadata}}, metadata);
    // The signature is the last blob: what follows it is read by nobody and covered by nothing.
    std::uint64_t data = left, payload_signature = 0;
    if (stated->at) {
      const std::uint64_t at = *stated->at, length = stated->length.value_or(0);
      if (at > left || length > left - at) problem(fail(Code::truncated, 0, "the payload's signature lies past its end").error(), payload::kHeaderSize);
      else {
        data = at;
        payload_signature = length;
        if (length > 0) payload_signed = several("payload", {blobs + at, length}, {{0, metadata}, {blobs, at}}, metadata + at);
      }
    }
    coverage("metadata", metadata, payload_signed ? "payload" : metadata_signed ? "metadata" : "nothing", {item_.blob, 0, metadata});
    if (signature_size > 0) coverage("metadata_signature", signature_size, "nothing", {item_.blob, metadata, signature_size});
    const std::uint64_t by_digest = metadata_signed && !payload_signed ? with_digest(manifest->bytes(), data) : 0;
    if (by_digest == 0 || by_digest == data) coverage("data", data, payload_signed ? "payload" : by_digest > 0 ? "digests" : "nothing", {item_.blob, blobs, data});
    else {
      coverage("data", by_digest, "digests", {item_.blob, blobs, data});
      coverage("data_without_digest", data - by_digest, "nothing", {item_.blob, blobs, data});
    }
    if (payload_signature > 0) coverage("payload_signature", payload_signature, "nothing", {item_.blob, blobs + data, payload_signature});
    if (const std::uint64_t rest = left - data - payload_signature; rest > 0) coverage("rest", rest, "nothing", {item_.blob, size_ - rest, rest});
  }

 private:
  void problem(Error error, std::uint64_t at) {
    error.at += at;
    sink_.problem({error, ProblemSeverity::error});
  }

  // Of an update package it is worth saying that nothing signs it; of other archives it is not.
  void unsigned_archive() {
    if (item_.kind == "ota") coverage("archive", size_, "nothing", {item_.blob, 0, size_});
  }

  bool several(std::string_view place, Span where, std::initializer_list<Span> spans, std::uint64_t signed_bytes) {
    if (where.length > kMaxSignatures) {
      problem(fail(Code::over_budget, 0, "signatures of an impossible size").error(), where.at);
      return false;
    }
    const auto message = source_.load(where.at, where.length);
    const auto signatures = message ? update::read_signatures(message->bytes()) : Result<std::vector<update::Signature>>(fail(message.error()));
    if (!signatures) {
      problem(signatures.error(), where.at);
      return false;
    }
    if (signatures->empty()) return false;
    const auto digest = digest_of(source_, spans, HashAlgorithm::sha256);
    if (!digest) {
      sink_.problem({digest.error(), ProblemSeverity::data_loss});
      return false;
    }
    for (std::size_t n = 0; n < signatures->size(); ++n) signature(place, n, (*signatures)[n], Bytes(*digest), signed_bytes, {item_.blob, where.at, where.length});
    return true;
  }

  // How many bytes of the data belong to operations whose digest the manifest states: two may share bytes.
  static std::uint64_t with_digest(Bytes manifest, std::uint64_t data) {
    const auto read = payload::read_manifest(manifest);
    if (!read) return 0;   // the container has said so
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;   // from, to
    for (const payload::PartitionUpdate& partition : read->partitions)
      for (const payload::Operation& o : partition.operations)
        if (o.data_digest && o.data_length > 0 && o.data_at <= data && o.data_length <= data - o.data_at) ranges.emplace_back(o.data_at, o.data_at + o.data_length);
    std::ranges::sort(ranges);
    std::uint64_t sum = 0, end = 0;
    for (const auto& [from, to] : ranges) {
      if (to <= end) continue;
      sum += to - std::max(from, end);
      end = to;
    }
    return sum;
  }

  void signature(std::string_view place, std::size_t n, const update::Signature& s, Bytes digest, std::uint64_t signed_bytes, Place where) {
    Row row(kSignature);
    row.set("place", place).set("n", static_cast<std::int64_t>(n)).set("digest_algorithm", update::digest_name(s.digest_algorithm)).set("digest", hex(digest)).set("signature", hex(Bytes(s.signature)));
    if (!s.attributes.empty()) row.set("attributes", hex(Bytes(s.attributes)));
    if (s.certificate) {
      row.set("certificate_sha256", s.certificate->sha256);
      if (const auto known = apk::known_key(*s.certificate); !known.empty()) row.set("known_as", known);
      if (s.certificate->key) row.set("key_sha256", hex(as_bytes(sha256(Bytes(s.certificate->key->encoded()))))).set("holds", update::verifies(s, digest, *s.certificate->key));
    }
    row.set("signed_bytes", static_cast<std::int64_t>(signed_bytes)).set("outside_bytes", static_cast<std::int64_t>(size_ - signed_bytes));
    sink_.fact({.kind = &kSignature, .about = item_.blob, .values = row.values(), .origins = {where}, .extractor = kName});
  }

  void coverage(std::string_view part, std::uint64_t bytes, std::string_view by, Place where) {
    Row row(kCoverage);
    row.set("part", part).set("bytes", static_cast<std::int64_t>(bytes)).set("covered_by", by);
    sink_.fact({.kind = &kCoverage, .about = item_.blob, .values = row.values(), .origins = {where}, .extractor = kName});
  }

  const FileItem& item_;
  FactSink& sink_;
  const Source& source_;
  std::uint64_t size_;
};

void run(const FileItem& item, FactSink& sink) {
  Reader reader(item, sink);
  if (item.kind == "payload") reader.payload();
  else reader.whole_file();
}

constexpr ViewColumn kCoverageViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The update file."},
    {"part", "archive, comment; of a payload: metadata, metadata_signature, data, data_without_digest, payload_signature, rest."},
    {"bytes", "Of the part."},
    {"share", "Of the file, from 0 to 1."},
    {"covered_by", "Which signature stands over it: whole_file (of this file or the archive around it), payload, metadata, digests (that a signed manifest states of the data of its operations), or nothing. Whether it holds: update_signature."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCoverageView{"update_coverage", "Which parts of an update file a signature stands over.", kCoverageViewColumns,
                             R"(SELECT a.build_id, a.artifact_id, c.part, c.bytes, CASE WHEN a.size > 0 THEN round(1.0 * c.bytes / a.size, 6) END,
CASE WHEN c.covered_by = 'nothing' AND EXISTS (SELECT 1 FROM _artifact p JOIN _update_coverage o ON o.blob_id = p.blob_id WHERE p.artifact_id = a.parent_id AND o.part = 'archive' AND o.covered_by = 'whole_file') THEN 'whole_file' ELSE c.covered_by END,
lower(hex(c.fact_id))
FROM _update_coverage c JOIN _artifact a ON a.blob_id = c.blob_id)"};

constexpr const View* kViews[] = {&kCoverageView};

}  // namespace

extern const Extractor extractor_update_signature;
constexpr Extractor extractor_update_signature{
    .name = kName,
    .title = "Updates: their signatures, and what those leave out",
    .emits = kEmits,
    .wants = wants,
    .run = run,
    .views = kViews,
};

}  // namespace klik
