// Is an update what its signer signed, and does it keep what the old build demands? Signatures are tried with the keys that
// the old build trusts: an update's own keys prove nothing.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "compare/comparer.h"
#include "formats/android/update_signature.h"

namespace klik::compare {
namespace {

constexpr double kSmallerShare = 0.9;   // of what was covered before
constexpr std::size_t kMostKeys = 256, kMostSignatures = 4096;   // each pair costs a verification

constexpr ViewColumn kColumns[] = {
    {"subject", "The file, partition, module or place."},
    {"what", "update_signature: under keys that the old build trusts; avb_key, avb_flags, avb_coverage, rollback: of verified boot; patch_level; apex_key, apex_container_key; test_key."},
    {"before", "What the old build has; null when it has none."},
    {"after", "What the new build has."},
    {"result", "verified: it holds; failed: it does not, or what was demanded is gone; absent: a part is not here; not_verifiable: nothing is expressed that could be checked. Verified says whose it is, never that it is safe."},
    {"detail", "Why, in one sentence."},
    {"severity", "Of a failed check, else info."},
    {"old_fact", "For `klikspaan why` with the old case."},
    {"new_fact", "For `klikspaan why` with the new case."},
};
constexpr ComparedTable kTable{"update_check", "Checks that need both builds: signatures under the old build's keys, keys, rollback and patch levels, coverage, published test keys.", kColumns};
constexpr ComparedTable kTables[] = {kTable};

// A row of a query by column number; null is "".
class Cells {
 public:
  explicit Cells(const std::vector<Value>& row) : row_(row) {}
  std::string text(std::size_t i) const {
    if (i >= row_.size()) return {};
    if (const auto* t = std::get_if<std::string>(&row_[i])) return *t;
    const auto* n = std::get_if<std::int64_t>(&row_[i]);
    return n ? std::to_string(*n) : std::string();
  }
  std::int64_t number(std::size_t i) const {
    const auto* n = i < row_.size() ? std::get_if<std::int64_t>(&row_[i]) : nullptr;
    return n ? *n : 0;
  }

