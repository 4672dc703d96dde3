#include <sys/stat.h>

#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

std::string padded(std::string text) {
  text.resize((text.size() + 511) / 512 * 512);
  return text;
}

void put_text(std::string& header, std::size_t at, std::string_view text) { header.replace(at, text.size(), text); }

std::string octal(std::uint64_t value, int digits) {
  std::string out(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = out.size(); i-- > 0; value /= 8) out[i] = static_cast<char>('0' + value % 8);
  return out;
}

void sum(std::string& header) {
  put_text(header, 148, "        ");
  std::uint64_t total = 0;
  for (const char c : header) total += static_cast<unsigned char>(c);
  put_text(header, 148, octal(total, 6) + std::string("\0 ", 2));
}

struct Member {
  std::string name, data;
  char type = '0';
  std::string link{}, prefix{};
  std::string size{};                    // the raw field; "" states the data's length
  std::string_view magic = {"ustar\00000", 8};
};

std::string member(const Member& m) {
  std::string h(512, '\0');
  put_text(h, 0, m.name);
  put_text(h, 100, octal(0644, 7));
  put_text(h, 108, octal(1000, 7));
  put_text(h, 116, octal(2000, 7));
  put_text(h, 124, m.size.empty() ? octal(m.data.size(), 11) : m.size);
  h[156] = m.type;
  put_text(h, 157, m.link);
  put_text(h, 257, m.magic);
  put_text(h, 345, m.prefix);
  sum(h);
  return h + padded(m.data);
}

std::string record(const std::string& pair) {
  for (std::size_t n = pair.size() + 3;; ++n)
    if (const std::string r = std::to_string(n) + " " + pair + "\n"; r.size() == n) return r;
}

const std::string kEnd(1024, '\0');

test::Opened open(const std::string& text, std::string_view name = "x.tar") {
  return test::open("tar", std::vector<std::uint8_t>(text.begin(), text.end()), name);
}

std::string names(const test::Opened& o) {
  std::string out;
  if (!o.contents) return "(error)";
  for (const Child& c : o.contents->children) out += c.name + "\n";
  return out;
}

std::string told(const test::Opened& o) {
  std::string out;
  for (const Note& n : o.notes) out += std::string(severity_name(n.severity)) + " " + n.error.what + (n.detail.empty() ? "" : " [" + n.detail + "]") + "\n";
  return out;
}

std::string content(const Child& c) {
  if (!c.source) return "(none)";
  const auto blob = c.source->load();
  return blob ? std::string(blob->bytes().text()) : "(error)";
}

TEST(Tar, ReadsMembersWithTheirPlaceAndAttributes) {
  const auto o = open(member({.name = "./a/b", .data = "hello"}) + member({.name = "a/", .data = "", .type = '5'}) + member({.name = "l", .data = "", .type = '2', .link = "a/b"}) + member({.name = "null", .data = "", .type = '3'}) + kEnd);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(names(o), "a/b\na\nl\nnull\n");
  const auto& c = o.contents->children;
  EXPECT_EQ(content(c[0]), "hello");
  EXPECT_EQ(c[0].extents, (std::vector<Extent>{{512, 5}}));
  EXPECT_EQ(c[0].attributes->mode, unsigned{S_IFREG | 0644});
  EXPECT_EQ(c[0].attributes->uid, 1000u);
  EXPECT_EQ(c[0].attributes->gid, 2000u);
  EXPECT_EQ(c[1].type, ChildType::folder);
  EXPECT_EQ(c[2].type, ChildType::symlink);
  EXPECT_EQ(c[2].attributes->link_target, "a/b");
  EXPECT_EQ(c[3].type, ChildType::special);
  EXPECT_EQ(told(o), "");
}

TEST(Tar, HardLinksShareTheEarlierMembersBytes) {
  const auto o = open(member({.name = "a", .data = "same"}) + member({.name = "b", .data = "", .type = '1', .link = "a"}) + member({.name = "c", .data = "", .type = '1', .link = "nowhere"}) + kEnd);
  ASSERT_TRUE(o.contents);
  const auto& c = o.contents->children;
  EXPECT_EQ(content(c[1]), "same");
  EXPECT_EQ(c[1].extents, c[0].extents);
  EXPECT_EQ(c[2].state, State::listed);
  EXPECT_EQ(told(o), "error a hard link to a member that does not come before it [c]\n");
}

