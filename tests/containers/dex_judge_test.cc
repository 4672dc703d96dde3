// Debian's dexdump as judge: the same classes, members and instructions, on made and on real files.
#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

#include "formats/android/dex_walk.h"
#include "support/damage.h"
#include "support/dex_writer.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using namespace dex;

template <class... Args>
std::string format(const char* pattern, Args... args) {
  char out[512];
  const int n = std::snprintf(out, sizeof out, pattern, args...);
  return {out, static_cast<std::size_t>(std::clamp(n, 0, 511))};
}

// The beginning of what dexdump prints behind the opcode: registers, literals and targets, as far as they come before names.
std::string operands(const Instruction& i) {
  const std::uint32_t a = i.a(), b = i.b(), c = i.c();
  const auto literal = static_cast<int>(i.literal());
  const auto target = static_cast<unsigned>(i.target());
  switch (i.info().format) {
    case Format::k12x: case Format::k22x: case Format::k32x: return format("v%u, v%u", a, b);
    case Format::k11x: return format("v%u", a);
    case Format::k11n: case Format::k21s: return format("v%u, #int %d", a, literal);
    case Format::k10t: case Format::k20t: return format("%04x", target & 0xFFFF);
    case Format::k21t: return format("v%u, %04x", a, target & 0xFFFF);
    case Format::k22t: return format("v%u, v%u, %04x", a, b, target & 0xFFFF);
    case Format::k22b: case Format::k22s: return format("v%u, v%u, #int %d", a, b, literal);
    case Format::k23x: return format("v%u, v%u, v%u", a, b, c);
    case Format::k22c: return format("v%u, v%u, ", a, b);
    case Format::k31t: return format("v%u, %08x", a, target);
    case Format::k21c: case Format::k31c: case Format::k21h: case Format::k31i: case Format::k51l: return format("v%u, ", a);
    case Format::k35c: case Format::k45cc: case Format::k3rc: case Format::k4rcc: {
      std::string out = "{";
      for (std::uint32_t n = 0; n < i.argument_count(); ++n) out += format("%sv%u", n ? ", " : "", i.argument(n));
      return out + "}";
    }
    default: return {};
  }
}

std::string_view index_word(IndexKind kind) {
  switch (kind) {
    case IndexKind::string: return "string@";
    case IndexKind::type: return "type@";
    case IndexKind::field: return "field@";
    case IndexKind::method: return "method@";
    default: return {};
  }
}

std::string trimmed(std::string s) {
  const auto from = s.find_first_not_of(' ');
  return from == s.npos ? "" : s.substr(from);
}

// Lines that say what we say too. Strings in code may hold line ends, so the spaces count.
constexpr std::string_view kHeads[] = {"Class descriptor  : '", "Superclass        : '", "name          : '", "type          : '", "registers     : ", "insns size    : "};

// Walks dexdump's text and the file side by side. Each line of ours must be found, in order, with nothing left over.
void judge(const std::vector<std::uint8_t>& bytes, const std::string& about) {
  const test::ScratchFolder folder;
  const std::string path = (folder.path() / "a.dex").string();
  std::ofstream(path, std::ios::binary).write(Bytes(std::span<const std::uint8_t>(bytes)).text().data(), static_cast<std::streamsize>(bytes.size()));
  const test::Ran ran = test::run("dexdump -d " + path + " 2>&1");
  ASSERT_EQ(ran.status, 0) << about << ran.output.substr(0, 500);
  const auto opened = DexFile::open(Bytes(std::span<const std::uint8_t>(bytes)));
  ASSERT_TRUE(opened) << about << opened.error().what;
  const DexFile& dex = *opened;
  EXPECT_TRUE(dex.checksum_ok());

  // The judge's lines that we also make.
  std::vector<std::string> theirs;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) {
    const std::string text = trimmed(line);
    if (std::ranges::any_of(kHeads, [&](std::string_view head) { return text.starts_with(head); })) {
      theirs.push_back(text.substr(text.find(": ") + 2));
    } else if (const auto bar = text.find('|'); bar != text.npos && text.size() > bar + 6 && text[bar + 5] == ':') {
      theirs.push_back(text.substr(0, text.find(':')) + " " + text.substr(bar + 1));
    }
  }
  std::size_t next = 0, instructions = 0, failures = 0;
  const auto expect = [&](const std::string& ours, bool whole = true, std::string_view also = {}) {
    if (failures > 5) return;
    const std::string there = next < theirs.size() ? theirs[next] : "(end)";
    ++next;
    if ((whole ? there == ours : there.starts_with(ours)) && there.contains(also)) return;
    ++failures;
    ADD_FAILURE() << about << "\n  ours   " << ours << " … " << also << "\n  theirs " << there;
  };
  for (std::uint32_t c = 0; c < dex.class_count(); ++c) {
    const ClassDef def = dex.class_def(c);
    expect("'" + std::string(dex.type(def.type)) + "'");
    if (def.superclass != kNoIndex) expect("'" + std::string(dex.type(def.superclass)) + "'");
    const auto read = dex.members(
        def,
        [&](const ClassField& f) {
          expect("'" + std::string(dex.name_of_field(f.field)) + "'");
          expect("'" + std::string(dex.type(dex.field(f.field).type)) + "'");
        },
        [&](const ClassMethod& m) {
          const Proto proto = dex.proto(dex.method(m.method).proto);
          std::string signature = "(";
          for (const U16le p : proto.parameters) signature += dex.type(p);
          expect("'" + std::string(dex.name_of_method(m.method)) + "'");
          expect("'" + signature + ")" + std::string(dex.type(proto.return_type)) + "'");
          if (m.code_at == 0) return;
          const auto code = dex.code(m.code_at);
          ASSERT_TRUE(code);
          expect(std::to_string(code->registers));
          expect(format("%zu 16-bit code units", code->units.size()));
          for (const Instruction i : Instructions(code->units)) {
            ++instructions;
            const std::string place = format("%06zx %04x: ", static_cast<std::size_t>(code->units_at) + 2 * i.at(), i.at());
            if (i.is_payload()) {
              expect(place, false, "data (" + std::to_string(i.length()) + " units)");
              continue;
            }
            // A text with a line end in it pushes the index to a later line.
            const bool broken_line = i.info().index == IndexKind::string && dex.string(i.index()).contains('\n');
            const std::string_view word = broken_line ? std::string_view() : index_word(i.info().index);
            expect(place + std::string(i.info().name) + (operands(i).empty() ? "" : " ") + operands(i), false,
                   word.empty() ? std::string() : std::string(word) + format(i.opcode() == op::kConstStringJumbo ? "%08x" : "%04x", i.index()));
          }
          EXPECT_EQ(Instructions(code->units).whole_until(), code->units.size());
        });
    EXPECT_TRUE(read);
  }
  EXPECT_EQ(next, theirs.size()) << about;
  if (dex.method_count() > 100) { EXPECT_GT(instructions, 100u); }
}

