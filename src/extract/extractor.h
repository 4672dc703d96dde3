// What turns bytes, or the rows of a whole build, into facts.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/budget.h"
#include "cache/store.h"
#include "extract/name_lists.h"
#include "extract/network_tables.h"
#include "facts/build_rows.h"
#include "facts/fact.h"
#include "facts/view.h"
#include "io/pool.h"
#include "io/source.h"

namespace klik {

// One file of the phone, as an extractor sees it. The same bytes in the same role give the same facts.
struct FileItem {
  BlobId blob;
  SourceRef source;
  std::string_view kind;       // of the artifact: "apk", "elf", "file", …
  std::string_view name;       // the last part of its path
  const Budget& budget;
  // Another file in the same folder, or null. Only for extractors that set uses_siblings.
  std::function<SourceRef(std::string_view)> sibling{};
};

// Local: a pure function of (bytes, role). Runs during the walk, on many threads.
struct Extractor {
  std::string_view name;                       // with the version that keeps old facts comparable: "manifest@2"
  std::string_view title;                      // one sentence for `klikspaan list facts`
  std::span<const FactKind* const> emits;      // the fact kinds it owns
  // Decides by kind and name alone, so that the decision is the file's role. Must be cheap.
  bool (*wants)(std::string_view kind, std::string_view name);
  void (*run)(const FileItem& item, FactSink& sink);
  bool uses_siblings = false;
  std::span<const View* const> views{};        // the public views over its kinds
};

struct OwnerIdentifiers;   // extract/leaks.h

// What an image extractor may use: the rows of one build, and threads. What it finds must not depend on their number.
struct Image {
  const BuildRows& rows;
  Pool& pool;
  const Budget& budget;
  std::span<const data::NameList> lists{};   // that the user handed in; part of what the result is a function of
  // The bytes of an artifact, by its path and digest in the rows, for what must be recomputed over whole images. Null when
  // they cannot be had any more; the function itself may be empty.
  std::function<SourceRef(std::string_view path, const BlobId& blob)> open{};
  // Results of earlier runs, by a digest over everything that they follow from; null when none are kept.
  cache::Store* kept = nullptr;
  std::span<const NetworkFile> networks{};   // tables of addresses on this machine; those that were asked are facts of the result
  // That the owner gave, to be looked for in captures; null when none were given.
  const OwnerIdentifiers* owner = nullptr;
};

// Image: a pure function of the rows of one build. Runs after the walk, in the order of registration,
// so that later ones see the facts of earlier ones.
struct ImageExtractor {
  std::string_view name, title;
  std::span<const FactKind* const> emits;
  void (*run)(const Image& image, FactSink& sink);
  std::span<const View* const> views{};
};

std::span<const Extractor* const> extractors();
std::span<const ImageExtractor* const> image_extractors();

}  // namespace klik