TEST(Tar, PaxRecordsReplaceWhatTheHeaderSays) {
  const std::string label = "u:object_r:system_file:s0";
  const std::string capability("\1\0\0\2\0\4\0\0\0\0\0\0", 12);
  const std::string pax = record("path=long/" + std::string(200, 'p')) + record("SCHILY.xattr.security.selinux=" + label + std::string(1, '\0')) + record("SCHILY.xattr.security.capability=" + capability) + record("uid=3000000") + record("size=3");
  const auto o = open(member({.name = "pax", .data = pax, .type = 'x'}) + member({.name = "short", .data = "abc", .size = octal(0, 11)}) + member({.name = "next", .data = "n"}) + kEnd);
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 2u);
  const Child& c = o.contents->children[0];
  EXPECT_EQ(c.name, "long/" + std::string(200, 'p'));
  EXPECT_EQ(c.attributes->selinux, label);
  EXPECT_EQ(Bytes(c.attributes->capability).text(), capability);
  EXPECT_EQ(c.attributes->uid, 3000000u);
  EXPECT_EQ(content(c), "abc");
  EXPECT_EQ(o.contents->children[1].name, "next");
}

TEST(Tar, GnuLongNamesAndUstarPrefixesAreJoined) {
  const std::string longer(150, 'n');
  const auto o = open(member({.name = "././@LongLink", .data = longer + '\0', .type = 'L'}) + member({.name = "cut", .data = "1"}) + member({.name = "name", .data = "2", .prefix = "dir/sub"}) +
                      member({.name = "gnu", .data = "3", .prefix = "no prefix", .magic = {"ustar  \0", 8}}) + kEnd);
  EXPECT_EQ(names(o), longer + "\ndir/sub/name\ngnu\n");
}

TEST(Tar, SizesInBase256AreRead) {
  const std::string five("\x80\0\0\0\0\0\0\0\0\0\0\5", 12), huge("\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 12), negative("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);
  const auto good = open(member({.name = "a", .data = "hello", .size = five}) + kEnd);
  ASSERT_TRUE(good.contents);
  EXPECT_EQ(content(good.contents->children.at(0)), "hello");
  const auto past = open(member({.name = "a", .data = "hello", .size = huge}) + kEnd);
  ASSERT_TRUE(past.contents);
  EXPECT_EQ(past.contents->children.at(0).state, State::damaged);
  EXPECT_EQ(told(past), "data_loss the member reaches past the end of the file [a]\n");
  EXPECT_FALSE(open(member({.name = "a", .data = "hello", .size = negative}) + kEnd).contents);
}

TEST(Tar, AWrongChecksumEndsTheListWithANote) {
  std::string bad = member({.name = "b", .data = "2"});
  bad[0] = 'c';
  EXPECT_EQ(test::describe(open(bad + kEnd)), "error at 148: bad_checksum: the header's checksum does not match\n");
  const auto o = open(member({.name = "a", .data = "1"}) + bad + kEnd);
  EXPECT_EQ(names(o), "a\n");
  EXPECT_EQ(told(o), "data_loss the header's checksum does not match\n");
}

TEST(Tar, SparseMembersAreListedAndPassedOver) {
  Member sparse{.name = "holes", .data = "data", .type = 'S', .magic = {"ustar  \0", 8}};
  std::string h = member(sparse);
  h[482] = 1;   // one more block of map
  std::string header = h.substr(0, 512);
  sum(header);
  const auto o = open(header + std::string(512, '\0') + h.substr(512) + member({.name = "next", .data = "n"}) + kEnd);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(names(o), "holes\nnext\n");
  EXPECT_EQ(o.contents->children[0].state, State::unsupported);
  EXPECT_EQ(content(o.contents->children[1]), "n");
}