bool has_judge() { return test::run("command -v dexdump").status == 0; }

TEST(DexJudge, MadeFilesAreGoodDex) {
  if (!has_judge()) GTEST_SKIP() << "dexdump is not installed";
  test::DexWriter w;
  test::DexWriter::Code code{.registers = 6, .ins = 1, .outs = 2};
  code.units = [](const test::DexWriter& d) {
    const auto text = static_cast<std::uint16_t>(d.string_index("text"));
    const auto call = static_cast<std::uint16_t>(d.method_index({"La/A;", "to", "I", {"La/A;", "J"}}));
    return std::vector<std::uint16_t>{0x001a, text, 0x011b, text, 0x0000, 0xF112, 0x0213, 0x8000, 0x3071, call, 0x0105, 0x0338, 0x0004, 0x0228, 0x0000, 0x032b, 0x0009, 0x0000, 0x000e, 0x0014, 0x0001, 0x0002,
                                      0x0000, 0x0000, 0x0100, 0x0001, 0x0000, 0x0000, 0x0003, 0x0000};
  };
  w.classes = {{.type = "La/A;", .source_file = "A.java", .fields = {{.name = "f", .type = "[J", .flags = 8, .text = {}}, {.name = "g", .type = "Ljava/lang/String;", .flags = 8, .text = "text"}},
                .methods = {{.name = "to", .return_type = "I", .parameters = {"La/A;", "J"}, .flags = 0x109}, {.name = "run", .code = code}},
                .annotation = "La/Note;", .annotation_texts = {"x"}},
               {.type = "La/Note;", .flags = 0x2601}};
  w.strings = {"text"};
  judge(w.write(), "made");
}

// All DEX of an APK, up to `most` bytes each.
void judge_apk(const std::string& path, std::uint64_t most) {
  const auto opened = test::open("zip", *file_source(path.c_str()), "a.apk");
  ASSERT_TRUE(opened.contents) << path;
  unsigned judged = 0;
  for (const Child& c : opened.contents->children) {
    if (!c.name.starts_with("classes") || !c.name.ends_with(".dex") || !c.source || c.size > most) continue;
    const auto blob = c.source->load();
    ASSERT_TRUE(blob);
    judge({blob->bytes().begin(), blob->bytes().end()}, path + " " + c.name);
    ++judged;
  }
  EXPECT_GT(judged, 0u) << path;
}

TEST(DexJudge, RealFilesReadAsDexdumpReadsThem) {
  KLIK_NEEDS_EVIDENCE();
  if (!has_judge()) GTEST_SKIP() << "dexdump is not installed";
  judge_apk(test::evidence() + "/apps/odex-pairs/deodexed/RomUpdate/RomUpdate.apk", ~std::uint64_t{0});
  judge_apk(test::evidence() + "/apps/vendor/realme-rmx3430-StdID.apk", std::uint64_t{16} << 20);
  judge_apk(test::evidence() + "/apps/vendor/google-pixel6a-Showcase.apk", std::uint64_t{16} << 20);
}

}  // namespace
}  // namespace klik
