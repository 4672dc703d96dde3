// A small case as plain tables under the names of the public views, with the strings a hostile maker would choose.
#pragma once

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace klik::test {

inline const std::string kScript = "<script>alert(1)</script>";
inline const std::string kEndScript = "</script><img src=x onerror=alert(3)>";
inline const std::string kReordered = "photo\u202Egpj.exe";
inline const std::string kTerminal = "\x1b[31mred\x07";
inline const std::string kLong(500, 'n');

inline std::string public_views() {
  std::ifstream file(std::string(KLIK_SOURCE_DIR) + "/tests/support/public_views.sql");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Values are bound, so they may hold anything; ?1…?5 are the hostile strings above, in their order.
inline void fill(sqlite3* db, const std::string& sql) {
  const char* rest = sql.c_str();
  while (*rest) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, rest, -1, &statement, &rest) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db));
    if (!statement) continue;
    const std::string* hostile[] = {&kScript, &kEndScript, &kReordered, &kTerminal, &kLong};
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
      sqlite3_bind_text(statement, i, hostile[i - 1]->data(), static_cast<int>(hostile[i - 1]->size()), SQLITE_STATIC);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db));
    sqlite3_finalize(statement);
  }
}

// A database file with the empty views and `rows`; removed with the object.
class MockCase {
 public:
  explicit MockCase(const std::string& rows, const std::string& views = public_views()) {
    static int number = 0;
    path_ = (std::filesystem::temp_directory_path() / ("klik_mock_" + std::to_string(getpid()) + "_" + std::to_string(number++) + ".kk")).string();
    std::filesystem::remove(path_);
    sqlite3* db = nullptr;
    if (sqlite3_open(path_.c_str(), &db) != SQLITE_OK) throw std::runtime_error("no database");
    fill(db, views);
    fill(db, rows);
    sqlite3_close(db);
  }
  ~MockCase() { std::filesystem::remove(path_); }
  MockCase(const MockCase&) = delete;
  MockCase& operator=(const MockCase&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One build of one hostile and one ordinary package. Fact ids are 32 times one digit.
inline const char* const kHostileRows = R"sql(
INSERT INTO input(input_id, build_id, name, size, sha256, kind) VALUES(1, 1, ?1, 1500, printf('%064x', 1), 'zip');
INSERT INTO build(build_id, fact_id, label, maker, brand, model, fingerprint, release, security_patch, built_at, region, tags) VALUES(1, printf('%032d', 1), 'one', 'Maker', ?1, ?2, ?3, '8.0.0', '2017-11-01', 1514332800, ?4, 'release-keys');
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(1, NULL, 1, 'in.zip', NULL, 'zip', 1500, printf('%064x', 1), 'read', printf('%032d', 2));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(2, 1, 1, 'in.zip/' || ?1, '/system/' || ?3, 'apk', 900, printf('%064x', 2), 'read', printf('%032d', 3));
INSERT INTO artifact(artifact_id, parent_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(3, 1, 1, 'in.zip/' || ?5, ?4, ?2, NULL, NULL, 'encrypted', printf('%032d', 4));
INSERT INTO coverage(build_id, what, files_listed, files_read, bytes_listed, bytes_read) VALUES(1, 'all', 3, 2, 2400, 2400), (1, 'read', 2, 2, 2400, 2400), (1, 'encrypted', 1, 0, 0, 0);
INSERT INTO package(package_id, build_id, artifact_id, name, version_code, version_name, min_sdk, target_sdk, partition, privileged, shared_uid, signer, fact_id) VALUES(1, 1, 2, ?1, 1, ?4, 21, 26, ?2, 1, ?3, printf('%064x', 7), printf('%032d', 5));
INSERT INTO package(package_id, build_id, artifact_id, name, version_code, version_name, min_sdk, target_sdk, partition, privileged, shared_uid, signer, fact_id) VALUES(2, 1, 2, 'com.example.app', 2, '1.0', 21, 26, 'system', 0, NULL, printf('%064x', 8), printf('%032d', 6));
INSERT INTO permission_grant(package_id, permission, requested, effective, protection, why, fact_id) VALUES(1, ?1, 1, 'granted', ?2, ?3, printf('%032d', 7));
INSERT INTO permission_grant(package_id, permission, requested, effective, protection, why, fact_id) VALUES(2, 'android.permission.CAMERA', 1, 'on_request', 'normal', NULL, printf('%032d', 8));
INSERT INTO component(package_id, kind, "class", exported, exported_why, enabled, permission, process, "action", authorities, fact_id) VALUES(1, ?2, ?1, 1, ?3, 1, NULL, ?4, ?5, ?1, printf('%032d', 9));
INSERT INTO component(package_id, kind, "class", exported, exported_why, enabled, permission, process, "action", authorities, fact_id) VALUES(2, 'service', 'com.example.app.S', 1, 'stated', 1, 'a.permission', NULL, NULL, NULL, printf('%032d', 10));
INSERT INTO signer(sha256, build_id, subject, issuer, valid_from, valid_to, "key", known_as, packages, files, fact_id) VALUES(printf('%064x', 7), 1, ?1, ?2, 0, 2000000000, ?3, 'aosp-testkey', 1, 1, printf('%032d', 11));
INSERT INTO signer(sha256, build_id, subject, issuer, valid_from, valid_to, "key", known_as, packages, files, fact_id) VALUES(printf('%064x', 8), 1, 'CN=Example', 'CN=Example', '2014-01-01', '2044-01-01', 'RSA 2048', 'platform', 1, 1, printf('%032d', 12));
INSERT INTO signature(package_id, artifact_id, sdk_from, sdk_to, scheme, verdict, reason, signer, fact_id) VALUES(1, 2, 14, 23, 'v1', 'rejected', ?1, printf('%064x', 7), printf('%032d', 13));
INSERT INTO signature(package_id, artifact_id, sdk_from, sdk_to, scheme, verdict, reason, signer, fact_id) VALUES(1, 2, 24, NULL, 'v2', 'verified', NULL, printf('%064x', 7), printf('%032d', 14));
INSERT INTO setting(build_id, scope, name, value, artifact_id, fact_id) VALUES(1, 'prop', ?1, ?2, 2, printf('%032d', 15));
INSERT INTO problem(artifact_id, "at", code, severity, what, detail, advice, fact_id) VALUES(3, 9223372036854775807, 'encrypted', 'data_loss', 'the data is encrypted', ?4, ?1, printf('%032d', 16));
INSERT INTO origin(fact_id, n, artifact_id, "at", length, extractor, because_fact_id, fact) VALUES(printf('%032d', 5), 0, 2, 2048, 312, 'manifest@1', NULL, X'00000000000000000000000000000005');
INSERT INTO origin(fact_id, n, artifact_id, "at", length, extractor, because_fact_id, fact) VALUES(printf('%032d', 5), 1, 2, 90, 17, 'manifest@1', printf('%032d', 11), X'00000000000000000000000000000005');
INSERT INTO origin(fact_id, n, artifact_id, "at", length, extractor, because_fact_id, fact) VALUES(printf('%032d', 11), 0, 2, 8123, 900, ?1, NULL, X'00000000000000000000000000000011');
INSERT INTO origin(fact_id, n, artifact_id, "at", length, extractor, because_fact_id, fact) VALUES(printf('%032d', 15), 0, 2, 1, 2, 'build_prop@1', NULL, X'00000000000000000000000000000015');
)sql";

}  // namespace klik::test