 private:
  const std::vector<Value>& row_;
};

struct Stated {
  std::string value, fact, note;
};
using ByName = std::map<std::string, Stated>;

struct Answer {
  std::string subject;
  std::string_view what;
  const Stated *before = nullptr, *after = nullptr;
  std::string_view result, detail, severity = "info";
};

// As many digits as a number of 64 bits may have, compared as text: indices are unsigned.
bool less_number(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

class Checks {
 public:
  Checks(const Pair& pair, const AddRow& add) : pair_(pair), add_(add) {}

  void run() {
    signatures();
    avb();
    patch_levels();
    modules();
    test_keys();
    coverage();
  }

 private:
  static Value or_null(const std::string& s) { return s.empty() ? Value{} : Value{s}; }
  void row(const Answer& a) {
    add_(0, {a.subject, std::string(a.what), a.before ? or_null(a.before->value) : Value{}, a.after ? or_null(a.after->value) : Value{}, std::string(a.result), or_null(std::string(a.detail)), std::string(a.severity),
             a.before ? or_null(a.before->fact) : Value{}, a.after ? or_null(a.after->fact) : Value{}});
  }
  static Table ask(const Side& side, const std::string& sql) { return side.reader.query(sql, {Value{side.build}}); }
  // Columns: name, value, fact, note. The first row of a name counts.
  static ByName by_name(const Side& side, const std::string& sql) {
    ByName out;
    for (const auto& r : ask(side, sql).rows) {
      const Cells c(r);
      out.try_emplace(c.text(0), Stated{c.text(1), c.text(2), c.text(3)});
    }
    return out;
  }
  // Names of both, in order.
  static std::set<std::string> names(const ByName& a, const ByName& b) {
    std::set<std::string> out;
    for (const auto& [name, stated] : a) out.insert(name);
    for (const auto& [name, stated] : b) out.insert(name);
    return out;
  }
  static const Stated* find(const ByName& in, const std::string& name) {
    const auto at = in.find(name);
    return at == in.end() ? nullptr : &at->second;
  }

  void signatures() {
    struct Key {
      Stated stated;
      cert::PublicKey key;
      std::optional<HashAlgorithm> digest;
    };
    std::size_t keys_left = 0, keys_unread = 0, signatures_left = 0;
    std::vector<Key> keys;
    for (const auto& r : ask(pair_.before, "SELECT key_sha256, min(subject), max(known_as), public_key, min(fact_id), coalesce(digest, '') FROM update_key WHERE build_id = ?1 GROUP BY key_sha256, digest ORDER BY key_sha256, digest").rows) {
      const Cells c(r);
      const auto der = unhex(c.text(3));
      auto key = der ? cert::PublicKey::parse(Bytes(*der)) : fail(Code::bad_value, 0, "no key");
      if (!key) {
        ++keys_unread;
        continue;
      }
      if (keys.size() == kMostKeys) {
        ++keys_left;
        continue;
      }
      keys.push_back({{c.text(0).substr(0, 16) + " " + c.text(1), c.text(4), c.text(2)}, *std::move(key), update::digest_of_name(c.text(5))});
    }
    // A file that both builds hold is not the update between them.
    std::set<std::string> old_files;
    for (const auto& r : ask(pair_.before, "SELECT DISTINCT a.sha256 FROM update_coverage c JOIN artifact a ON a.artifact_id = c.artifact_id WHERE c.build_id = ?1").rows) old_files.insert(Cells(r).text(0));
    struct Tried {
      bool known;
      Stated signature;
      bool tried = false;
      const Key* key = nullptr;
      const Key* refused = nullptr;   // made it, in a way that recovery does not take
      std::string_view why{};
    };
    std::map<std::pair<std::string, std::string>, Tried> found;   // by file and place: one signature that verifies is enough
    std::size_t taken = 0;
    for (const auto& r : ask(pair_.after, "SELECT a.path, s.place, s.digest_algorithm, s.digest, s.signature, coalesce(s.attributes, ''), coalesce(s.certificate_sha256, ''), s.fact_id, a.sha256, s.n FROM update_signature s JOIN artifact a ON a.artifact_id = s.artifact_id "
                                          "WHERE s.build_id = ?1 ORDER BY a.path, s.place, s.n").rows) {
      const Cells c(r);
      if (++taken > kMostSignatures) {
        ++signatures_left;
        continue;
      }
      Tried& tried = found.try_emplace({c.text(0), c.text(1)}, Tried{.known = old_files.contains(c.text(8)), .signature = {}}).first->second;
      const auto algorithm = update::digest_of_name(c.text(2));
      const auto digest = unhex(c.text(3)), signature = unhex(c.text(4)), attributes = unhex(c.text(5));
      if (tried.signature.fact.empty()) tried.signature = {c.text(6).empty() ? "signed" : "signed, certificate " + c.text(6).substr(0, 16), c.text(7), ""};
      if (tried.key || !algorithm || !digest || !signature || !attributes) continue;
      tried.tried = true;
      update::Signature s;
      s.digest_algorithm = *algorithm;
      s.signature = *signature;
      s.attributes = *attributes;
      for (const Key& k : keys)
        if (!tried.key && update::verifies(s, Bytes(*digest), k.key)) {
          const std::string_view why = c.text(1) == "whole_file" ? update::recovery_refuses(s, static_cast<std::uint64_t>(c.number(9)), k.digest) : std::string_view();
          (why.empty() ? tried.key : tried.refused) = &k;
          tried.why = why;
          tried.signature.fact = c.text(7);
        }
    }
    // What was not looked at must not look like what is not there.
    const auto not_all = [&](std::string_view subject, std::size_t left, std::string_view detail) {
      const Stated not_tried{std::to_string(left) + " not tried", "", ""};
      if (left > 0) row({.subject = std::string(subject), .what = "update_signature", .after = &not_tried, .result = "not_verifiable", .detail = detail, .severity = "medium"});
    };
    not_all("keys of updates", keys_left, "the old build has more keys of updates than are tried");
    not_all("unreadable keys of updates", keys_unread, "keys of updates in the old build cannot be read");
    not_all("signatures of updates", signatures_left, "the new build has more signatures of updates than are tried");
    std::string detail;
    for (const auto& [where, tried] : found) {
      Answer a{.subject = where.first + " " + where.second, .what = "update_signature", .after = &tried.signature, .result = "verified", .detail = "a key that the old build trusts signed it, which does not make it safe"};
      if (tried.key) {
        a.before = &tried.key->stated;
        if (!tried.key->stated.note.empty()) {
          a.detail = "the key that the old build trusts is published: anybody can sign with it";
          a.severity = "critical";
        }
      } else if (keys.empty()) {
        a.result = "absent";
        a.detail = keys_unread > 0 ? "none of the old build's keys of updates can be read" : "the old build's keys of updates are not here";
      } else if (tried.refused) {
        a.before = &tried.refused->stated;
        a.result = "failed";
        a.detail = detail = "a key that the old build trusts signed it, but " + std::string(tried.why);
        a.severity = "critical";
      } else {
        a.result = "failed";
        a.detail = !tried.tried ? "it cannot be checked: its algorithm or form is not known" : keys_left + keys_unread > 0 ? "none of the keys of the old build that could be tried signed it" : "no key that the old build trusts signed it";
        a.severity = "critical";
      }
      if (tried.known) a.severity = "info";
      row(a);
    }
    for (const auto& r : ask(pair_.after, "SELECT a.path, sum(c.bytes), min(c.fact_id), min(a.sha256) FROM update_coverage c JOIN artifact a ON a.artifact_id = c.artifact_id WHERE c.build_id = ?1 AND c.part IN ('archive', 'metadata', 'data', 'data_without_digest') AND c.covered_by = 'nothing' "
                                          "GROUP BY a.path ORDER BY a.path").rows) {
      const Cells c(r);
      const Stated nothing{c.text(1) + " bytes that no signature covers", c.text(2), ""};
      row({.subject = c.text(0), .what = "update_signature", .after = &nothing, .result = "absent", .detail = "the update, as it is here, is not signed", .severity = old_files.contains(c.text(3)) ? "info" : "medium"});
    }
  }

  // Whose key stands in a structure can be copied: it says something where the signature under it verifies.
  static void same_key(Answer& a) {
    const std::string &was = a.before->note, &is = a.after->note;
    if (a.after->value.empty()) {
      a.result = "not_verifiable";
      a.detail = "neither is signed";
    } else if (is == "failed" || is == "rejected") {
      a.result = "failed";
      a.detail = "it has the same key, but its signature does not hold";
      a.severity = was == "verified" ? "critical" : "medium";
    } else if (is != "verified" || was != "verified") {
      a.result = "not_verifiable";
      a.detail = is != "verified" ? "the same key, under a signature that is not checked" : "the same key, but the old signature does not hold, so it proves nothing";
    } else {
      a.result = "verified";
      a.detail = "the same key in both builds";
    }
  }

  void avb() {
    const auto structures = [&](const Side& side, const char* what, const char* value) {
      return by_name(side, std::string("SELECT partition, ") + value + ", fact_id, result FROM avb_check WHERE build_id = ?1 AND what = '" + what + "' AND partition <> '' ORDER BY partition, structure");
    };
    const ByName old_keys = structures(pair_.before, "signature", "public_key_sha256"), new_keys = structures(pair_.after, "signature", "public_key_sha256");
    for (const std::string& name : names(old_keys, new_keys)) {
      Answer a{.subject = name, .what = "avb_key", .before = find(old_keys, name), .after = find(new_keys, name), .result = "absent", .detail = "one of the builds has no such structure here"};
      if (a.before && a.after) {
        if (a.before->value == a.after->value) {
          same_key(a);
        } else {
          a.result = "failed";
          a.detail = a.after->value.empty() ? "the structure is not signed any more" : "the structure has another key";
          a.severity = "high";
        }
      }
      row(a);
    }
    const auto holds = [](const ByName& signatures, const std::string& name) {
      const Stated* s = find(signatures, name);
      return s && s->note == "verified";
    };
    const ByName old_index = structures(pair_.before, "rollback", "detail"), new_index = structures(pair_.after, "rollback", "detail");
    for (const std::string& name : names(old_index, new_index)) {
      const Stated *before = find(old_index, name), *after = find(new_index, name);
      if (!before || !after) continue;
      const auto index = [](const Stated& s) { return s.note == "absent" ? Stated{"0", s.fact, ""} : s; };
      const Stated was = index(*before), is = index(*after);
      Answer a{.subject = name, .what = "rollback", .before = &was, .after = &is, .result = "verified", .detail = "the index does not go back"};
      if (is.value == "0" && was.value == "0") {
        a.result = "not_verifiable";
        a.detail = "index 0 in both builds: no protection against older ones is expressed";
      } else if (less_number(is.value, was.value)) {
        a.result = "failed";
        a.detail = "the index goes back: a phone that kept the old one refuses this build, any other takes older ones again";
        a.severity = "high";
      } else if (!holds(old_keys, name) || !holds(new_keys, name)) {
        a.result = "not_verifiable";
        a.detail = "no signature that verifies stands over the index";
      }
      row(a);
    }
    const ByName old_flags = structures(pair_.before, "flags", "detail"), new_flags = structures(pair_.after, "flags", "detail");
    for (const auto& [name, after] : new_flags) {
      const Stated* before = find(old_flags, name);
      const bool off = after.note == "failed", was_off = before && before->note == "failed";
      row({.subject = name, .what = "avb_flags", .before = before, .after = &after, .result = off ? "failed" : holds(new_keys, name) ? "verified" : "not_verifiable",
           .detail = !off ? (holds(new_keys, name) ? "nothing is switched off" : "no signature that verifies stands over the flags") : was_off ? "verification is switched off in both builds" : "verification is switched off now",
           .severity = !off ? "info" : was_off ? "medium" : "critical"});
    }
  }

  // "in/IMAGES/boot_a.img" → "boot": the same in whatever the build was handed in as.
  static std::string partition_of(std::string_view path) {
    std::string_view name = path.substr(path.find_last_of("!/") + 1);   // npos + 1 is the start
    name = name.substr(0, name.find('.'));
    if (name.size() > 2 && (name.ends_with("_a") || name.ends_with("_b"))) name.remove_suffix(2);
    return std::string(name);
  }

  void patch_levels() {
    // Every part for itself, or an old level of one would hide that another goes back; of several of one name the lowest.
    const auto levels = [](const Side& side) {
      ByName out;
      for (const auto& r : ask(side, "SELECT source, subject, level, fact_id FROM patch_level WHERE build_id = ?1 ORDER BY level, fact_id").rows) {
        const Cells c(r);
        const std::string source = c.text(0), part = source == "vbmeta" ? c.text(1) : source == "boot" ? partition_of(c.text(1)) : "";
        out.try_emplace(part.empty() ? source : source + " " + part, Stated{c.text(2), c.text(3), ""});
      }
      return out;
    };
    const ByName before = levels(pair_.before), after = levels(pair_.after);
    for (const std::string& name : names(before, after)) {
      // An update is measured by what the phone says that it has.
      Answer a{.subject = name, .what = "patch_level", .before = find(before, name == "update" ? "build" : name), .after = find(after, name), .result = "absent", .detail = "one of the builds does not state it"};
      if (a.before && a.after) {
        const std::size_t n = std::min(a.before->value.size(), a.after->value.size());   // a boot image states the month only
        const bool back = a.after->value.substr(0, n) < a.before->value.substr(0, n);
        a.result = back ? "failed" : "verified";
        a.detail = back ? "the patch level goes back" : "the patch level does not go back";
        if (back) a.severity = "high";
      }
      row(a);
    }
  }

  void modules() {
    const auto changed = [&](std::string_view what, const ByName& before, const ByName& after, std::string_view detail) {
      for (const auto& [name, is] : after) {
        const Stated* was = find(before, name);
        if (!was) continue;   // a module that came is told elsewhere
        Answer a{.subject = name, .what = what, .before = was, .after = &is, .result = "failed", .detail = detail, .severity = "high"};
        if (was->value == is.value) {
          a.severity = "info";
          same_key(a);
        }
        row(a);
      }
    };
    const std::string payload = "SELECT module, coalesce(public_key_sha256, ''), fact_id, result FROM apex_check WHERE build_id = ?1 AND what = 'signature' AND module IS NOT NULL ORDER BY module, artifact_id";
    changed("apex_key", by_name(pair_.before, payload), by_name(pair_.after, payload), "the module's payload has another key");
    const std::string container = "SELECT m.module, coalesce(s.signer, ''), s.fact_id, s.verdict FROM signature s JOIN (SELECT DISTINCT artifact_id, module FROM apex_check WHERE build_id = ?1 AND module IS NOT NULL) m ON m.artifact_id = s.artifact_id "
                                  "WHERE s.package_id IS NULL AND ?1 ORDER BY m.module, s.sdk_from DESC, s.artifact_id";
    changed("apex_container_key", by_name(pair_.before, container), by_name(pair_.after, container), "the module has another signer");
  }

  void test_keys() {
    const std::string sql = "SELECT place, CASE WHEN sum(answer = 'public') > 0 THEN 'public' WHEN sum(answer = 'another') > 0 THEN 'another' ELSE 'not_there' END, min(CASE WHEN answer = 'public' THEN fact_id END), sum(answer = 'public') "
                            "FROM test_key WHERE build_id = ?1 AND coalesce(subject, '') NOT LIKE '%CtsShim%' AND coalesce(subject, '') NOT LIKE '%apex.cts.shim%' GROUP BY place ORDER BY place";
    const ByName before = by_name(pair_.before, sql), after = by_name(pair_.after, sql);
    for (const std::string place : {"ota", "avb", "apk", "apex"}) {
      Answer a{.subject = place, .what = "test_key", .before = find(before, place), .after = find(after, place), .result = "absent", .detail = "nothing of that place is here"};
      const bool is = a.after && a.after->value == "public", was = a.before && a.before->value == "public";
      if (is) {
        a.result = "failed";
        const bool other = a.before && a.before->value == "another";
        a.detail = was ? "a published test key in both builds" : other ? "a published test key that the old build did not have there" : "a published test key; nothing of that place is in the old build";
        a.severity = other ? "critical" : "medium";
      } else if (a.after && a.after->value == "another") {
        a.result = "verified";
        a.detail = "none of the published keys that klikspaan knows";
      }
      row(a);
    }
  }

  static std::string whole(double n) { return n < 9e15 ? std::to_string(static_cast<std::int64_t>(n)) : "very many"; }

  void coverage() {
    struct Covered {
      double verified = 0, bytes = 0;
      Stated stated{};
      double share() const { return bytes > 0 ? verified / bytes : 0; }
    };
    // Images that are nothing but a structure have no digest: the checks above are theirs. The fact is that of the image with the
    // smallest share.
    const auto partitions = [](const Side& side) {
      std::map<std::string, Covered> out;
      for (const auto& r : ask(side, "SELECT partition, verified, bytes, fact_id FROM avb_coverage WHERE build_id = ?1 AND path IS NOT NULL AND partition <> '' AND partition NOT LIKE 'vbmeta%' ORDER BY partition, 1.0 * verified / max(bytes, 1), fact_id").rows) {
        const Cells c(r);
        Covered& sum = out[c.text(0)];
        if (sum.stated.fact.empty()) sum.stated.fact = c.text(3);
        sum.verified += static_cast<double>(c.number(1));
        sum.bytes += static_cast<double>(c.number(2));
      }
      for (auto& [name, sum] : out) sum.stated.value = sum.verified > 0 ? "covered: " + whole(sum.verified) + " of " + whole(sum.bytes) + " bytes" : "covered by nothing";
      return out;
    };
    const std::map<std::string, Covered> before = partitions(pair_.before), after = partitions(pair_.after);
    for (const auto& [name, is] : after) {
      const auto at = before.find(name);
      const Covered none, &was = at == before.end() ? none : at->second;
      Answer a{.subject = name, .what = "avb_coverage", .before = at == before.end() ? nullptr : &was.stated, .after = &is.stated, .result = "verified", .detail = "verified boot covers the partition"};
      if (is.verified <= 0) {
        a.result = was.verified > 0 ? "failed" : "not_verifiable";
        a.detail = was.verified > 0 ? "verified boot covered the partition and does not any more" : "nothing covers the partition";
        if (was.verified > 0) a.severity = "critical";
      } else if (is.share() < kSmallerShare * was.share()) {
        // Padding and error correction are never covered and come and go with what the image holds: a little less says nothing.
        a.result = "failed";
        a.detail = "verified boot covers a smaller share of the partition than it did; padding counts as not covered";
        a.severity = is.share() < was.share() / 2 ? "critical" : "medium";
      } else if (is.verified < is.bytes) {
        a.detail = "verified boot covers part of the partition";
      }
      row(a);
    }
    const std::string share = "SELECT 'all', uncovered_share || '' FROM avb_coverage WHERE build_id = ?1 AND path IS NULL";
    const ByName old_share = by_name(pair_.before, share), new_share = by_name(pair_.after, share);
    if (!new_share.empty()) row({.subject = "all", .what = "avb_coverage", .before = find(old_share, "all"), .after = find(new_share, "all"), .result = "not_verifiable", .detail = "share of the bytes of images that verified boot does not cover"});
  }

  const Pair& pair_;
  const AddRow& add_;
};

void run(const Pair& pair, const AddRow& add) { Checks(pair, add).run(); }

}  // namespace

extern const Comparer comparer_update;
constexpr Comparer comparer_update{.name = "update", .title = "Signatures, keys and levels of an update, against what the old build trusts", .tables = kTables, .run = run};

}  // namespace klik::compare
