// Packages of phone makers: what is plain is read, what is encrypted ends as such, with advice.
#include <openssl/evp.h>

#include "support/containers.h"
#include "support/writer.h"

namespace klik {
namespace {

constexpr std::string_view kKeyHex = "000102030405060708090a0b0c0d0e0f";

std::string encrypt(std::string_view plain) {
  const auto key = *unhex(kKeyHex);
  std::string out(plain.size() + 16, '\0');
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, key.data(), nullptr);
  EVP_CIPHER_CTX_set_padding(context, 0);
  int n = 0;
  EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &n, reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  EVP_CIPHER_CTX_free(context);
  out.resize(static_cast<std::size_t>(n));
  return out;
}

// A local zip header and then bytes that differ everywhere.
std::string zip_like(std::size_t size) {
  test::Writer w;
  w.text(std::string_view("PK\3\4", 4)).zeros(22).u16(8).u16(0).text("META-INF");
  for (std::uint32_t i = 0; w.bytes.size() < size; ++i) w.u32(i * 2654435761u);
  w.bytes.resize(size);
  return std::string(Bytes(w.bytes).text());
}

test::Writer ozip_header(std::string_view length) {
  test::Writer w;
  return w.text("OPPOENCRYPT!").zeros(4).field(length, 16).zeros(0x1050 - 32);
}

std::vector<std::uint8_t> whole_file_form(const std::string& plain) {
  test::Writer w = ozip_header("");
  for (std::size_t at = 0; at < plain.size(); at += 16 + 0x4000) {
    const std::string head = plain.substr(at, 16);
    w.text(head.size() == 16 ? encrypt(head) : head);
    if (at + 16 < plain.size()) w.text(plain.substr(at + 16, 0x4000));
  }
  return w.bytes;
}

std::vector<std::uint8_t> member_form(std::string plain, const std::string& stated) {
  test::Writer w = ozip_header(stated);
  plain.resize((plain.size() + 15) / 16 * 16);
  return w.text(encrypt(plain)).bytes;
}

test::Opened open_with_keys(std::string_view keys, const SourceRef& source, std::string_view name) {
  static constexpr Budget budget;
  OpenContext context{.budget = budget, .scratch = test::scratch(), .name = name, .keys = keys};
  auto contents = test::container("ozip").open(source, context);
  return {std::move(contents), std::move(context.notes)};
}
test::Opened open_with_key(std::vector<std::uint8_t> bytes, std::string_view name = "update.ozip") {
  return open_with_keys("# keys\nozip ffffffffffffffffffffffffffffffff\r\nozip 00\nozip \t000102030405060708090A0b0c0d0e0f \r\n", memory_source(std::move(bytes)), name);
}

TEST(Ozip, WholeFileFormGivesTheZip) {
  for (const std::size_t size : {std::size_t{64}, std::size_t{0x4010}, std::size_t{0x4011}, std::size_t{0x4020}, std::size_t{0xC123}}) {
    const std::string plain = zip_like(size);
    const auto o = open_with_key(whole_file_form(plain));
    ASSERT_TRUE(o.contents) << size;
    const Child& child = o.contents->children.at(0);
    EXPECT_EQ(child.name, "update.zip");
    EXPECT_EQ(child.transform, "aes-128-ecb");
    ASSERT_EQ(child.size, size);
    const auto bytes = child.source->load();
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(bytes->bytes().text() == plain) << size;
    EXPECT_TRUE(o.notes.empty());
  }
}

TEST(Ozip, MemberFormGivesAsManyBytesAsItsHeaderStates) {
  std::string plain = "ANDROID!";
  for (int i = 0; i < 3000; ++i) plain += std::to_string(i);
  for (const std::size_t length : {plain.size(), plain.size() - 9, std::size_t{20}}) {
    const auto o = open_with_key(member_form(plain, std::to_string(length)), "boot.img");
    ASSERT_TRUE(o.contents);
    const Child& child = o.contents->children.at(0);
    EXPECT_EQ(child.name, "boot.img");
    ASSERT_EQ(child.size, length);
    EXPECT_TRUE(child.source->load()->bytes().text() == std::string_view(plain).substr(0, length));
  }
}

TEST(Ozip, ReadsAtAnyOffsetAreTheSameBytes) {
  const std::string plain = zip_like(0xC123);
  const auto mixed = open_with_key(whole_file_form(plain));
  const auto full = open_with_key(member_form("AVB0" + std::string("\0\0\0\1", 4) + plain, std::to_string(plain.size() + 8)));
  ASSERT_TRUE(mixed.contents && full.contents);
  for (const std::size_t at : {0u, 1u, 15u, 16u, 17u, 0x3FFFu, 0x400Fu, 0x4010u, 0x4015u, 0x401Fu, 0x8020u, 0x9000u}) {
    for (const std::size_t n : {1u, 15u, 16u, 17u, 100u, 0x3000u}) {
      std::vector<std::uint8_t> out(n);
      ASSERT_TRUE(mixed.contents->children[0].source->read(at, out));
      EXPECT_TRUE(Bytes(out).text() == plain.substr(at, n)) << at << " " << n;
      ASSERT_TRUE(full.contents->children[0].source->read(at + 8, out));
      EXPECT_TRUE(Bytes(out).text() == plain.substr(at, n)) << at << " " << n;
    }
  }
}

TEST(Ozip, WithoutTheRightKeyItIsEncryptedAndTheUserIsTold) {
  const auto bytes = whole_file_form(zip_like(100));
  for (const std::string_view keys : {"", "ozip ffffffffffffffffffffffffffffffff\n", "ozip 0001", "ofp 000102030405060708090a0b0c0d0e0f"}) {
    const auto o = open_with_keys(keys, memory_source(bytes), "update.ozip");
    ASSERT_FALSE(o.contents);
    EXPECT_EQ(o.contents.error().code, Code::encrypted);
    EXPECT_EQ(state_after(o.contents.error().code), State::encrypted);
    ASSERT_EQ(o.notes.size(), 1u);
    EXPECT_TRUE(o.notes[0].advice.contains("key file"));
  }
}

TEST(Ozip, LengthsThatCannotBeAreNoted) {
  const auto more = open_with_key(member_form("ANDROID!abcdefgh", "12x4"), "boot.img");
  ASSERT_TRUE(more.contents);
  EXPECT_EQ(more.contents->children[0].size, 16u);
  EXPECT_EQ(more.notes.at(0).error.code, Code::bad_value);
  const auto cut = open_with_key(member_form("ANDROID!abcdefgh", "1000"), "boot.img");
  ASSERT_TRUE(cut.contents);
  EXPECT_EQ(cut.contents->children[0].size, 16u);
  EXPECT_EQ(cut.notes.at(0).severity, Severity::data_loss);
}

TEST(Ozip, EveryPrefixIsSafe) {
  const auto mixed = whole_file_form(zip_like(0x4030));
  const auto full = member_form("ANDROID!" + std::string(2000, 'x'), "2008");
  for (const auto* whole : {&mixed, &full})
    for (std::size_t n = 0; n < whole->size(); n += n < 0x1040 || (n > 0x1100 && n < 0x5000) ? 61 : 1) {
      const auto o = open_with_key(std::vector<std::uint8_t>(whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(n)));
      test::check_promises(o, n);
      EXPECT_EQ(o.contents.has_value(), n >= 0x1060) << n;
    }
}

std::vector<std::uint8_t> with_trailer(std::size_t page, std::size_t before = 5000) {
  test::Writer w;
  return w.zeros(before).u32(2).u32(1).u64(0).u32(0x7CEF).u32(8).u32(700).field("19801", 16).field("guacamole_21_O.22", 64).zeros(page - 108).bytes;
}

TEST(FlashPackage, OpsAndOfpAreEncrypted) {
  for (const std::size_t page : {512u, 4096u}) {
    const auto source = memory_source(with_trailer(page));
    ASSERT_NE(detect(*source, "fw.OPS"), nullptr);
    EXPECT_EQ(detect(*source, "fw.OPS")->name, "ops");
    EXPECT_EQ(detect(*source, "fw.ofp")->name, "ofp");
    EXPECT_EQ(detect(*source, "anything.bin"), nullptr);
    EXPECT_EQ(detect(*memory_source(with_trailer(page, 1 << 20)), "anything.bin")->name, "ofp");
    const auto ops = test::open("ops", source, "fw.ops");
    ASSERT_FALSE(ops.contents);
    EXPECT_EQ(ops.contents.error().code, Code::encrypted);
    EXPECT_EQ(ops.contents.error().at, 5000u);
    EXPECT_EQ(ops.notes.at(0).detail, "project 19801, firmware guacamole_21_O.22");
    EXPECT_FALSE(ops.notes.at(0).advice.empty());
    EXPECT_EQ(test::open("ofp", source, "fw.ofp").contents.error().code, Code::encrypted);
  }
}

TEST(FlashPackage, MediaTekOfpIsRecognisedByNameAlone) {
  const auto source = memory_source(std::vector<std::uint8_t>(6000, 0x5A));
  EXPECT_EQ(detect(*source, "fw.ofp")->name, "ofp");
  EXPECT_EQ(detect(*source, "fw.ops"), nullptr);
  EXPECT_EQ(detect(*source, "fw.bin"), nullptr);
  EXPECT_EQ(test::open("ofp", source, "fw.ofp").contents.error().code, Code::encrypted);
  EXPECT_EQ(test::open("ofp", source, "fw.bin").contents.error().code, Code::bad_magic);
  EXPECT_EQ(test::open("ops", source, "fw.ops").contents.error().code, Code::bad_magic);
}

TEST(FlashPackage, EveryPrefixIsSafe) {
  test::every_prefix("ops", with_trailer(512), 97, "fw.ops");
  test::every_prefix("ofp", with_trailer(512), 97, "fw.bin");
}

void record(test::Writer& w, std::string_view type, std::string_view data, std::uint32_t header_size = 100) {
  w.text("\x55\xaa\x5a\xa5").u32(header_size).u32(1).field("HW7x27", 8).u32(0xFE000000).u32(data.size()).field("2020.01.02", 16).field("03.04.05", 16);
  w.field(type, 16).zeros(16).u16(0).u16(4096).u16(0).zeros(header_size - 98).text(data);
}

std::vector<std::uint8_t> update_app() {
  test::Writer w;
  w.zeros(92);
  record(w, "SHA256RSA", "signed");
  w.align(4);
  record(w, "SYSTEM", "system image", 104);
  w.align(4).zeros(8);
  record(w, "SYSTEM", "again");
  return w.bytes;
}

TEST(UpdateApp, RecordsAreChildren) {
  const auto o = test::open("update_app", update_app());
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 3u);
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  const std::pair<const char*, const char*> expected[] = {{"SHA256RSA", "signed"}, {"SYSTEM", "system image"}, {"SYSTEM#2", "again"}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(o.contents->children[i].name, expected[i].first);
    EXPECT_EQ(o.contents->children[i].source->load()->bytes().text(), expected[i].second);
  }
  EXPECT_EQ(o.contents->children[0].extents, (std::vector<Extent>{{192, 6}}));
  EXPECT_EQ(detect(*memory_source(update_app()), "UPDATE.APP")->name, "update_app");
}

