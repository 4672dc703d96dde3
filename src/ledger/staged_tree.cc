#include "ledger/staged_tree.h"

#include <algorithm>

#include "base/text.h"

namespace klik {
namespace {

FactId artifact_fact_id(const ArtifactRecord& a, const BlobId& build) {
  Hasher hasher;
  const std::string head = "artifact " + std::to_string(a.path.size()) + " " + a.path + " " + std::string(a.state) + " ";
  hasher.update(Bytes::of(head));
  hasher.update(as_bytes(build.sha256()));
  if (a.blob) hasher.update(as_bytes(a.blob->sha256()));
  FactId id{};
  const Sha256Digest whole = hasher.finish_sha256();
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

FactId problem_fact_id(const FactId& artifact, const Problem& p) {
  Hasher hasher;
  hasher.update(Bytes(artifact));
  hasher.update(Bytes::of(std::string("problem ") + std::string(code_name(p.error.code)) + " " + std::to_string(p.error.at) + " " + p.error.what + " " + p.detail));
  FactId id{};
  const Sha256Digest whole = hasher.finish_sha256();
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

constexpr std::string_view kSeverities[] = {"info", "error", "data_loss"};

constexpr std::string_view kStaging[] = {
    "CREATE TABLE temp.s_build(number INTEGER PRIMARY KEY, digest BLOB, label TEXT)",
    "CREATE TABLE temp.s_artifact(id INTEGER PRIMARY KEY, parent INTEGER, build INTEGER, path TEXT, device_path TEXT, kind TEXT, size INTEGER, sha BLOB, state TEXT, transform TEXT, mode INTEGER, uid INTEGER, gid INTEGER, selinux TEXT, capability TEXT, link_target TEXT, claimed TEXT, fact_id BLOB)",
    "CREATE TABLE temp.s_problem(fact_id BLOB, artifact INTEGER, at INTEGER, code TEXT, severity TEXT, what TEXT, detail TEXT, advice TEXT)",
};

}  // namespace

StagedTree::StagedTree(sqlite3* db) : db_(db) {
  for (const std::string_view sql : kStaging)
    if (!sql::execute(db_, std::string(sql))) return;
  put_artifact_ = std::make_unique<sql::Statement>(db_, "INSERT INTO temp.s_artifact VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  put_problem_ = std::make_unique<sql::Statement>(db_, "INSERT INTO temp.s_problem VALUES(?,?,?,?,?,?,?,?)");
  put_extent_ = std::make_unique<sql::Statement>(db_, "INSERT INTO _extent VALUES(?,?,?,?)");
  put_input_ = std::make_unique<sql::Statement>(db_, "INSERT INTO _input VALUES(?,?,?,?)");
}

bool StagedTree::add_build(const BuildRecord& build) {
  builds_.emplace(build.number, build.digest);
  sql::Statement put(db_, "INSERT INTO temp.s_build VALUES(?,?,?)");
  return put.bind(1, std::int64_t{build.number}).bind(2, as_bytes(build.digest.sha256())).bind(3, text::storable(build.label)).run();
}

bool StagedTree::add_artifact(const ArtifactRecord& a, std::optional<std::uint32_t> blob) {
  const FactId id = artifact_fact_id(a, builds_.at(a.build));
  last_artifact_ = id;
  last_artifact_id_ = a.id;
  OfBuild& of = of_build_[a.build];
  if (!of.first || a.id < *of.first) of.first = a.id;
  if (blob) of.places.push_back({*blob, a.id});
  of.sorted = false;
  sql::Statement& p = *put_artifact_;
  p.bind(1, std::int64_t{a.id}).bind(3, std::int64_t{a.build}).bind(4, text::storable(a.path)).bind(6, a.kind).bind(7, static_cast<std::int64_t>(a.size)).bind(9, a.state).bind(10, a.transform).bind(18, Bytes(id));
  if (a.parent) p.bind(2, std::int64_t{a.parent});
  if (!a.device_path.empty()) p.bind(5, text::storable(a.device_path));
  if (a.blob) p.bind(8, as_bytes(a.blob->sha256()));
  if (a.has_attributes) p.bind(11, std::int64_t{a.mode}).bind(12, std::int64_t{a.uid}).bind(13, std::int64_t{a.gid});
  if (!a.selinux.empty()) p.bind(14, text::storable(a.selinux));
  if (!a.capability_hex.empty()) p.bind(15, a.capability_hex);
  if (!a.link_target.empty()) p.bind(16, text::storable(a.link_target));
  if (!a.claimed_sha256.empty()) p.bind(17, a.claimed_sha256);
  bool done = p.run();
  for (std::int64_t n = 0; const ByteRange& r : a.ranges)
    done = put_extent_->bind(1, std::int64_t{a.id}).bind(2, n++).bind(3, static_cast<std::int64_t>(r.at)).bind(4, static_cast<std::int64_t>(r.length)).run() && done;
  return done;
}

bool StagedTree::add_input(const InputRecord& in) {
  return put_input_->bind(1, std::int64_t{in.artifact}).bind(2, std::int64_t{in.build}).bind(3, text::storable(in.name)).bind(4, text::storable(in.location)).run();
}

bool StagedTree::add_base(const BaseRecord& base) {
  sql::Statement put(db_, "INSERT INTO _base VALUES(?,?,?,?,?)");
  return put.bind(1, std::int64_t{base.build}).bind(2, text::storable(base.name)).bind(3, text::storable(base.location)).bind(4, static_cast<std::int64_t>(base.size)).bind(5, as_bytes(base.digest.sha256())).run();
}

bool StagedTree::add_problem(const ProblemRecord& record) {
  FactId of = last_artifact_;
  if (record.artifact != last_artifact_id_) {
    sql::Statement find(db_, "SELECT fact_id FROM temp.s_artifact WHERE id = ?");
    find.bind(1, std::int64_t{record.artifact});
    if (find.step() && find.blob(0).size() == of.size()) copy_bytes(of, 0, find.blob(0));
  }
  const Problem& p = record.problem;
  const FactId id = problem_fact_id(of, p);
  put_problem_->bind(1, Bytes(id)).bind(2, std::int64_t{record.artifact}).bind(3, static_cast<std::int64_t>(p.error.at)).bind(4, code_name(p.error.code)).bind(5, kSeverities[std::to_underlying(p.severity)]);
  return put_problem_->bind(6, std::string_view(p.error.what)).bind(7, text::storable(p.detail)).bind(8, text::storable(p.advice)).run();
}

std::span<const ArtifactPlace> StagedTree::places(std::uint32_t build) {
  OfBuild& of = of_build_[build];
  if (!of.sorted) std::ranges::sort(of.places);
  of.sorted = true;
  return of.places;
}

std::optional<std::uint32_t> StagedTree::holder(std::uint32_t build, std::optional<std::uint32_t> blob) {
  if (blob) {
    const auto all = places(build);
    const auto at = std::ranges::lower_bound(all, *blob, {}, &ArtifactPlace::blob);
    if (at != all.end() && at->blob == *blob) return at->artifact;
  }
  return of_build_[build].first;
}

bool StagedTree::publish() {
  return sql::execute(db_, "INSERT INTO _scanned_build SELECT number, digest, label FROM temp.s_build ORDER BY number") &&
         sql::execute(db_,
                      "INSERT INTO _artifact SELECT a.id, a.parent, a.build, a.path, a.device_path, a.kind, a.size, b.blob_id, a.state, a.transform, a.mode, a.uid, a.gid, a.selinux, a.capability, "
                      "a.link_target, a.claimed, a.fact_id FROM temp.s_artifact a LEFT JOIN _blob b ON b.sha256 = a.sha ORDER BY a.id") &&
         sql::execute(db_, "INSERT INTO _problem(fact_id, artifact_id, at, code, severity, what, detail, advice) SELECT DISTINCT * FROM temp.s_problem ORDER BY artifact, at, code, what, detail, fact_id");
}

}  // namespace klik
