// Compares the native code of two case files and prints what was found, with the time it took:
//   native_compare_bench OLD.case NEW.case
// links: klik_compare klik_extract klik_ledger
#include <chrono>
#include <cstdio>
#include <string>
#include <variant>

#include "compare/comparer.h"
#include "extract/extractor.h"
#include "ledger/case_reader.h"

namespace klik::compare {
extern const Comparer comparer_native;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<const klik::FactKind*> kinds;
  std::vector<const klik::View*> views;
  for (const klik::Extractor* e : klik::extractors()) {
    kinds.insert(kinds.end(), e->emits.begin(), e->emits.end());
    views.insert(views.end(), e->views.begin(), e->views.end());
  }
  for (const klik::ImageExtractor* e : klik::image_extractors()) {
    kinds.insert(kinds.end(), e->emits.begin(), e->emits.end());
    views.insert(views.end(), e->views.begin(), e->views.end());
  }
  const klik::Declarations declarations = klik::declarations(kinds, views);
  klik::CaseReader before(argv[1], declarations), after(argv[2], declarations);
  if (!before.valid() || !after.valid()) {
    std::fprintf(stderr, "%s%s\n", before.error().c_str(), after.error().c_str());
    return 2;
  }
  klik::Pool pool;
  const auto start = std::chrono::steady_clock::now();
  klik::compare::comparer_native.run({{before, 1}, {after, 1}, pool}, [](std::size_t table, std::vector<klik::Value> values) {
    std::printf("%s", table == 0 ? "match" : "change");
    for (const klik::Value& v : values) {
      if (const auto* n = std::get_if<std::int64_t>(&v)) std::printf("\t%lld", static_cast<long long>(*n));
      else if (const auto* t = std::get_if<std::string>(&v)) std::printf("\t%s", t->c_str());
      else std::printf("\t-");
    }
    std::printf("\n");
  });
  std::fprintf(stderr, "%.0f ms\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * 1e3);
  return 0;
}
