#include "containers/zip_archive.h"

#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

using test::write_zip;

struct Read {
  Result<ZipArchive> zip;
  std::vector<Note> notes;
};

Read read(std::vector<std::uint8_t> bytes, const Budget& budget = {}) {
  std::vector<Note> notes;
  auto zip = ZipArchive::open(memory_source(std::move(bytes)), budget, notes);
  return {std::move(zip), std::move(notes)};
}

// "severity what [names]" per note.
std::string told(const std::vector<Note>& notes) {
  std::string out;
  for (const Note& n : notes) out += std::string(severity_name(n.severity)) + " " + n.error.what + (n.detail.empty() ? "" : " [" + n.detail + "]") + "\n";
  return out;
}

std::string content(const ZipArchive& zip, std::string_view name) {
  const ZipEntry* e = zip.find(name);
  if (!e) return "(absent)";
  const auto blob = zip.load(*e, 1 << 20);
  if (!blob) return std::string("(") + blob.error().what + ")";
  return std::string(blob->bytes().text());
}

const std::string kText = std::string(500, 'x') + "the end";

TEST(ZipArchive, ReadsStoredAndDeflatedEntries) {
  const auto r = read(write_zip({{.name = "a", .data = kText}, {.name = "b/c", .data = "stored", .method = 0, .packed = false}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), kText);
  EXPECT_EQ(content(*r.zip, "b/c"), "stored");
  EXPECT_EQ(content(*r.zip, "B/c"), "(absent)");
  EXPECT_EQ(told(r.notes), "");
  EXPECT_EQ(r.zip->transform(r.zip->entries()[0]), "deflate");
  EXPECT_EQ(r.zip->transform(r.zip->entries()[1]), "stored");
  const Extent e = r.zip->extent(r.zip->entries()[1]);
  const auto raw = r.zip->source()->load(e.at, e.length);
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->bytes().text(), "stored");
}

TEST(ZipArchive, AnEmptyArchiveIsOne) {
  const auto r = read(write_zip({}));
  ASSERT_TRUE(r.zip);
  EXPECT_TRUE(r.zip->entries().empty());
  EXPECT_EQ(told(r.notes), "");
}

TEST(ZipArchive, EntriesBehindTheCountAreHiddenFromThePhone) {
  const auto r = read(write_zip({{.name = "seen", .data = "1"}, {.name = "unseen", .data = "2"}}, {.count = 1}));
  ASSERT_TRUE(r.zip);
  ASSERT_EQ(r.zip->entries().size(), 2u);
  EXPECT_TRUE(r.zip->entries()[1].hidden);
  EXPECT_EQ(r.zip->find("unseen"), nullptr);
  EXPECT_NE(r.zip->find("seen"), nullptr);
  EXPECT_EQ(told(r.notes), "error entries behind the counted ones: the phone does not see them, other programs may [unseen]\n");
}

TEST(ZipArchive, ACountThatIsTooHighIsToldAndCostsNothing) {
  for (const std::uint64_t count : {std::uint64_t{2}, std::uint64_t{0xFFFF}}) {
    const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.count = count}));
    ASSERT_TRUE(r.zip);
    EXPECT_EQ(r.zip->entries().size(), 1u);
    EXPECT_EQ(told(r.notes), "data_loss the end record counts more entries than the directory holds\n");
  }
  const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.count = ~std::uint64_t{0}, .zip64 = true}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(r.zip->entries().size(), 1u);
}

TEST(ZipArchive, ADoubleNameGivesTheFirstAndIsTold) {
  const auto r = read(write_zip({{.name = "classes.dex", .data = "first"}, {.name = "classes.dex", .data = "second"}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "classes.dex"), "first");
  EXPECT_FALSE(r.zip->entries()[0].duplicate);
  EXPECT_TRUE(r.zip->entries()[1].duplicate);
  EXPECT_EQ(told(r.notes), "error a name occurs twice: programs differ in which one they take [classes.dex]\n");
}

TEST(ZipArchive, BytesBehindTheEndRecordAreTold) {
  const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.behind_end = "!"}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), "1");
  EXPECT_EQ(told(r.notes), "error bytes behind the end record\n");
}

