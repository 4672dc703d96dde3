#include "support/damage.h"
#include "support/dex_code.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::CodeMaker;
using test::column;
using test::DexWriter;
using test::Units;

RecordingSink run(const std::vector<std::uint8_t>& bytes) { return test::extract("certificate_checks@1", memory_source(bytes), "dex", "classes.dex"); }

DexWriter::Code returns(Units units) { return {.registers = 4, .ins = 3, .units = [units](const DexWriter&) { return units; }}; }

DexWriter::Method trust(DexWriter::Code code) { return {.name = "checkServerTrusted", .parameters = {"[Ljava/security/cert/X509Certificate;", "Ljava/lang/String;"}, .code = std::move(code)}; }
DexWriter::Method verify(DexWriter::Code code) { return {.name = "verify", .return_type = "Z", .parameters = {"Ljava/lang/String;", "Ljavax/net/ssl/SSLSession;"}, .code = std::move(code)}; }

DexWriter checks() {
  DexWriter d;
  const DexWriter::MethodRef look{"Ljava/security/cert/X509Certificate;", "checkValidity"};
  d.classes.push_back({.type = "La/Any;", .interfaces = {"Ljavax/net/ssl/X509TrustManager;"}, .methods = {trust(returns({0x000e}))}});
  d.classes.push_back({.type = "La/Looks;", .interfaces = {"Ljavax/net/ssl/X509TrustManager;"}, .methods = {trust(CodeMaker().call(0x6e, look, {1}).in(d))}});
  d.classes.push_back({.type = "La/Name;", .methods = {verify(returns({0x1012, 0x000f}))}});    // const/4 v0, 1; return v0
  d.classes.push_back({.type = "La/No;", .methods = {verify(returns({0x0012, 0x000f}))}});      // const/4 v0, 0; return v0
  d.classes.push_back({.type = "La/Other;", .methods = {{.name = "checkServerTrusted", .code = returns({0x000e})}}});
  return d;
}

TEST(CertificateChecks, FindsWhatLetsEverythingPass) {
  std::vector<std::string> found;
  const RecordingSink sink = run(checks().write());
  for (const Fact& f : sink.facts) found.push_back(column(f, "power") + " " + column(f, "class") + "." + column(f, "method"));
  std::ranges::sort(found);
  EXPECT_EQ(found, (std::vector<std::string>{"accept_any_certificate a.Any.checkServerTrusted", "accept_any_certificate a.Name.verify"}));
}

TEST(CertificateChecks, PointsAtTheCode) {
  const auto bytes = checks().write();
  for (const Fact& f : run(bytes).facts) {
    const auto at = Bytes(bytes).slice(f.origins.at(0).at, f.origins.at(0).length);
    ASSERT_TRUE(at);
    EXPECT_TRUE((*at)[0] == 0x0e || (*at)[0] == 0x12);
  }
}

TEST(CertificateChecks, BoundsWhatLongNamesCost) {
  DexWriter d;
  d.classes.push_back({.type = "La/" + std::string(1 << 20, 'x') + ";", .methods = {trust(returns({0x000e}))}});
  const RecordingSink sink = run(d.write());
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::over_budget);
}

TEST(CertificateChecks, ReadsEveryPrefix) {
  const auto bytes = checks().write();
  for (std::size_t n = 1; n < bytes.size(); n += 5) {
    const RecordingSink sink = run(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_LE(sink.facts.size(), 2u) << n;
  }
}

}  // namespace
}  // namespace klik
