#include "apps/attribute_ids.h"
#include "support/axml_writer.h"
#include "support/made_phone.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

namespace attr = apk::attr;
using test::column;

test::AxmlWriter::Attr text(apk::AttributeName a, std::string value) { return test::text_attr(a.id, std::move(value)); }

std::string app(const std::vector<std::string>& actions, const std::string& scheme, const std::vector<std::string>& hosts) {
  test::AxmlWriter w;
  w.open("manifest", {test::plain_attr("package", "a.b")});
  w.open("application");
  w.open("receiver", {text(attr::name, ".R")});
  w.open("intent-filter");
  for (const std::string& a : actions) w.leaf("action", {text(attr::name, a)});
  if (hosts.empty()) w.leaf("data", {text(attr::scheme, scheme)});
  for (const std::string& h : hosts) w.leaf("data", {text(attr::scheme, scheme), text(attr::host, h)});
  w.close("intent-filter");
  w.close("receiver");
  w.close("application");
  w.close("manifest");
  const auto xml = w.write(), zip = test::write_zip({{.name = "AndroidManifest.xml", .data = std::string(Bytes(xml).text())}});
  return std::string(Bytes(zip).text());
}

std::vector<std::string> codes(const std::string& apk) {
  test::MadePhone phone;
  phone.add("/system/app/A/A.apk", "apk", apk);
  phone.scan({"actors@1", "dialer_codes@1"});
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.dialer_code")) {
    out.push_back(column(f, "code") + " " + column(f, "class") + " " + column(f, "listens"));
    EXPECT_EQ(f.because.size(), 1u);
  }
  return out;
}

TEST(DialerCodes, BothActionsAndSeveralCodes) {
  EXPECT_EQ(codes(app({"android.provider.Telephony.SECRET_CODE"}, "android_secret_code", {"22", "11", "22"})), (std::vector<std::string>{"11 a.b.R 1", "22 a.b.R 1"}));
  EXPECT_EQ(codes(app({"x", "android.telephony.action.SECRET_CODE"}, "android_secret_code", {})), std::vector<std::string>{"* a.b.R 1"});
}

TEST(DialerCodes, WithoutTheActionNothingListens) {
  EXPECT_EQ(codes(app({"x.android.telephony.action.SECRET_CODE"}, "android_secret_code", {"1"})), std::vector<std::string>{"1 a.b.R 0"});
  EXPECT_TRUE(codes(app({"android.provider.Telephony.SECRET_CODE"}, "tel", {"1"})).empty());
}

}  // namespace
}  // namespace klik
