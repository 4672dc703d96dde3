"""Verified-boot metadata with a signature of a made key. Layout: AOSP external/avb libavb (avb_vbmeta_image.h, avb_descriptor.h)."""
import hashlib
import struct
import subprocess

from apk import run

ALGORITHM = 1                        # SHA256_RSA2048: hash and signature are 32 and 256 bytes


def descriptor(tag, body):
    body += bytes(-len(body) % 8)
    return struct.pack(">QQ", tag, len(body)) + body


def property_of(key, value):
    key, value = key.encode(), value.encode()
    return descriptor(0, struct.pack(">QQ", len(key), len(value)) + key + b"\0" + value + b"\0")


def hash_of(name, image, salt=b"\x05" * 32):
    digest = hashlib.sha256(salt + image).digest()
    return descriptor(2, struct.pack(">Q32sIII", len(image), b"sha256", len(name), len(salt), len(digest)) + struct.pack(">I60x", 0) + name.encode() + salt + digest)


def public_key(key):
    modulus = int(run("openssl", "rsa", "-inform", "DER", "-in", key, "-noout", "-modulus").decode().split("=")[1], 16)
    bits = modulus.bit_length()
    return struct.pack(">II", bits, -pow(modulus, -1, 1 << 32) % (1 << 32)) + modulus.to_bytes(bits // 8, "big") + pow(2, 2 * bits, modulus).to_bytes(bits // 8, "big")


def vbmeta(descriptors, key, rollback=5, flags=0):
    body = b"".join(descriptors)
    public = public_key(key)
    auxiliary = body + public
    auxiliary += bytes(-len(auxiliary) % 64)
    header = b"AVB0" + struct.pack(">IIQQI", 1, 0, 320, len(auxiliary), ALGORITHM)
    header += struct.pack(">QQQQ", 0, 32, 32, 256)
    header += struct.pack(">QQQQ", len(body), len(public), 0, 0)
    header += struct.pack(">QQQII", 0, len(body), rollback, flags, 0)
    header += b"made for a bench".ljust(48, b"\0") + bytes(80)
    signed = header + auxiliary
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-sign", str(key)], input=signed, capture_output=True, check=True).stdout
    meta = header + (hashlib.sha256(signed).digest() + signature).ljust(320, b"\0") + auxiliary
    return meta + bytes(-len(meta) % 4096)
