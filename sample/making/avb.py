"""Verified-boot structures without a signature. Layouts: AOSP external/avb libavb (avb_vbmeta_image.h, avb_descriptor.h, avb_footer.h)."""
import hashlib
import struct

BLOCK = 4096


def _descriptor(tag, body):
    body += bytes(-len(body) % 8)
    return struct.pack(">QQ", tag, len(body)) + body


def property_descriptor(key, value):
    key, value = key.encode(), value.encode()
    return _descriptor(0, struct.pack(">QQ", len(key), len(value)) + key + b"\0" + value + b"\0")


def hash_descriptor(name, image, salt):
    digest = hashlib.sha256(salt + image).digest()
    fixed = struct.pack(">Q32sIII", len(image), b"sha256", len(name), len(salt), len(digest)) + struct.pack(">I60x", 0)
    return _descriptor(2, fixed + name.encode() + salt + digest)


def vbmeta(descriptors):
    """Algorithm 0 (none): no hash, no signature, no key; the descriptors are the whole auxiliary block."""
    auxiliary = b"".join(descriptors)
    auxiliary += bytes(-len(auxiliary) % 64)
    size = sum(len(one) for one in descriptors)
    header = b"AVB0" + struct.pack(">IIQQI", 1, 0, 0, len(auxiliary), 0)
    header += struct.pack(">QQQQ", 0, 0, 0, 0)                    # hash and signature in the empty authentication block
    header += struct.pack(">QQQQ", 0, 0, 0, 0)                    # public key and its metadata
    header += struct.pack(">QQQII", 0, size, 0, 0, 0)             # descriptors, rollback index, flags, rollback location
    return header + b"made sample, unsigned".ljust(48, b"\0") + bytes(80) + auxiliary


def with_footer(image, descriptors):
    """The image, its vbmeta behind it, and the footer in the last 64 bytes of the last block."""
    meta = vbmeta(descriptors)
    padded = image + bytes(-len(image) % BLOCK)
    footer = b"AVBf" + struct.pack(">IIQQQ28x", 1, 0, len(image), len(padded), len(meta))
    return padded + meta + bytes(-len(meta) % BLOCK) + bytes(BLOCK - len(footer)) + footer


def public_key(modulus):
    """RSA key as AVB stores it: bits, -1/n mod 2^32, n, 2^(2*bits) mod n."""
    bits = modulus.bit_length()
    inverse = -pow(modulus, -1, 1 << 32) % (1 << 32)
    square = pow(2, 2 * bits, modulus)
    return struct.pack(">II", bits, inverse) + modulus.to_bytes(bits // 8, "big") + square.to_bytes(bits // 8, "big")
