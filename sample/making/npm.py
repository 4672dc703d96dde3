"""Openly licensed real apps from npm packages. Without npm or network the sample is made without them, and says so."""
import shutil
import subprocess

# (file in node_modules, place on the phone)
REAL_APPS = [
    ("android-apidemos/apks/ApiDemos-debug.apk", "system/app/ApiDemos/ApiDemos.apk"),
    ("io.appium.settings/apks/settings_apk-debug.apk", "product/app/AppiumSettings/AppiumSettings.apk"),
    ("appium-uiautomator2-server/apks/appium-uiautomator2-server-v10.6.6.apk", "product/app/UiAutomator2Server/UiAutomator2Server.apk"),
    ("appium-uiautomator2-server/apks/appium-uiautomator2-server-debug-androidTest.apk",
     "product/app/UiAutomator2ServerTest/UiAutomator2ServerTest.apk"),
]


def present(folder, manifest):
    """Whether the APKs are there, fetched for these pins."""
    asked = folder / "package.json"
    return asked.is_file() and asked.read_bytes() == manifest.read_bytes() and all((folder / "node_modules" / name).is_file() for name, _ in REAL_APPS)


def fetch(folder, manifest):
    """Installs the pinned packages below folder; "" or why that could not be."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(manifest, folder / "package.json")
    command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock",
               "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=1000", "--fetch-timeout=30000"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return "npm did not finish within ten minutes"
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "npm error" in line.lower() or "npm err!" in line.lower()]
        return f"npm could not fetch them ({lines[0].strip() if lines else 'no reason given'})"
    return "" if present(folder, manifest) else "the npm packages do not hold the expected APKs"
