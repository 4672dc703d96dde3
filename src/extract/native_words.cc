#include "extract/native_words.h"

#include <algorithm>
#include <span>

namespace klik {
namespace {

// Beginnings of shell commands that change or read the system, long enough not to be the start of an English sentence.
constexpr std::string_view kCommands[] = {
    "am broadcast ", "am force-stop ", "am instrument ", "am kill", "am start", "busybox ", "cat /", "chcon ", "chmod %", "chmod +", "chmod -", "chmod 0", "chmod 4",
    "chmod 6", "chmod 7", "chmod a+", "chmod u+", "chown -", "chown root", "chown shell", "chown system", "cmd activity ", "cmd appops ", "cmd connectivity ",
    "cmd notification ", "cmd package ", "cmd role ", "content delete ", "content insert ", "content query ", "content update ", "cp -", "cp /", "curl -", "curl http",
    "dd if=", "dpm ", "dumpsys ", "getprop %", "getprop persist.", "getprop ro.", "getprop sys.", "ifconfig ", "input keyevent", "input swipe ", "input tap ", "insmod %",
    "insmod -", "insmod /", "ip -", "ip addr ", "ip link ", "ip route ", "ip rule ", "ip6tables -", "iptables -", "kill -", "killall %", "killall -", "ln -s ",
    "logcat -", "ls -", "ls /", "modprobe -", "mount -", "mv /", "nc -", "ndc ", "netcfg ", "ping -", "ping6 -", "pm clear ", "pm disable", "pm enable", "pm grant ",
    "pm hide ", "pm install", "pm list ", "pm path ", "pm revoke ", "pm suspend ", "pm uninstall ", "ps -", "ps |", "restorecon -", "restorecon /", "rm -", "rm /",
    "rmmod ", "screencap ", "screenrecord ", "sendevent ", "setenforce ", "setprop %", "setprop ctl.", "setprop debug.", "setprop gsm.", "setprop log.", "setprop net.",
    "setprop persist.", "setprop ro.", "setprop service.", "setprop sys.", "setprop vendor.", "setprop wlan.", "settings delete ", "settings get ", "settings put ",
    "sh -c", "sh /", "start adbd", "stop adbd", "su -", "su 0", "su root", "svc bluetooth ", "svc data ", "svc power ", "svc usb ", "svc wifi ", "tar -", "tc class ",
    "tc filter ", "tc qdisc ", "tcpdump -", "toolbox ", "toybox ", "uiautomator ", "umount -", "umount /", "vdc ", "wget -", "wget http", "wm density ", "wm size ",
};

// Folders of the system that say where code reaches to.
constexpr std::string_view kFolders[] = {"/data/", "/system/", "/dev/", "/proc/", "/vendor/", "/sys/", "/sdcard", "/storage/", "/mnt/", "/cache/", "/persist/", "/product/", "/odm/", "/system_ext/", "/apex/", "/metadata/", "/firmware/", "/su/"};
constexpr std::string_view kWholePaths[] = {"/data", "/system", "/vendor", "/cache", "/default.prop", "/init.rc"};

constexpr std::string_view kProperties[] = {"ro.", "persist.", "sys.", "ctl.", "init.svc.", "gsm.", "ril.", "service.adb.", "wifi.", "dalvik.vm.", "vold."};

bool one_of_starts(std::string_view text, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view s) { return text.starts_with(s); });
}

// A command stands at the start of a line, behind a folder of programs, or behind what joins commands.
bool is_command(std::string_view text) {
  constexpr std::string_view kBefore[] = {"", "/bin/", "/xbin/", "; ", ";", "&& ", "| ", "\n", "-c ", "-c '", "-c \""};
  for (const std::string_view before : kBefore) {
    if (before.empty()) {
      if (one_of_starts(text, kCommands)) return true;
      continue;
    }
    for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1))
      if (one_of_starts(text.substr(at + before.size()), kCommands)) return true;
  }
  return false;
}

// A folder counts where a path can begin: not inside another path, as in a compiler's "…/out/system/…".
bool has_path(std::string_view text) {
  for (std::size_t at = text.find('/'); at != text.npos; at = text.find('/', at + 1)) {
    if (at > 0 && std::string_view(" \t\n\"'=:,;(<>|&[").find(text[at - 1]) == std::string_view::npos) continue;
    if (one_of_starts(text.substr(at), kFolders) || std::ranges::find(kWholePaths, text.substr(at)) != std::end(kWholePaths)) return true;
  }
  return false;
}

bool is_property(std::string_view text) {
  if (text.size() > 92 || text.ends_with(".so") || text.ends_with(".c") || !one_of_starts(text, kProperties)) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '%'; });
}

}  // namespace

std::string_view native_word_kind(std::string_view text) {
  if (is_command(text)) return "command";
  if (text.find("/dev/socket/") != text.npos || text.starts_with("ANDROID_SOCKET_")) return "socket";
  if (has_path(text)) return "path";
  if (is_property(text)) return "property";
  return {};
}

}  // namespace klik