TEST(Tar, BrokenPaxRecordsAreToldAndTheMemberIsStillRead) {
  for (const std::string pax : {"999 path=x\n", "0 path=x\n", "path=x\n", "12 pathx=\n\n", "-5 a=b\n", "18446744073709551615 a=b\n", "6 a=bc\n"}) {
    const auto o = open(member({.name = "pax", .data = pax, .type = 'x'}) + member({.name = "a", .data = "1"}) + kEnd);
    EXPECT_EQ(names(o), "a\n") << pax;
    EXPECT_EQ(told(o), "error a pax record is broken; those behind it are ignored\n") << pax;
  }
}

TEST(Tar, NamesThatLeadOutsideAndDoubleNamesAreTold) {
  const auto o = open(member({.name = "../up", .data = "1"}) + member({.name = "/abs", .data = "1"}) + member({.name = "a", .data = "1"}) + member({.name = "a", .data = "2"}) + kEnd);
  EXPECT_EQ(names(o), "../up\n/abs\na\na\n");
  EXPECT_EQ(told(o), "error a name with '..' as a part [../up]\nerror a name that starts with '/' [/abs]\ninfo a name occurs again: programs that extract keep the last one [a]\n");
}

TEST(Tar, OldArchivesAreRecognisedByTheirChecksum) {
  const auto name_of = [](const std::string& text) {
    const Container* c = detect(*memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "x");
    return c ? std::string(c->name) : "";
  };
  EXPECT_EQ(name_of(member({.name = "v7", .data = "1", .magic = ""}) + kEnd), "tar");
  EXPECT_EQ(name_of(member({.name = "new", .data = "1"}) + kEnd), "tar");
  EXPECT_EQ(name_of(std::string(2048, '\0')), "");
  EXPECT_EQ(name_of(std::string(2048, '0')), "");
}

TEST(Tar, SamsungsLastLineIsChecked) {
  const std::string tar = member({.name = "boot.img.lz4", .data = "x"}) + kEnd;
  const std::string md5 = hex(Bytes(hash(HashAlgorithm::md5, Bytes::of(tar))));
  const auto good = open(tar + md5 + "  AP_X.tar\n", "AP_X.tar.md5");
  ASSERT_TRUE(good.contents);
  EXPECT_EQ(good.contents->kind, "tar_md5");
  EXPECT_EQ(names(good), "boot.img.lz4\n");
  EXPECT_EQ(told(good), "");
  const auto bad = open(tar + std::string(32, 'a') + "  AP_X.tar\n", "AP_X.tar.md5");
  EXPECT_EQ(told(bad), "error the MD5 in the last line is not that of what comes before it [" + std::string(32, 'a') + "]\n");
  const auto other = open(tar + "something else entirely, long enough\n");
  ASSERT_TRUE(other.contents);
  EXPECT_EQ(other.contents->kind, "");
  EXPECT_EQ(told(other), "info bytes behind the end of the archive\n");
}

TEST(Tar, ABudgetOfMembersCutsTheList) {
  Budget budget;
  budget.children = 1;
  const std::string text = member({.name = "a", .data = "1"}) + member({.name = "b", .data = "1"}) + kEnd;
  const auto o = test::open("tar", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "", {}, budget);
  EXPECT_EQ(names(o), "a\n");
  EXPECT_EQ(o.notes.at(0).error.code, Code::over_budget);
}

std::vector<std::uint8_t> mixed() {
  const std::string text = member({.name = "pax", .data = record("path=p"), .type = 'x'}) + member({.name = "a", .data = "hello"}) + member({.name = "L", .data = "longname", .type = 'L'}) +
                           member({.name = "b", .data = "", .type = '1', .link = "p"}) + member({.name = "s", .data = "", .type = 'S'}) + kEnd;
  return {text.begin(), text.end()};
}

TEST(Tar, EveryPrefixIsSafe) { test::every_prefix("tar", mixed(), 7); }

