"""Confirms the vectors beside this file with implementations that share no code with ours.

pip install argon2-cffi==25.1.0 cryptography==50.0.2 pyhpke==0.6.5; python3 confirm.py
"""

import base64
import hashlib
import json
import pathlib
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

HERE = pathlib.Path(__file__).parent


def read(name):
    return json.loads((HERE / name).read_text())


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def meant(typed):
    """RFC 8265 4.2.2: spaces become plain, then NFC."""
    plain = "".join(" " if unicodedata.category(c) == "Zs" else c for c in typed)
    return unicodedata.normalize("NFC", plain).encode()


def private_key(hexadecimal):
    return ec.derive_private_key(int(hexadecimal, 16), ec.SECP256R1())


def signed_by(point, text):
    signed, _, signature = text.rpartition(".")
    signature = unbase64(signature)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def payload(text):
    return json.loads(unbase64(text.split(".")[1]))


def argon2id():
    for case in read("argon2id.json"):
        typed = meant(bytes.fromhex(case["typed_utf8"]).decode())
        salt, cost = bytes.fromhex(case["salt"]), (case["passes"], case["memory_kib"], case["lanes"])
        assert hash_secret_raw(typed, salt, *cost, 32, Type.ID, case["version"]).hex() == case["s"], case["what"]


def password():
    for case in read("password.json")["hashed"]:
        assert meant(bytes.fromhex(case["typed_utf8"]).decode()).hex() == case["hashed_utf8"], case["what"]


def sealed():
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    for case in read("sealed.json"):
        recipient = KEMKey.from_pyca_cryptography_key(private_key(case["recipient_private"]))
        wire, info = case["wire"], bytes.fromhex(case["info"])
        opened = suite.create_recipient_context(unbase64(wire["enc"]), recipient, info=info).open(unbase64(wire["ct"]))
        assert opened.decode() == case["plaintext_utf8"], case["what"]


def challenge():
    vectors = read("challenge.json")
    root, accepted = bytes.fromhex(vectors["root_public"]), 0
    for case in vectors["cases"]:
        genuine = signed_by(root, case["certificate"]) and signed_by(
            unbase64(payload(case["certificate"])["point"]), case["challenge"]
        )
        assert genuine or not case["accepted"], case["what"]
        accepted += case["accepted"]
    assert accepted, "one challenge at least is genuine"


def to_be_signed():
    vectors = read("to-be-signed.json")
    for document in vectors["docs"]:
        shown = bytes.fromhex(vectors["shown"])
        assert hashlib.new(document["alg"], shown).digest() == unbase64(document["digest"]), document["alg"]


for confirm in (argon2id, password, sealed, challenge, to_be_signed):
    confirm()
    print(f"{confirm.__name__}: confirmed")