TEST(ZipArchive, AnEndMagicInTheCommentThatNamesNoDirectoryIsPassedOver) {
  const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.comment = std::string("PK\5\6", 4) + std::string(18, '\xee')}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), "1");
  EXPECT_EQ(told(r.notes), "error the last end record names no directory; an earlier one was taken\n");
}

TEST(ZipArchive, TheLastEndRecordThatNamesADirectoryWinsEvenInsideAComment) {
  // The inner archive is a comment of the outer one; Android takes the first hit from the end.
  auto outer = write_zip({{.name = "outer", .data = "1"}});
  const std::uint64_t shift = outer.size();
  auto inner = write_zip({{.name = "inner", .data = "2"}}, {.prefix = std::string(shift, '\0')});
  inner.erase(inner.begin(), inner.begin() + static_cast<std::ptrdiff_t>(shift));
  outer[shift - 2] = static_cast<std::uint8_t>(inner.size());
  outer.insert(outer.end(), inner.begin(), inner.end());
  const auto r = read(outer);
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "inner"), "2");
  EXPECT_EQ(content(*r.zip, "outer"), "(absent)");
  EXPECT_NE(told(r.notes).find("before the first entry"), std::string::npos);
}

TEST(ZipArchive, BytesBetweenDirectoryAndEndRecordAreTold) {
  const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.before_end = "garbage"}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(told(r.notes), "error bytes between the directory and its end record\n");
}

TEST(ZipArchive, APrefixIsToldWhetherOffsetsCountItOrNot) {
  for (const bool ignore : {false, true}) {
    const auto r = read(write_zip({{.name = "a", .data = kText}}, {.prefix = "#!/bin/sh\n", .offsets_ignore_prefix = ignore}));
    ASSERT_TRUE(r.zip);
    EXPECT_EQ(r.zip->prefix(), 10u);
    EXPECT_EQ(content(*r.zip, "a"), kText);
    EXPECT_EQ(told(r.notes), std::string(ignore ? "error the offsets ignore the bytes before the archive\n" : "") + "error bytes before the first entry\n");
  }
}

