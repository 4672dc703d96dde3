#include "ledger/staged_artifacts.h"

namespace klik {
namespace {

constexpr const char* kSelect =
    "SELECT id, path, coalesce(device_path, ''), kind, state, size, sha, mode, uid, gid, selinux, capability, link_target FROM temp.s_artifact WHERE build = ?1";

std::optional<BlobId> blob_id(const sql::Statement& row, int column) {
  const Bytes bytes = row.blob(column);
  Sha256Digest digest{};
  if (row.is_null(column) || bytes.size() != digest.size()) return std::nullopt;
  copy_bytes(digest, 0, bytes);
  return BlobId(digest);
}

ArtifactRow artifact_row(const sql::Statement& row) {
  const auto number = [&](int column) { return row.is_null(column) ? std::nullopt : std::optional(static_cast<std::uint32_t>(row.integer(column))); };
  return {row.text(1), row.text(2), row.text(3), row.text(4), static_cast<std::uint64_t>(row.integer(5)), blob_id(row, 6),
          number(7),   number(8),   number(9),   row.text(10), row.text(11),                               row.text(12)};
}

}  // namespace

StagedArtifacts::StagedArtifacts(sqlite3* db, std::uint32_t build, std::size_t most_held) : db_(db), build_(build) {
  sql::Statement count(db_, "SELECT count(*) FROM temp.s_artifact WHERE build = ?");
  count.bind(1, std::int64_t{build_});
  held_ = count.step() && count.integer(0) <= static_cast<std::int64_t>(most_held);
  if (held_) stream([this](std::uint32_t number, const ArtifactRow& a) { hold(number, a); });
}

// Kinds, states and labels are few; paths are all different.
std::string_view StagedArtifacts::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() <= 40) return *repeated_.emplace(text).first;
  return texts_.emplace_back(text);
}

void StagedArtifacts::hold(std::uint32_t number, const ArtifactRow& a) {
  ArtifactRow own = a;
  for (std::string_view* text : {&own.path, &own.device_path, &own.kind, &own.state, &own.selinux, &own.capability_hex, &own.link_target}) *text = keep(*text);
  places_.emplace(number, static_cast<std::uint32_t>(rows_.size()));
  rows_.push_back(own);
}

void StagedArtifacts::stream(const std::function<void(std::uint32_t, const ArtifactRow&)>& use) const {
  sql::Statement rows(db_, std::string(kSelect) + " ORDER BY id");
  rows.bind(1, std::int64_t{build_});
  while (rows.step()) use(static_cast<std::uint32_t>(rows.integer(0)), artifact_row(rows));
}

void StagedArtifacts::each(const std::function<void(const ArtifactRow&)>& use) const {
  if (!held_) return stream([&](std::uint32_t, const ArtifactRow& a) { use(a); });
  for (const ArtifactRow& a : rows_) use(a);
}

StagedArtifacts::Finder::Finder(const StagedArtifacts& all) : all_(all) {
  if (!all.held_) one_ = std::make_unique<sql::Statement>(all.db_, std::string(kSelect) + " AND id = ?2");
}

const ArtifactRow* StagedArtifacts::Finder::find(std::uint32_t number) {
  if (all_.held_) {
    const auto at = all_.places_.find(number);
    return at == all_.places_.end() ? nullptr : &all_.rows_[at->second];
  }
  one_->reset();
  if (!one_->bind(1, std::int64_t{all_.build_}).bind(2, std::int64_t{number}).step()) return nullptr;
  found_ = artifact_row(*one_);
  return &found_;
}

}  // namespace klik
