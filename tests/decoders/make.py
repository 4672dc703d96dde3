#!/usr/bin/env python3
"""Makes the fixtures of data/decoders: one request for each decoder. All are synthetic: written from the public descriptions that the
decoders cite, with identifiers that cannot exist (an IMEI of TAC 00000000, MAC addresses of RFC 7042's documentation range, example.org).
Each names the kinds of data that must come out, and a host that must not match."""
import base64
import gzip
import json
import pathlib
import struct
import urllib.parse

HERE = pathlib.Path(__file__).parent
IMEI, MAC, BSSID = "000000000000109", "00:00:5e:00:53:01", "00:00:5e:00:53:af"
ID = "00000000-0000-4000-8000-00000000feed"


def b64(data):
    return base64.b64encode(data).decode()


def packed(value):
    return gzip.compress(json.dumps(value).encode(), mtime=0)


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def message(*fields):
    """A protocol buffer: (number, int | str | bytes | list of fields | ("fixed64", int))."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif isinstance(value, tuple):
            out += varint(number << 3 | 1) + struct.pack("<Q", value[1])
        else:
            data = value.encode() if isinstance(value, str) else message(*value) if isinstance(value, list) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


MADE = {}


def fixture(name, url="", expect=(), body=b"", method=None, type="", headers=None, near=None, **more):
    parts = urllib.parse.urlsplit(url)
    path = parts.path + ("?" + parts.query if parts.query else "")
    MADE[name] = {"note": "synthetic: made by make.py, no capture of anybody", "protocol": "http1", "what": "request", "method": method or ("POST" if body else "GET"),
                  "host": parts.netloc, "path": path or "/", "content_type": type, "headers": headers or {}, "body": b64(body), "expect": sorted(expect),
                  "near_miss": near or (parts.hostname or "") + ".example.org"} | more


FORM, JSON = "application/x-www-form-urlencoded", "application/json"

# Xiaomi
fixture("xiaomi_push_connect", expect=["device_id_hash", "device_model", "locale", "network_type", "os_build", "os_version"], protocol="xiaomi_push", what="CONN", host="app.chat.global.xiaomi.net", path="",
        near_miss="", contents={"push.model": "Example 1", "push.os": "V00.0.0.EXAMPLE", "push.connection": "wifi", "push.locale": "nl_NL", "push.android": "33", "push.udid": "a-" + "0123456789" * 4})
fixture("xiaomi_push_register", "https://register.xmpush.global.xiaomi.com/pass/v2/register", body=form(appid="0"), type=FORM)
EVENTS = [{"event": "page_load_event_start", "distinct_id": ID, "lib": {"$lib_version": "3.1.5"},
           "properties": {"url": "https://example.org/path?a=b", "search_word": "tulip", "uuid": ID, "$model": "Example 1", "$manufacturer": "Example", "$os": "Android", "$os_version": "10", "$app_version": "3.4.0",
                          "$carrier": "", "$wifi": True, "$screen_width": 1080, "$screen_height": 2340}}]
SENSORS = ["app", "country", "device_model", "events", "install_id", "manufacturer", "network_type", "os_version", "screen", "sdk", "search_words", "visited_urls"]
fixture("xiaomi_sensors", "https://sa.api.intl.miui.com/sa?project=global_browser_mini&r=NL", SENSORS, form(crc="-1234567", gzip="1", data_list=b64(packed(EVENTS))), type=FORM)
fixture("xiaomi_onetrack", "https://tracking.intl.miui.com/track/v4", body=bytes(range(1, 64)), type="application/octet-stream")
fixture("xiaomi_mistat", "https://data.mistat.intl.xiaomi.com/mistats/v3", body=bytes(range(1, 64)), near="mistat.intl.xiaomi.com")
fixture("xiaomi_ads", "https://api.ad.intl.xiaomi.com/u/api", body=bytes(range(1, 64)))
fixture("xiaomi_ad_words", "http://globalapi.ad.xiaomi.com/filter/text?version=1")
fixture("xiaomi_analytics_update_v1", f"http://sdkconfig.ad.xiaomi.com/api/checkupdate/lastusefulversion?currentApiVersion=1&imei={IMEI}&mac={MAC.replace(':', '%3A')}&model=Example&package=org.example.app&ts=1",
        ["app", "device_model", "imei", "mac"])
V2 = dict(av="1.9.3", cv="2.8.1", d="28", f="S", i="5284047f4ffb4e04824a2fd1d1f0cd62", m="polaris", n="10", nonce="0" * 32, p="com.xiaomi.metoknlp", r="CN", ts="1543382044000", v="V10.0.7.0.PDGCNFH",
          sign="009906d13414839aca8c11ddb42a2005")
fixture("xiaomi_analytics_update_v2", "https://sdkconfig.ad.xiaomi.com/api/checkupdate/lastusefulversion2?" + urllib.parse.urlencode(V2), ["app", "country", "device_model", "imei_hash", "os_build"], proof="holds")
fixture("xiaomi_detect_app", "https://flash.sec.miui.com/detect/app", ["install_id", "installed_apps", "os_version"],
        json.dumps({"timestamp": 1, "os": "13", "biz_id": "virus_scan", "uuid": ID, "content": [{"pkg": "org.example.a", "version": 1, "signature": "00", "appname": "A"}, {"pkg": "org.example.b", "appname": "B"}], "sign": "0"}).encode(), type=JSON)
fixture("xiaomi_daemon_upload", "https://port.sec.intl.miui.com/data/bootEventUpload", body=b"x=1")
fixture("xiaomi_account_core", "http://api.account.xiaomi.com/pass/v2/safe/user/coreInfo?signature=AAAA&userId=AAAA", ["account", "credential"])

# OPPO, OnePlus
fixture("heytap_push", "https://dceuex.push.heytapmobile.com/push/event", body=bytes(range(1, 64)))
fixture("oppo_connectivity", "http://conn-service-eu-04.allawnos.com/generate204", near="conn-service-eu.04.allawnos.com")
fixture("oppo_activation", "https://esa-reg-eup.myoppo.com/register", body=b"x=1")
fixture("oneplus_odm", "https://open.oneplus.net/cloud/pushdata/", body=form(appId="0", secret="AAAA"), type=FORM)

# Samsung
fixture("samsung_device_management", "https://api.omc.samsungdm.com/v5/api/service/deviceService", body=b"x=1")
fixture("samsung_cloud", "https://capi.samsungcloud.com/x")
fixture("samsung_call_directory", "https://samsung-directory.edge.hiyaapi.com/v3/track/events", body=b"x=1")
fixture("samsung_metrics", "https://bigdata.ssp.samsung.com/x", body=b"x=1", near="ssp.samsung.com")

# Huawei
fixture("huawei_hicloud", "https://metrics5.data.hicloud.com:6447/webv1/", body=b"x=1", near="metrics5.x.data.hicloud.com")
fixture("huawei_query", "https://query.hicloud.com/sp_ard_common/v2/Check.action", body=b"x=1")
fixture("huawei_hianalytics", "https://metrics.example.org/common/hmshioperqrt", body=b"x=1", near_miss="", near_path="/common/hmshi")
fixture("huawei_app_reputation", "https://apkrep.ff.avast.com/x", body=b"x=1")
fixture("huawei_cleaner", "https://mclean.cloud.360safe.com/CleanQuery", body=b"x=1")
fixture("huawei_dmevent", "https://pebed.dmevent.net/", body=b"x=1")

# Google
CHECKIN = message((1, IMEI), (2, 0), (4, [(1, [(1, "example/example/example:13/EXAMPLE/1:user/release-keys"), (11, "Example 1"), (12, "Example")]), (2, 1), (3, [(1, "event_log_start"), (3, 1)]), (6, "00101"), (7, "00101"), (8, "WIFI::")]),
                  (6, "nl_NL"), (7, 4242424242), (9, MAC.replace(":", "")), (11, "[someone@example.org]"), (11, "secret-token"), (12, "Europe/Amsterdam"), (13, ("fixed64", 0x3ff0000000000000)), (14, 3), (16, "EXAMPLE0000"), (18, [(1, 3), (7, 480), (8, 65536)]))
fixture("google_checkin", "https://android.clients.google.com/checkin", ["account", "android_id", "carrier", "credential", "device_model", "events", "hardware", "imei", "locale", "mac", "manufacturer", "network_type", "os_build", "other_id", "serial", "time_zone"],
        CHECKIN, type="application/x-protobuffer")
CLEARCUT = message((1, [(1, 4), (6, 1)]), (2, 4), (3, [(1, 1700000000000), (6, message((1, "example"), (2, 7)))]), (4, 1700000000001))
fixture("google_clearcut", "https://play.googleapis.com/log/batch", ["events"], CLEARCUT, type="application/x-gzip")
LOG = {"logRequest": [{"clientInfo": {"clientType": "ANDROID", "androidClientInfo": {"fingerprint": "example/example:13", "osBuild": "EXAMPLE.1", "sdkVersion": "33", "manufacturer": "Example", "model": "Example 1", "mccMnc": "00101", "locale": "nl", "country": "NL", "applicationBuild": "12"}},
                       "logEvent": [{"eventTimeMs": "1", "timezoneOffsetSeconds": "3600", "networkConnectionInfo": {"networkType": "WIFI"}, "sourceExtension": b64(message((1, "example"), (2, 7)))}]}]}
fixture("google_firelog", "https://firebaselogging-pa.googleapis.com/v1/firelog/legacy/batchlog", ["app", "carrier", "country", "device_model", "events", "locale", "manufacturer", "network_type", "os_build", "os_version", "time_zone"], json.dumps(LOG).encode(), type=JSON)
MEASURED = message((1, [(1, 1), (2, [(1, [(1, "_o"), (2, "auto")]), (2, "session_start"), (3, 1700000000000)]), (8, "android"), (9, "13"), (14, "org.example.app"), (16, "1.0"), (19, ID), (27, "00000000000000000000feed")]))
fixture("google_app_measurement", "https://app-measurement.com/a", ["advertising_id", "android_id", "app", "events", "os_version"], MEASURED)
fixture("google_push", "https://mtalk.google.com/")

# Apple
fixture("apple_report", "https://xp.apple.com/report/2/xp_amp_appstore", ["account", "app", "events", "os_version", "screen_views", "search_words"],
        json.dumps({"deliveryVersion": "1.0", "events": [{"dsId": "00000001", "eventType": "page", "eventTime": 1, "app": "com.apple.AppStore", "appVersion": "3.0", "os": "iOS", "osVersion": "16.0", "pageId": "Search", "searchTerm": "tulip"}]}).encode(), type=JSON)


def text16(text):
    return struct.pack(">H", len(text)) + text.encode()


WLOC = message((2, [(1, BSSID)]), (2, [(1, "00:00:5e:00:53:b0")]), (3, 0), (4, 1))
fixture("apple_wloc", "https://gs-loc.apple.com/clls/wloc", ["app", "locale", "os_build", "wifi_network"],
        struct.pack(">H", 1) + text16("nl_NL") + text16("com.apple.locationd") + text16("16.0.EXAMPLE") + struct.pack(">I", 1) + struct.pack(">I", len(WLOC)) + WLOC)
fixture("apple_gsa", "https://gsa.apple.com/grandslam/GsService2", body=b"<plist/>")
fixture("apple_humb", "https://humb.apple.com/humbug/baa", body=b"x=1")
fixture("apple_location_upload", "https://gsp10-ssl.apple.com/hcy/pbcwloc", body=b"x=1")

# Chips, operators
fixture("qualcomm_assistance", "http://path3.xtracloud.net/xtra3grc.bin", ["user_agent"], headers={"user-agent": "A/13/example/example/-/-/-/-"}, near="xtracloud.net.example")
fixture("china_telecom_registration", "http://zzhc.vnet.cn:9999/", ["cell_id", "device_model", "iccid", "imei", "imsi", "mac", "network_type", "os_build"],
        base64.b64encode(json.dumps({"REGVER": "2.0", "MEID": "A0000000000000", "MODEL": "EXA-1", "SWVER": "00EX", "SIM1ICCID": "8900000000000000000F", "SIM1LTEIMSI": "001010000000001", "SIM1CELLID": "1234", "IMEI1": IMEI, "MACID": MAC, "ACCESSTYPE": "2"}).encode()),
        type="application/encrypted-json")
fixture("adups", "https://bigdata.adups.com/0/mobileupload.action", body=b"x=1")
fixture("iflytek_keyboard", "http://pinyin.voicecloud.cn/?time=1690000000", body=bytes(range(1, 64)))

# Third parties
fixture("microsoft_aria", "https://mobile.pipe.aria.microsoft.com/Collector/3.0/", body=b"x=1")
fixture("microsoft_swiftkey", "https://telemetry.api.swiftkey.com/v1/bark-logs", body=b"x=1")
fixture("adjust", "https://app.adjust.com/session", body=form(app_token="0"), type=FORM)
fixture("umeng", "https://ulogs.umeng.com/unify_logs", body=bytes(range(1, 64)))
fixture("alibaba_man", "https://adash.man.aliyuncs.com/man/api", body=bytes(range(1, 64)))

# The imported adapters share one file: a request for each way of wrapping that they use.
OWN = dict(MADE)
MADE.clear()
UA = {"user-agent": "Example/1", "referer": "https://example.org/"}
fixture("trackhar_adjust_body", "https://app.eu.adjust.com/session", ["advertising_id", "android_id", "app"], form(package_name="org.example.app", gps_adid=ID, android_id="000000000000feed"), type=FORM)
fixture("trackhar_ironsource_logs", "https://logs.ironsrc.mobi/logs?" + urllib.parse.urlencode({"data": b64(json.dumps({"data": {"deviceoem": "Example", "devicemodel": "1", "deviceid": ID, "bundleid": "org.example.app"}}).encode())}),
        ["advertising_id", "app", "device_model", "manufacturer"])
fixture("trackhar_chartboost_live_unnested", "https://live.chartboost.com/api/install", ["advertising_id", "app", "device_model"], json.dumps({"identity": b64(json.dumps({"gaid": ID}).encode()), "model": "Example 1", "bundle_id": "org.example.app"}).encode(), type=JSON)
fixture("trackhar_kidoz_analytics_parents_kidozrestmobile", "https://analytics.kidoz.net/parents/KidozRestMobile.php", ["app", "device_id", "manufacturer"], form(KidozEventsLogAsJson=json.dumps({"DeviceParams": {"DeviceHash": ID, "PackageID": "org.example.app", "DeviceBrand": "Example"}})), type=FORM)
fixture("trackhar_adform_cm_cookie", "https://cm.adform.net/cookie?gdpr_consent=AAAA", ["consent", "device_id", "user_agent", "visited_urls"], headers=UA | {"cookie": "uid=4242"})
fixture("trackhar_facebook_graph_activities_qs", "https://graph.facebook.com/v16.0/1/activities", ["advertising_id", "app", "os_version"], form(advertiser_id=ID, extinfo=json.dumps(["a2", "org.example.app", "", "", "13"])), type=FORM)
fixture("trackhar_infonline_ioam_tx_body_gzip", "https://de.ioam.de/tx.io", ["advertising_id_hash", "app"], form(ae=b64(packed({"application": {"package": "org.example.app"}, "client": {"uuids": {"advertisingIdentifier": "feed" * 8}}}))), type=FORM)
fixture("trackhar_openx_w_1_0_cm", "https://example-d.openx.net/w/1.0/cm", ["user_agent", "visited_urls"], headers=UA, near="openx.net.example")
SHARED = {"note": "synthetic: made by make.py, no capture of anybody", "fixtures": [{"decoder": name} | made for name, made in MADE.items()]}
MADE = OWN | {"trackhar": SHARED}
for name, made in MADE.items():
    (HERE / f"{name}.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
print(len(MADE), "fixtures")