TEST(UpdateApp, HeaderThatDoesNotCoverItselfEndsTheReading) {
  auto bytes = update_app();
  bytes[200 + 4] = 0;   // the second record's header size
  const auto o = test::open("update_app", bytes);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.size(), 1u);
  EXPECT_TRUE(test::describe(o).contains("data_loss at 204: record header smaller than 98 bytes"));
}

TEST(UpdateApp, SizesPastTheEndAreNoted) {
  auto bytes = update_app();
  for (std::size_t i = 0; i < 8; ++i) bytes[i < 4 ? 200 + 4 + i : 200 + 24 + i - 4] = 0xFF;   // header and data of 4 GiB
  const auto o = test::open("update_app", bytes);
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 2u);
  EXPECT_EQ(o.contents->children[1].state, State::damaged);
  EXPECT_EQ(o.notes.at(0).severity, Severity::data_loss);
}

TEST(UpdateApp, WhatFollowsTheLastRecordIsNotLostSilently) {
  auto bytes = update_app();
  while (bytes.size() % 4) bytes.push_back(0);
  const std::size_t at = bytes.size();
  for (int i = 0; i < 200; ++i) bytes.push_back('x');
  EXPECT_TRUE(test::describe(test::open("update_app", bytes)).contains("data_loss at " + std::to_string(at) + ": the bytes after the last record are no record"));
  EXPECT_EQ(test::open("update_app", std::vector<std::uint8_t>(5000)).contents.error().code, Code::truncated);
  EXPECT_EQ(test::open("update_app", std::vector<std::uint8_t>(2u << 20)).contents.error().code, Code::truncated);
}

TEST(UpdateApp, EveryPrefixIsSafe) { test::every_prefix("update_app", update_app()); }

}  // namespace
}  // namespace klik
