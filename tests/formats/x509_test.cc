#include "formats/cert/x509.h"

#include <gtest/gtest.h>

#include "formats/cert/der.h"
#include "support/files.h"

namespace klik {
namespace {

using Vector = std::vector<std::uint8_t>;
using Padding = cert::PublicKey::Padding;

Bytes bytes(const Vector& v) { return Bytes(v); }

TEST(Der, ReadsShortLongAndIndefiniteLengths) {
  const Vector input{0x04, 0x01, 'a', 0x04, 0x82, 0x00, 0x01, 'b', 0x30, 0x80, 0x04, 0x01, 'c', 0x00, 0x00, 0x05, 0x00};
  der::Reader in(bytes(input), 100);
  const auto a = in.next(), b = in.next(der::kOctetString), c = in.next(), d = in.next();
  ASSERT_TRUE(a && b && c && d);
  EXPECT_EQ(a->content.text(), "a");
  EXPECT_EQ(b->content.text(), "b");   // a length with a spare byte, as BER allows
  EXPECT_EQ(b->at, 103u);
  EXPECT_EQ(b->content_at, 107u);
  EXPECT_EQ(c->whole.size(), 7u);
  EXPECT_EQ(der::Reader(*c).next()->content.text(), "c");
  EXPECT_EQ(der::Reader(*c).next()->at, 110u);
  EXPECT_TRUE(in.at_end());
}

TEST(Der, HostileLengthsAreErrors) {
  for (const Vector& input : {Vector{0x04}, Vector{0x04, 0x05, 1}, Vector{0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, Vector{0x04, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Vector{0x30, 0x80, 0x04, 0x00},
                              Vector{0x04, 0x80, 0, 0}, Vector{0x1F, 0x81, 0x01, 0x00}}) {
    der::Reader in(bytes(input));
    EXPECT_FALSE(in.next());
  }
  Vector nested;
  for (int i = 0; i < 100000; ++i) nested.insert(nested.end(), {0x30, 0x80});
  der::Reader in(bytes(nested));
  const auto e = in.next();
  ASSERT_FALSE(e);
  EXPECT_STREQ(e.error().what, "indefinite lengths nested too deep");
}

TEST(Der, SpellsObjectIdentifiers) {
  EXPECT_EQ(der::oid(bytes({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B})), "1.2.840.113549.1.1.11");
  EXPECT_EQ(der::oid(bytes({0x60, 0x86, 0x48, 0x01, 0x65})), "2.16.840.1.101");
  EXPECT_EQ(der::oid(bytes({0x2A, 0x86})), "");
  EXPECT_EQ(der::oid({}), "");
}

// Keys and certificates of openssl, which judges what is read.
class X509 : public ::testing::Test {
 protected:
  static test::ScratchFolder& folder() {
    static test::ScratchFolder f;
    return f;
  }
  static std::string path(const std::string& name) { return (folder().path() / name).string(); }
  static std::string sh(const std::string& command) {
    const auto ran = test::run("cd " + folder().path().string() + " && (" + command + ") 2>/dev/null");
    EXPECT_EQ(ran.status, 0) << command;
    return ran.output;
  }
  static Vector certificate(const std::string& name, const std::string& arguments) {
    sh("openssl req -x509 -nodes -keyout " + name + ".key -out " + name + ".der -outform DER " + arguments);
    return test::read_file(path(name + ".der"));
  }
};

TEST_F(X509, SaysWhatOpensslSays) {
  const Vector der = certificate("a", "-newkey rsa:2048 -set_serial 0x00C0FFEE -days 3650 -subj '/C=NL/O=Sample, Inc./CN=a\\+b' -utf8");
  const auto c = cert::parse_certificate(bytes(der));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->subject, "CN=a\\+b,O=Sample\\, Inc.,C=NL");
  EXPECT_EQ(c->issuer, c->subject);
  EXPECT_EQ("subject=" + c->subject + "\n", sh("openssl x509 -inform DER -in a.der -noout -subject -nameopt RFC2253"));
  EXPECT_EQ(c->serial, "c0ffee");
  EXPECT_EQ(c->key_text, "RSA 2048");
  EXPECT_EQ("notBefore=" + c->valid_from.substr(0, 10) + " " + c->valid_from.substr(11) + "\n", sh("openssl x509 -inform DER -in a.der -noout -startdate -dateopt iso_8601"));
  EXPECT_EQ("notAfter=" + c->valid_to.substr(0, 10) + " " + c->valid_to.substr(11) + "\n", sh("openssl x509 -inform DER -in a.der -noout -enddate -dateopt iso_8601"));
  EXPECT_EQ(c->sha256, sh("sha256sum a.der").substr(0, 64));
  EXPECT_EQ(c->sha1, sh("sha1sum a.der").substr(0, 40));
  EXPECT_TRUE(c->may_sign);
  EXPECT_FALSE(c->unknown_critical);
}

TEST_F(X509, NamesFromHostileCertificatesAreCleanText) {
  const Vector der = certificate("h", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -utf8 -subj \"/CN=$(printf 'a\\033[31m\\nb \\303\\251')\"");
  const auto c = cert::parse_certificate(bytes(der));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->key_text, "EC 256");
  for (const char ch : c->subject) EXPECT_GE(static_cast<unsigned char>(ch), 0x20) << c->subject;
  EXPECT_TRUE(c->subject.contains("é")) << c->subject;
}

TEST_F(X509, ReadsKeyUsageAndCriticalExtensions) {
  const auto with = [&](const std::string& name, const std::string& extension) {
    const Vector der = certificate(name, "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=x -addext '" + extension + "'");
    auto c = cert::parse_certificate(bytes(der));
    EXPECT_TRUE(c);
    return *std::move(c);
  };
  EXPECT_FALSE(with("u1", "keyUsage=keyEncipherment").may_sign);
  EXPECT_TRUE(with("u2", "keyUsage=digitalSignature").may_sign);
  EXPECT_TRUE(with("u3", "keyUsage=critical,nonRepudiation").may_sign);
  EXPECT_TRUE(with("u4", "1.2.3.4=critical,DER:05:00").unknown_critical);
  EXPECT_FALSE(with("u5", "1.2.3.4=DER:05:00").unknown_critical);
}

TEST_F(X509, VerifiesEveryKindOfSignatureAndNoChangedOne) {
  sh("head -c 5000 /dev/zero > data");
  Vector data = test::read_file(path("data"));
  struct Case {
    const char *name, *make, *sign;
    cert::KeyKind kind;
    HashAlgorithm digest;
    Padding padding;
  };
  for (const Case& c : {Case{"rsa", "openssl genrsa -out rsa.key 2048", "-sha256", cert::KeyKind::rsa, HashAlgorithm::sha256, Padding::pkcs1},
                        Case{"md5", "openssl genrsa -out md5.key 1024", "-md5", cert::KeyKind::rsa, HashAlgorithm::md5, Padding::pkcs1},
                        Case{"sha1", "openssl genrsa -out sha1.key 1024", "-sha1", cert::KeyKind::rsa, HashAlgorithm::sha1, Padding::pkcs1},
                        Case{"pss", "openssl genrsa -out pss.key 2048", "-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1", cert::KeyKind::rsa, HashAlgorithm::sha512, Padding::pss},
                        Case{"ec", "openssl ecparam -name secp384r1 -genkey -out ec.key", "-sha512", cert::KeyKind::ec, HashAlgorithm::sha512, Padding::pkcs1},
                        Case{"dsa", "openssl dsaparam -genkey -out dsa.key 1024", "-sha1", cert::KeyKind::dsa, HashAlgorithm::sha1, Padding::pkcs1}}) {
    const std::string n = c.name;
    sh(std::string(c.make) + " && openssl pkey -in " + n + ".key -pubout -outform DER -out " + n + ".pub && openssl dgst " + c.sign + " -sign " + n + ".key -out " + n + ".sig data");
    const Vector spki = test::read_file(path(n + ".pub")), signature = test::read_file(path(n + ".sig"));
    const auto key = cert::PublicKey::parse(bytes(spki));
    ASSERT_TRUE(key) << n;
    EXPECT_EQ(key->encoded(), spki) << n;
    EXPECT_TRUE(key->verifies(c.kind, c.digest, c.padding, bytes(data), bytes(signature))) << n;
    EXPECT_FALSE(key->verifies(c.kind, HashAlgorithm::sha224, c.padding, bytes(data), bytes(signature))) << n;
    Vector other = data, broken = signature;
    other[7] ^= 1;
    broken.back() ^= 1;
    EXPECT_FALSE(key->verifies(c.kind, c.digest, c.padding, bytes(other), bytes(signature))) << n;
    EXPECT_FALSE(key->verifies(c.kind, c.digest, c.padding, bytes(data), bytes(broken))) << n;
    EXPECT_FALSE(key->verifies(c.kind, c.digest, c.padding, bytes(data), {})) << n;
    EXPECT_FALSE(key->verifies(c.kind == cert::KeyKind::rsa ? cert::KeyKind::ec : cert::KeyKind::rsa, c.digest, c.padding, bytes(data), bytes(signature))) << n;
    if (c.kind == cert::KeyKind::rsa) {
      EXPECT_FALSE(key->verifies(c.kind, c.digest, c.padding == Padding::pss ? Padding::pkcs1 : Padding::pss, bytes(data), bytes(signature))) << n;
    }
  }
  // A salt of another length than the digest's is no PSS signature for a phone.
  sh("openssl dgst -sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0 -sign pss.key -out salt.sig data");
  const Vector spki = test::read_file(path("pss.pub")), salt = test::read_file(path("salt.sig"));
  EXPECT_FALSE(cert::PublicKey::parse(bytes(spki))->verifies(cert::KeyKind::rsa, HashAlgorithm::sha512, Padding::pss, bytes(data), bytes(salt)));
}

TEST_F(X509, EveryPrefixAndBrokenCopiesAreSafe) {
  const Vector der = certificate("p", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=p");
  for (std::size_t n = 0; n < der.size(); ++n) EXPECT_FALSE(cert::parse_certificate(bytes(Vector(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(n)))));
  for (std::size_t i = 0; i < der.size(); ++i)
    for (const unsigned bit : {0u, 7u}) {
      Vector bad = der;
      bad[i] = static_cast<std::uint8_t>(bad[i] ^ (1u << bit));
      (void)cert::parse_certificate(bytes(bad));
      (void)cert::PublicKey::parse(bytes(bad));
    }
}

TEST_F(X509, NamesCompareWithoutCaseAndSpaces) {
  const auto one = cert::parse_certificate(bytes(certificate("n1", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj '/CN=Some  Name'")));
  const auto two = cert::parse_certificate(bytes(certificate("n2", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj '/CN=some name'")));
  const auto other = cert::parse_certificate(bytes(certificate("n3", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj '/CN=other'")));
  ASSERT_TRUE(one && two && other);
  EXPECT_TRUE(cert::same_name(bytes(one->subject_raw), bytes(two->subject_raw)));
  EXPECT_FALSE(cert::same_name(bytes(one->subject_raw), bytes(other->subject_raw)));
  EXPECT_FALSE(cert::same_name(bytes(one->subject_raw), {}));
}

}  // namespace
}  // namespace klik
