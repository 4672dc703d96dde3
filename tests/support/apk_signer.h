// Keys and signed APKs made on the spot with openssl and apksigner: nothing that could be mistaken for a real
// signer is kept in the project.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "containers/zip_archive.h"
#include "support/files.h"
#include "support/zip_writer.h"

namespace klik::test {

class ApkSigner {
 public:
  // A key and its certificate, made once per name. `kind`: arguments of `openssl req`.
  std::string key(const std::string& name, const std::string& kind = "-newkey rsa:2048") {
    const std::string base = (folder_.path() / name).string();
    if (std::filesystem::exists(base + ".pem")) return base;
    need(run("openssl req -x509 " + kind + " -nodes -keyout " + base + ".key -out " + base + ".pem -days 9999 -subj /CN=" + name + "/O=Sample 2>/dev/null && " +
             "openssl pkcs8 -topk8 -nocrypt -outform DER -in " + base + ".key -out " + base + ".pk8"), "make a key");
    return base;
  }
  std::vector<std::uint8_t> certificate(const std::string& name) {
    need(run("openssl x509 -in " + key(name) + ".pem -outform DER -out " + key(name) + ".der"), "convert a certificate");
    return read_file(key(name) + ".der");
  }
  static std::string by(const std::string& base) { return " --key " + base + ".pk8 --cert " + base + ".pem"; }

  struct Signed {
    std::vector<std::uint8_t> apk, idsig;
  };
  // `arguments` of `apksigner sign`, the key among them.
  Signed sign(const std::vector<std::uint8_t>& zip, const std::string& arguments) {
    const std::string in = (folder_.path() / "in.zip").string(), out = (folder_.path() / "out.apk").string();
    std::filesystem::remove(out + ".idsig");
    write(in, zip);
    need(run("apksigner sign" + arguments + " --out " + out + " " + in + " 2>&1"), "sign");
    return {read_file(out), std::filesystem::exists(out + ".idsig") ? read_file(out + ".idsig") : std::vector<std::uint8_t>()};
  }
  std::string lineage(const std::string& older, const std::string& newer) {
    const std::string out = (folder_.path() / "lineage").string();
    need(run("apksigner rotate --out " + out + " --old-signer" + by(key(older)) + " --new-signer" + by(key(newer)) + " 2>&1"), "make a lineage");
    return out;
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

  static void write(const std::string& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream out(path, std::ios::binary);
    std::copy(bytes.begin(), bytes.end(), std::ostreambuf_iterator<char>(out));
  }

 private:
  static void need(const Ran& ran, const char* what) { ASSERT_EQ(ran.status, 0) << "cannot " << what << ": " << ran.output; }

  ScratchFolder folder_;
};

// One for all tests of a program: keys take time.
inline ApkSigner& apk_signer() {
  static ApkSigner signer;
  return signer;
}

// Something to sign. The manifest is none that Android reads: signatures do not look into it.
inline std::vector<std::uint8_t> unsigned_apk(std::size_t dex_size = 3000) {
  std::string dex(dex_size, 'x');
  for (std::size_t i = 0; i < dex.size(); ++i) dex[i] = static_cast<char>((i * 2654435761u) >> 13);
  return write_zip({{.name = "AndroidManifest.xml", .data = "manifest"}, {.name = "classes.dex", .data = dex, .method = 0, .packed = false}, {.name = "res/a.txt", .data = "a\n"}});
}

}  // namespace klik::test
