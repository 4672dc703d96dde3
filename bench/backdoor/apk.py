"""APKs as tables of entries; written in another order, packed again, signed with made keys."""
import hashlib
import io
import re
import struct
import subprocess
import threading
import zipfile
from pathlib import Path

SIGNATURE = re.compile(r"META-INF/(MANIFEST\.MF|[^/]+\.(SF|RSA|DSA|EC))$", re.IGNORECASE)
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class Failed(Exception):
    """A program said no; the text is what to show."""


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **more)
    if done.returncode:
        raise Failed(f"{' '.join(str(word) for word in command[:6])} …\n{(done.stdout + done.stderr).decode(errors='replace')[-2000:]}")
    return done.stdout


class Apk(dict):
    """{name: bytes}, and which of them the archive stored without compression."""

    def __init__(self, data):
        super().__init__()
        self.stored = set()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.filename.endswith("/") or info.filename in self:
                    continue
                self[info.filename] = archive.read(info)
                if info.compress_type == zipfile.ZIP_STORED:
                    self.stored.add(info.filename)

    def drop_signature(self):
        for name in [name for name in self if SIGNATURE.match(name)]:
            del self[name]

    def dex_names(self):
        return sorted((n for n in self if re.fullmatch(r"classes\d*\.dex", n)), key=lambda n: (len(n), n))

    def pack(self, rng):
        """Another order of entries, other times, level and padding; meaning as before."""
        names = sorted(self)
        rng.shuffle(names)
        out, level, time = io.BytesIO(), rng.choice((6, 9)), (2009, 1, 1, 0, 0, rng.randrange(0, 60, 2))
        align = rng.choice((4, 8, 4096))
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                info = zipfile.ZipInfo(name, time)
                info.external_attr = 0o100644 << 16
                info.compress_type = zipfile.ZIP_STORED if name in self.stored else zipfile.ZIP_DEFLATED
                if name in self.stored:
                    start = archive.start_dir + 30 + len(name.encode()) + 6
                    info.extra = struct.pack("<HHH", 0xD935, 2 + -start % align, align) + bytes(-start % align)
                archive.writestr(info, self[name], compresslevel=level)
        return out.getvalue()


def signer_of(data):
    """SHA-256 of the certificate in the archive's first v1 signature block, or of its v2 block; None when there is none."""
    certificate = certificate_of(data)
    return hashlib.sha256(certificate).hexdigest() if certificate else None


def certificate_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        block = next((n for n in archive.namelist() if re.match(r"META-INF/[^/]+\.(RSA|DSA|EC)$", n, re.IGNORECASE)), None)
        if block:
            pem = subprocess.run(["openssl", "pkcs7", "-inform", "DER", "-print_certs"], input=archive.read(block), capture_output=True, check=True).stdout
            first = pem[pem.index(b"-----BEGIN"):pem.index(b"-----END") + 25]
            return subprocess.run(["openssl", "x509", "-outform", "DER"], input=first, capture_output=True, check=True).stdout
    return _certificate_of_v2(data)


def _certificate_of_v2(data):
    end = data.rfind(b"PK\x05\x06")
    directory = struct.unpack_from("<I", data, end + 16)[0]
    if data[directory - 16:directory] != b"APK Sig Block 42":
        return None
    size = struct.unpack_from("<Q", data, directory - 24)[0]
    at = directory - size
    while at < directory - 24:
        length, identity = struct.unpack_from("<QI", data, at)
        if identity in (0x7109871A, 0xF05368C0):
            # signers → signer → signed data → digests, certificates → certificate: each behind its length.
            p = at + 12 + 12
            p += 4 + struct.unpack_from("<I", data, p)[0] + 4
            return data[p + 4:p + 4 + struct.unpack_from("<I", data, p)[0]]
        at += 8 + length
    return None


class Keys:
    """Made keys in a folder, one for each original signer, so that both sides of a comparison keep who signed what."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()

    def made(self, name):
        key, certificate = self.folder / f"{name}.pk8", self.folder / f"{name}.pem"
        with self.lock:
            if not certificate.exists():
                pem = self.folder / f"{name}.key"
                run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes", "-days", "36500", "-subj", f"/CN=bench {name[:12]}/O=made for a bench",
                    "-keyout", pem, "-out", certificate)
                run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", pem, "-outform", "DER", "-out", key)
        return key, certificate

    def certificate(self, name):
        return run("openssl", "x509", "-in", self.made(name)[1], "-outform", "DER")

    def sign(self, data, name, sdk, work):
        key, certificate = self.made(name)
        return sign(data, key, certificate, sdk, work)


def sign(data, key, certificate, sdk, work):
    unsigned, signed = work / "unsigned.apk", work / "signed.apk"
    unsigned.write_bytes(data)
    newer = "true" if sdk >= 24 else "false"
    run(*JAVA, "-cp", "/usr/share/java/apksigner.jar:/usr/share/java/apksig.jar", "com.android.apksigner.ApkSignerTool", "sign",
        "--min-sdk-version", max(sdk, 18), "--v1-signing-enabled", "true", "--v2-signing-enabled", newer, "--v3-signing-enabled", "false", "--v4-signing-enabled", "false",
        "--v1-signer-name", "CERT", "--key", key, "--cert", certificate, "--in", unsigned, "--out", signed)
    return signed.read_bytes()
