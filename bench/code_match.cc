// Shows what the matching of code finds, for bench/code_match.py and for eyes:
//   code_match OLD.dex … -- NEW.dex …    pairs of classes and methods, one a line, and the work's time on stderr
//   code_match OLD.case NEW.case         the rows of the code comparer
// links: klik_cli
#include <chrono>
#include <cstdio>
#include <deque>
#include <string>

#include "cli/case_access.h"
#include "compare/comparer.h"
#include "flow/code_changes.h"
#include "flow/dex_scan.h"
#include "io/source.h"
#include "ledger/case_reader.h"

namespace {

using namespace klik;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Side {
  std::deque<Blob> blobs;
  std::deque<dex::DexFile> files;
  std::deque<flow::DexScan> scans;

  bool add(const char* path) {
    const auto source = file_source(path);
    auto bytes = source ? (*source)->load() : Result<Blob>(fail(source.error()));
    if (!bytes) return false;
    blobs.push_back(std::move(*bytes));
    auto all = dex::DexFile::open_all(blobs.back().bytes());
    if (!all) return false;
    for (dex::DexFile& f : *all) {
      files.push_back(std::move(f));
      scans.push_back(flow::scan(files.back(), {}));
    }
    return true;
  }
};

int match_dex(int argc, char** argv) {
  Side before, after;
  bool second = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--") second = true;
    else if (!(second ? after : before).add(argv[i])) return std::fprintf(stderr, "cannot read %s\n", argv[i]), 2;
  }
  const double start = seconds();
  flow::SharedTexts texts;
  flow::BuiltCode b(texts), a(texts);
  for (const auto& s : before.scans) b.add(s.graph, s.prints);
  for (const auto& s : after.scans) a.add(s.graph, s.prints);
  b.link();
  a.link();
  const double linked = seconds();
  const flow::Matching m = flow::match(b, a);
  const double matched = seconds();
  const flow::CodeChanges changes = flow::changes_of(b, a, m, 100'000);
  std::fprintf(stderr, "methods %zu %zu, link %.3f s, match %.3f s, changes %.3f s\n", b.methods().size(), a.methods().size(), linked - start, matched - linked, seconds() - matched);
  const auto text = [](std::string_view s) { return std::string(s); };
  for (flow::Id c = 0; c < b.classes().size(); ++c) {
    const flow::Id n = m.class_after[c];
    std::printf("class\t%s\t%s\t%s\n", text(b.class_name(c)).c_str(), n == flow::kNoId ? "" : text(a.class_name(n)).c_str(), text(spelled(m.class_how[c])).c_str());
  }
  const auto name = [&](const flow::BuiltCode& code, flow::Id i) { return text(code.class_name(code.methods()[i].owner)) + "->" + text(code.method_name(i)) + text(code.method_proto(i)); };
  for (flow::Id i = 0; i < b.methods().size(); ++i) {
    const flow::Id n = m.method_after[i];
    std::printf("method\t%s\t%s\t%s\n", name(b, i).c_str(), n == flow::kNoId ? "" : name(a, n).c_str(), text(spelled(m.method_how[i])).c_str());
  }
  for (const auto& c : changes.rows)
    std::printf("change\t%s\t%d\t%s\t%s\t%s\n", text(c.what).c_str(), c.only_here, c.class_before == flow::kNoId ? "" : text(b.class_name(c.class_before)).c_str(), c.class_after == flow::kNoId ? "" : text(a.class_name(c.class_after)).c_str(),
                c.feature == flow::kNoId ? c.value.c_str() : text(texts.text(c.feature)).c_str());
  return 0;
}

std::string shown(const Value& v) {
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* n = std::get_if<std::int64_t>(&v)) return std::to_string(*n);
  return "-";
}

int compare_cases(char** argv) {
  const Declarations all = cli::all_declarations();
  CaseReader before(argv[1], all), after(argv[2], all);
  if (!before.valid() || !after.valid()) return std::fprintf(stderr, "%s%s\n", before.error().c_str(), after.error().c_str()), 2;
  Pool pool;
  const double start = seconds();
  for (const compare::Comparer* c : compare::comparers()) {
    if (c->name != "code") continue;
    c->run({{before, 1}, {after, 1}, pool}, [&](std::size_t table, std::vector<Value> values) {
      std::printf("%s", std::string(c->tables[table].name).c_str());
      for (const Value& v : values) std::printf("\t%s", shown(v).c_str());
      std::puts("");
    });
  }
  std::fprintf(stderr, "%.3f s\n", seconds() - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]).ends_with(".case")) return compare_cases(argv);
  if (argc < 4) return std::puts("code_match OLD.dex … -- NEW.dex …\ncode_match OLD.case NEW.case"), 2;
  return match_dex(argc, argv);
}