TEST(Tar, EveryChangedByteIsSafe) {
  const auto good = mixed();
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const int x : {0x00, 0x80, 0xff, 0x37}) {
      auto bad = good;
      bad[i] = static_cast<std::uint8_t>(x);
      // Checksums are put right again, so that the change is seen.
      std::string header(Bytes(bad).text().substr(i / 512 * 512, 512));
      if (good[i / 512 * 512 + 257] == 'u') {
        sum(header);
        std::ranges::copy(header, bad.begin() + static_cast<std::ptrdiff_t>(i / 512 * 512));
      }
      const auto o = test::open("tar", bad);
      test::check_promises(o, bad.size());
    }
}

TEST(Tar, ReadsWhatTarWritesInEveryFormat) {
  const test::ScratchFolder folder;
  const std::string cd = "cd " + folder.path().string() + " && ";
  const std::string deep(90, 'd');
  ASSERT_EQ(test::run(cd + "mkdir -p t/" + deep + "/" + deep + " && echo one > t/one && ln t/one t/two && ln -s one t/sym && mkfifo t/pipe && head -c 5000 /dev/urandom > t/" + deep + "/" + deep + "/file && ln -s " + deep + "/" + deep + "/" + deep + " t/longlink").status, 0);
  for (const char* format : {"v7", "ustar", "oldgnu", "gnu", "pax"}) {
    const std::string tar = std::string(format) + ".tar";
    (void)test::run(cd + "tar --format=" + format + " -cf " + tar + " t 2>/dev/null");   // v7 leaves out what it cannot hold
    const auto o = test::open("tar", test::read_file(folder.path() / tar));
    ASSERT_TRUE(o.contents) << format;
    std::string listed;
    for (const Child& c : o.contents->children) listed += c.name + (c.type == ChildType::folder ? "/" : "") + "\n";
    EXPECT_EQ(listed, test::run(cd + "tar tf " + tar).output) << format;
    for (const Child& c : o.contents->children) {
      if (c.type == ChildType::file) {
        EXPECT_EQ(content(c), Bytes(test::read_file(folder.path() / c.name)).text()) << format << " " << c.name;
      }
    }
  }
}

TEST(Tar, SparseFilesOfRealTarAreUnsupportedAndTheRestIsRead) {
  const test::ScratchFolder folder;
  const std::string cd = "cd " + folder.path().string() + " && ";
  ASSERT_EQ(test::run(cd + "truncate -s 10M holes && for i in 0 1 2 3 4 5 6 7 8 9; do echo x | dd of=holes bs=1M seek=$i conv=notrunc 2>/dev/null; done && echo n > next").status, 0);
  for (const char* format : {"gnu", "pax --sparse-version=1.0", "pax --sparse-version=0.1"}) {
    ASSERT_EQ(test::run(cd + "tar -S --format=" + format + " -cf x.tar holes next").status, 0);
    const auto o = test::open("tar", test::read_file(folder.path() / "x.tar"));
    ASSERT_TRUE(o.contents) << format;
    EXPECT_EQ(names(o), "holes\nnext\n") << format;
    EXPECT_EQ(o.contents->children[0].state, State::unsupported) << format;
    EXPECT_EQ(content(o.contents->children[1]), "n\n") << format;
  }
}

TEST(Tar, RealFirmwareHasTheMembersThatTarLists) {
  KLIK_NEEDS_EVIDENCE();
  int archives = 0;
  for (const auto& file : std::filesystem::directory_iterator(test::evidence() + "/firmware")) {
    if (!file.path().string().ends_with(".tar.zst")) continue;
    const auto name = file.path().filename().string();
    const auto outer = test::open("zstd", *file_source(file.path().c_str()), name);
    ASSERT_TRUE(outer.contents) << name;
    const Child& tar = outer.contents->children.at(0);
    EXPECT_EQ(tar.name, name.substr(0, name.size() - 4));
    const auto o = test::open("tar", tar.source, tar.name);
    ASSERT_TRUE(o.contents) << name;
    EXPECT_EQ(told(o), "") << name;
    std::string listed;
    for (const Child& c : o.contents->children) listed += c.name + (c.type == ChildType::folder ? "/" : "") + "\n";
    EXPECT_EQ(listed, test::run("tar --quoting-style=literal -tf '" + file.path().string() + "'").output) << name;
    ++archives;
  }
  EXPECT_EQ(archives, 4);
}

}  // namespace
}  // namespace klik
