// Signed updates made on the spot with openssl: zips with a signature in their comment, payloads, archives of keys.
#pragma once

#include "support/apk_signer.h"
#include "support/writer.h"

namespace klik::test {

struct UpdateMaker {
  using Data = std::vector<std::uint8_t>;
  ApkSigner signer;

  Data with_openssl(const std::string& command, const Data& input) {
    const std::string in = (signer.folder() / "in").string(), out = (signer.folder() / "out").string();
    ApkSigner::write(in, input);
    const auto ran = run("openssl " + command + " -out " + out + (command.starts_with("dgst") ? " " : " -in ") + in + " 2>&1");
    EXPECT_EQ(ran.status, 0) << ran.output;
    return read_file(out);
  }
  Data zip(const Data& payload = {}) {
    std::vector<ZipMember> members = {{.name = "META-INF/com/android/metadata", .data = "post-build=x\n", .method = 0, .packed = false}, {.name = "system.img", .data = std::string(3000, 's'), .method = 0, .packed = false}};
    if (!payload.empty()) members.push_back({.name = "payload.bin", .data = std::string(payload.begin(), payload.end()), .method = 0, .packed = false});
    return write_zip(members);
  }
  // What signapk does: the archive without its comment's length is signed, and the CMS becomes the comment.
  Data signed_zip(const std::string& key, const std::string& how = "-noattr -md sha256", const std::string& before = "signed by a test", const Data& payload = {}) {
    Data archive = zip(payload);
    archive.resize(archive.size() - 2);
    const std::string base = signer.key(key);
    const Data cms = with_openssl("cms -sign -binary -outform DER " + how + " -signer " + base + ".pem -inkey " + base + ".key", archive);
    Writer w;
    w.append(archive).u16(before.size() + 1 + cms.size() + 6).text(before).zeros(1).append(cms).u16(cms.size() + 6).u16(0xFFFF).u16(before.size() + 1 + cms.size() + 6);
    return w.bytes;
  }
  Data otacerts(const std::vector<std::string>& keys) {
    std::vector<ZipMember> members;
    for (const std::string& k : keys) {
      const Data pem = read_file(signer.key(k) + ".pem");
      members.push_back({.name = k + ".x509.pem", .data = std::string(pem.begin(), pem.end()), .method = 0, .packed = false});
    }
    return write_zip(members);
  }
  // Fields of a protobuf message.
  static Writer& varint(Writer& w, std::uint64_t n) {
    while (n >= 0x80) {
      w.le(0x80 | (n & 0x7F), 1);
      n >>= 7;
    }
    return w.le(n, 1);
  }
  static Data number(unsigned field, std::uint64_t n) {
    Writer w;
    varint(varint(w, field << 3), n);
    return w.bytes;
  }
  static Data message(unsigned field, const Data& bytes) {
    Writer w;
    varint(varint(w, field << 3 | 2), bytes.size()).append(bytes);
    return w.bytes;
  }
  static Data joined(std::initializer_list<Data> parts) {
    Writer w;
    for (const Data& d : parts) w.append(d);
    return w.bytes;
  }
  static Data text(std::string_view t) { return {t.begin(), t.end()}; }

  Data signatures(const std::vector<std::string>& keys, const Data& over) {
    Writer list;
    for (const std::string& k : keys) {
      Data s = with_openssl("dgst -sha256 -sign " + signer.key(k, k.starts_with("ec") ? "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1" : "-newkey rsa:2048") + ".key", over);
      Writer length;
      length.le(0x1D, 1).le(s.size(), 4);   // field 3, fixed32
      s.resize(s.size() > 100 ? 261 : 80);   // padded: those of EC keys differ in length
      list.append(message(1, joined({message(2, s), length.bytes})));
    }
    return list.bytes;
  }
  struct Payload {
    Data bytes;
    std::size_t metadata, blobs;
  };
  Payload payload(const std::vector<std::string>& metadata_keys, const std::vector<std::string>& payload_keys, const Data& more = {}) {
    const Data blobs(5000, 'b');
    const Data info = joined({number(1, 4096), message(2, Data(32, 7))});
    const Data partition = joined({message(1, text("system")), number(2, 1), message(3, text("bin/after")), message(7, info), message(17, text("9"))});
    std::size_t size = 0;
    Data manifest;
    for (int round = 0; round < 2; ++round) {   // the manifest says how long the signature is, whose length it does not change
      manifest = joined({number(4, blobs.size()), number(5, size), number(14, 1700000000), message(13, partition), message(18, text("2023-09-05")), more});
      Writer head;
      head.text("CrAU").be(2, 8).be(manifest.size(), 8).be(signatures(metadata_keys, {}).size(), 4).append(manifest);
      const Data signature = payload_keys.empty() ? Data() : signatures(payload_keys, joined({head.bytes, blobs}));
      const bool last = signature.size() == size;
      size = signature.size();
      if (!last) continue;
      const Data metadata = signatures(metadata_keys, head.bytes);
      return {joined({head.bytes, metadata, blobs, signature}), head.bytes.size(), head.bytes.size() + metadata.size()};
    }
    return {};
  }
};

}  // namespace klik::test
