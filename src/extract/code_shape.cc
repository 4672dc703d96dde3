#include "extract/code_shape.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "formats/android/dex_instructions.h"

namespace klik {
namespace {

constexpr std::size_t kFewestCalls = 15;      // in common; fewer say nothing
constexpr double kLeastScore = 0.5;           // share in common of what either calls
constexpr double kLeastMargin = 0.15;
constexpr unsigned kDeepestPackage = 12;

std::string_view package_of(std::string_view descriptor) {
  const auto cut = descriptor.rfind('/');
  return cut == descriptor.npos || descriptor.empty() ? std::string_view() : descriptor.substr(1, cut - 1);
}

}  // namespace

bool is_platform_class(std::string_view d) {
  for (const std::string_view prefix : {"Landroid/", "Ljava/", "Ljavax/", "Ldalvik/", "Lorg/apache/http/", "Lorg/json/", "Lorg/w3c/", "Lorg/xml/", "Lorg/xmlpull/"})
    if (d.starts_with(prefix)) return !d.starts_with("Landroid/support/") && !d.starts_with("Landroid/arch/");
  return false;
}

std::vector<PackageShape> package_shapes(const dex::DexFile& dex) {
  // Per method of the file: what it counts as, 0 for what is not the platform's.
  std::vector<std::uint32_t> hashes(dex.method_count());
  for (std::uint32_t m = 0; m < dex.method_count(); ++m)
    if (const auto owner = dex.owner_of_method(m); is_platform_class(owner)) hashes[m] = data::shape_hash(owner, dex.name_of_method(m));

  std::map<std::string_view, PackageShape> own;   // by package, without what lies below
  for (std::uint32_t c = 0; c < dex.class_count(); ++c) {
    const dex::ClassDef def = dex.class_def(c);
    const std::string_view package = package_of(dex.type(def.type));
    auto at = own.find(package);
    if (at == own.end()) at = own.emplace(package, PackageShape{std::string(package), {}, 0, c}).first;
    PackageShape& shape = at->second;
    ++shape.classes;
    (void)dex.members(
        def, [](const dex::ClassField&) {},
        [&](const dex::ClassMethod& m) {
          if (m.code_at == 0) return;
          const auto code = dex.code(m.code_at);
          if (!code) return;
          for (const dex::Instruction i : dex::Instructions(code->units)) {
            const std::uint8_t o = i.opcode();
            if (o < dex::op::kInvokeVirtual || o > dex::op::kInvokeInterfaceRange) continue;
            if (const std::uint32_t index = i.index(); index < hashes.size() && hashes[index]) shape.calls.push_back(hashes[index]);
          }
        });
    std::ranges::sort(shape.calls);
    shape.calls.erase(std::ranges::unique(shape.calls).begin(), shape.calls.end());
  }

  std::map<std::string, PackageShape> all;
  for (const auto& [package, shape] : own) {
    std::string_view name = package;
    for (unsigned depth = 0; depth <= kDeepestPackage; ++depth) {
      auto at = all.find(std::string(name));
      if (at == all.end()) at = all.emplace(std::string(name), PackageShape{std::string(name), {}, 0, shape.first_class}).first;
      PackageShape& whole = at->second;
      whole.calls.insert(whole.calls.end(), shape.calls.begin(), shape.calls.end());
      whole.classes += shape.classes;
      if (name.empty()) break;
      const auto cut = name.rfind('/');
      name = cut == name.npos ? std::string_view() : name.substr(0, cut);
    }
  }
  std::vector<PackageShape> out;
  for (auto& [name, shape] : all) {
    std::ranges::sort(shape.calls);
    shape.calls.erase(std::ranges::unique(shape.calls).begin(), shape.calls.end());
    out.push_back(std::move(shape));
  }
  return out;
}

std::vector<ShapeMatch> match_shapes(std::span<const PackageShape> packages, std::span<const data::SdkStructure> structures) {
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> users;   // call → structures
  for (std::size_t s = 0; s < structures.size(); ++s)
    for (const std::uint32_t call : structures[s].calls) users[call].push_back(s);
  const double most = std::log2(1.0 + static_cast<double>(structures.size()) + 1);
  const auto weight = [&](std::uint32_t call) {
    const auto at = users.find(call);
    // A call that no structure makes is as telling as one that a single one makes.
    return at == users.end() ? most : std::log2(1.0 + (static_cast<double>(structures.size()) + 1) / static_cast<double>(at->second.size()));
  };
  std::vector<double> whole(structures.size());
  for (std::size_t s = 0; s < structures.size(); ++s)
    for (const std::uint32_t call : structures[s].calls) whole[s] += weight(call);

  std::vector<ShapeMatch> best(structures.size(), ShapeMatch{nullptr, nullptr, 0, 0, 0});
  std::vector<double> common(structures.size());
  std::vector<std::uint32_t> matched(structures.size());
  for (const PackageShape& package : packages) {
    if (package.calls.size() < kFewestCalls) continue;
    std::ranges::fill(common, 0.0);
    std::ranges::fill(matched, 0u);
    double own = 0;
    for (const std::uint32_t call : package.calls) {
      const double w = weight(call);
      own += w;
      if (const auto at = users.find(call); at != users.end())
        for (const std::size_t s : at->second) {
          common[s] += w;
          ++matched[s];
        }
    }
    double first = 0, second = 0;
    std::size_t winner = 0;
    for (std::size_t s = 0; s < structures.size(); ++s) {
      const double score = common[s] / (own + whole[s] - common[s]);
      // Two versions of one SDK do not compete.
      if (score > first) {
        if (first > 0 && structures[winner].sdk != structures[s].sdk) second = first;
        first = score;
        winner = s;
      } else if (score > second && structures[winner].sdk != structures[s].sdk) {
        second = score;
      }
    }
    if (first < kLeastScore || first - second < kLeastMargin || matched[winner] < kFewestCalls) continue;
    // Of a package and the only one in it, which call the same, the inner one.
    if (first >= best[winner].score) best[winner] = {&structures[winner], &package, matched[winner], first, first - second};
  }
  std::erase_if(best, [](const ShapeMatch& m) { return m.package == nullptr; });
  return best;
}

}  // namespace klik