TEST(ZipArchive, ADexInFrontIsJanus) {
  const auto r = read(write_zip({{.name = "a", .data = "1"}}, {.prefix = std::string("dex\n035\0", 8)}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(told(r.notes), "error a DEX file stands before the archive (Janus, CVE-2017-13156)\n");
}

TEST(ZipArchive, TheEncryptionBitHidesNothing) {
  const auto r = read(write_zip({{.name = "a", .data = kText, .flags = 1}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), kText);
  EXPECT_EQ(told(r.notes), "info the encryption bit is set; the phone ignores it [a]\n");
}

TEST(ZipArchive, WhatReallyIsEncryptedSaysSo) {
  const auto r = read(write_zip({{.name = "a", .data = "cipher text", .method = 0, .packed = false, .flags = 1, .crc = 1}}));
  ASSERT_TRUE(r.zip);
  const auto blob = r.zip->load(r.zip->entries()[0], 1000);
  ASSERT_FALSE(blob);
  EXPECT_EQ(blob.error().code, Code::encrypted);
}

TEST(ZipArchive, BogusMethodsAreTriedAsDeflateThenAsStored) {
  const auto r = read(write_zip({{.name = "a", .data = kText, .method = 21}, {.name = "b", .data = kText, .method = 0x7f7f, .packed = false}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), kText);
  EXPECT_EQ(content(*r.zip, "b"), kText);
  EXPECT_EQ(r.zip->transform(r.zip->entries()[0]), "deflate");
  EXPECT_EQ(r.zip->transform(r.zip->entries()[1]), "stored");
  EXPECT_EQ(told(r.notes), "error a compression method other than stored and deflate: programs differ in what they read [a, b]\n");
}

TEST(ZipArchive, AnotherLocalNameOrSizeIsTold) {
  const auto r = read(write_zip({{.name = "a", .data = "1", .local_name = "b"}, {.name = "c", .data = "2", .local_crc = 7}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "a"), "1");
  EXPECT_EQ(told(r.notes), "error the local header states another name [a]\nerror the local header states another size or checksum [c]\n");
}

TEST(ZipArchive, TheLocalExtraAndNotTheCentralOneSaysWhereDataStarts) {
  const auto r = read(write_zip({{.name = "a", .data = "1", .local_extra = std::string(37, '\0')}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(r.zip->entries()[0].data_at, 30u + 1 + 37);
  EXPECT_EQ(content(*r.zip, "a"), "1");
}

TEST(ZipArchive, DataDescriptorsAreComparedWithTheDirectory) {
  const auto good = read(write_zip({{.name = "a", .data = kText, .flags = 8}, {.name = "b", .data = kText, .flags = 8, .descriptor_magic = false}}));
  ASSERT_TRUE(good.zip);
  EXPECT_EQ(told(good.notes), "");
  EXPECT_EQ(content(*good.zip, "b"), kText);
  const auto bad = read(write_zip({{.name = "a", .data = kText, .flags = 8, .descriptor_crc = 1}}));
  ASSERT_TRUE(bad.zip);
  EXPECT_EQ(told(bad.notes), "error the data descriptor states another size or checksum [a]\n");
  EXPECT_EQ(content(*bad.zip, "a"), kText);
}

TEST(ZipArchive, Zip64FieldsAreReadWhereTheNarrowOnesSaySo) {
  for (const int extra : {24, 28}) {
    const auto r = read(write_zip({{.name = "a", .data = kText, .zip64 = true, .zip64_extra = extra}}, {.zip64 = true}));
    ASSERT_TRUE(r.zip);
    EXPECT_EQ(content(*r.zip, "a"), kText);
    EXPECT_EQ(told(r.notes), "");
  }
  const auto cut = read(write_zip({{.name = "a", .data = kText, .zip64 = true, .zip64_extra = 16}}));
  ASSERT_TRUE(cut.zip);
  EXPECT_NE(told(cut.notes).find("a size says zip64, but the zip64 extra lacks it"), std::string::npos);
}

TEST(ZipArchive, ACountOf65535AloneDoesNotMeanZip64) {
  // Android looks at the directory's size and offset only, so it sees 65,535 entries at most.
  auto bytes = write_zip({{.name = "a", .data = "1"}}, {.count = 0xFFFF});
  const auto r = read(std::move(bytes));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(r.zip->entries().size(), 1u);
}

TEST(ZipArchive, AWrongChecksumOrSizeIsAnError) {
  const auto r = read(write_zip({{.name = "crc", .data = kText, .crc = 5}, {.name = "less", .data = kText, .size = 100}, {.name = "more", .data = kText, .size = 1000}, {.name = "stored", .data = "1", .method = 0, .packed = false, .crc = 9}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "crc"), "(the entry's checksum does not match)");
  EXPECT_EQ(content(*r.zip, "less"), "(the deflate stream is broken or not of the declared size)");
  EXPECT_EQ(content(*r.zip, "more"), "(the deflate stream is broken or not of the declared size)");
  EXPECT_EQ(content(*r.zip, "stored"), "(the entry's checksum does not match)");
  const auto blob = r.zip->load(r.zip->entries()[0], 1000);
  ASSERT_FALSE(blob);
  EXPECT_EQ(blob.error().code, Code::bad_checksum);
}

TEST(ZipArchive, ASizeNoDeflateStreamCanReachIsRefusedBeforeMemoryIsTaken) {
  const auto r = read(write_zip({{.name = "a", .data = "1", .size = 0xFFFFFFF0}}));
  ASSERT_TRUE(r.zip);
  EXPECT_FALSE(r.zip->load(r.zip->entries()[0], ~std::uint64_t{0}));
  const auto over = r.zip->load(r.zip->entries()[0], 1 << 20);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Code::over_budget);
}

TEST(ZipArchive, OffsetsThatLeadNowhereBreakOnlyTheirEntry) {
  const auto r = read(write_zip({{.name = "good", .data = "1"}, {.name = "far", .data = "2", .local_at = 0xFFFFFFF0}, {.name = "wrong", .data = "3", .local_at = 5}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "good"), "1");
  EXPECT_TRUE(r.zip->find("far")->broken);
  EXPECT_TRUE(r.zip->find("wrong")->broken);
  EXPECT_EQ(content(*r.zip, "far"), "(the entry's data cannot be located)");
  EXPECT_NE(told(r.notes).find("data_loss no local header where the directory says [wrong, far]"), std::string::npos);
}

TEST(ZipArchive, ManyEntriesOverOneLocalHeaderAreTold) {
  std::vector<test::ZipMember> members{{.name = "a", .data = kText}};
  for (int i = 0; i < 9; ++i) members.push_back({.name = "b" + std::to_string(i), .data = kText, .local_name = "a", .local_at = 0});
  const auto r = read(write_zip(members));
  ASSERT_TRUE(r.zip);
  EXPECT_NE(told(r.notes).find("error entries share bytes of the archive [b0, b1, b2, b3 and 5 more]"), std::string::npos) << told(r.notes);
}

TEST(ZipArchive, BytesBetweenEntriesAreTold) {
  const auto r = read(write_zip({{.name = "a", .data = "1"}, {.name = "b", .data = "2", .gap_before = "hidden here"}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(told(r.notes), "info bytes between entries that no entry claims [b]\n");
}

TEST(ZipArchive, NamesThatLeadOutsideAreKeptAndTold) {
  const auto r = read(write_zip({{.name = "../up", .data = "1"}, {.name = "/abs", .data = "2"}, {.name = "a\\b", .data = "3"}, {.name = std::string("n\0l", 3), .data = "4"}, {.name = "\xff", .data = "5"}, {.name = "..fine..", .data = "6"}}));
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(content(*r.zip, "../up"), "1");
  const std::string all = told(r.notes);
  for (const char* what : {"a name with '..' as a part [../up]\n", "a name that starts with '/' [/abs]\n", "a name with a backslash [a\\b]\n", "a name with a NUL byte", "a name that is not UTF-8 [\xff]\n"})
    EXPECT_NE(all.find(what), std::string::npos) << what;
}

TEST(ZipArchive, ABudgetOfEntriesCutsTheListAndSaysSo) {
  Budget budget;
  budget.children = 2;
  const auto r = read(write_zip({{.name = "a", .data = "1"}, {.name = "b", .data = "1"}, {.name = "c", .data = "1"}}), budget);
  ASSERT_TRUE(r.zip);
  EXPECT_EQ(r.zip->entries().size(), 2u);
  EXPECT_EQ(r.notes.at(0).error.code, Code::over_budget);
  budget.metadata_bytes = 60;
  EXPECT_EQ(read(write_zip({{.name = "a", .data = "1"}, {.name = "b", .data = "1"}}), budget).zip.error().code, Code::over_budget);
}

TEST(ZipArchive, NoEndRecordIsNoZip) {
  auto bytes = write_zip({{.name = "a", .data = "1"}});
  bytes.resize(bytes.size() - 22);
  EXPECT_EQ(read(bytes).zip.error().code, Code::bad_magic);
  EXPECT_EQ(read({}).zip.error().code, Code::bad_magic);
}

TEST(ZipArchive, FileAndMemoryReadAlike) {
  // Memory is read in place, files through a buffer that runs ahead.
  std::vector<test::ZipMember> members;
  for (int i = 0; i < 300; ++i)
    members.push_back({.name = "dir/" + std::to_string(i * 7919 % 300), .data = std::string(static_cast<std::size_t>(i * i % 9000), static_cast<char>('a' + i % 26)), .method = static_cast<std::uint16_t>(i % 2 * 8), .packed = i % 2 == 1, .flags = static_cast<std::uint16_t>(i % 3 == 0 ? 8 : 0)});
  const auto bytes = write_zip(members);
  const test::ScratchFolder folder;
  const auto path = (folder.path() / "x.zip").string();
  std::ofstream(path, std::ios::binary).write(Bytes(bytes).text().data(), static_cast<std::streamsize>(bytes.size()));
  const auto memory = read(bytes);
  std::vector<Note> notes;
  const auto file = ZipArchive::open(*file_source(path.c_str()), Budget{}, notes);
  ASSERT_TRUE(memory.zip && file);
  EXPECT_EQ(told(notes), "");
  EXPECT_EQ(told(memory.notes), "");
  ASSERT_EQ(file->entries().size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_EQ(file->entries()[i].data_at, memory.zip->entries()[i].data_at);
    EXPECT_EQ(content(*file, members[i].name), members[i].data);
    EXPECT_EQ(content(*memory.zip, members[i].name), members[i].data);
  }
}

TEST(ZipArchive, ReadsWhatZipWritesAsUnzipDoes) {
  const test::ScratchFolder folder;
  const std::string cd = "cd " + folder.path().string() + " && ";
  ASSERT_EQ(test::run(cd + "mkdir d && head -c 200000 /dev/zero | tr '\\0' q > d/big && echo hi > d/small && : > d/none && zip -q -r x.zip d && zip -q -r - d < /dev/null > y.zip").status, 0);
  for (const char* name : {"x.zip", "y.zip"}) {   // y is written to a pipe, with data descriptors
    const auto r = read(test::read_file(folder.path() / name));
    ASSERT_TRUE(r.zip);
    std::string names;
    for (const ZipEntry& e : r.zip->entries()) names += e.name + "\n";
    EXPECT_EQ(names, test::run(cd + "unzip -Z1 " + name).output);
    EXPECT_EQ(content(*r.zip, "d/small"), "hi\n");
    EXPECT_EQ(content(*r.zip, "d/big"), std::string(200000, 'q'));
    EXPECT_EQ(told(r.notes), "");
  }
}

TEST(ZipArchive, EveryRealApkOpensWithAllItsEntriesOrSaysWhyNot) {
  KLIK_NEEDS_EVIDENCE();
  int opened = 0, refused = 0, entries = 0, unreadable = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(test::evidence() + "/containers/apk-signing")) {
    if (file.path().extension() != ".apk") continue;
    const auto r = read(test::read_file(file.path()));
    if (!r.zip) {
      ++refused;
      ADD_FAILURE() << file.path() << ": " << r.zip.error().what;
      continue;
    }
    ++opened;
    for (const ZipEntry& e : r.zip->entries()) {
      ++entries;
      if (r.zip->load(e, 1 << 28)) continue;
      ++unreadable;
      EXPECT_FALSE(r.notes.empty()) << file.path() << " " << e.name;
    }
    // The judge of the list of names; it fails on archives that are broken on purpose.
    if (r.notes.empty() && opened % 8 == 0) {
      std::string names;
      for (const ZipEntry& e : r.zip->entries()) names += e.name + "\n";
      EXPECT_EQ(names, test::run("unzip -Z1 '" + file.path().string() + "' 2>/dev/null").output) << file.path();
    }
  }
  EXPECT_GT(opened, 300);
  EXPECT_EQ(refused, 0);
  EXPECT_GT(entries, 1000);
  EXPECT_LT(unreadable, 20);
}

}  // namespace
}  // namespace klik
