"""Signs a PDF many times with pyHanko and a key on a PKCS#11 token, and prints how many a second.

    pyhanko.py MODULE TOKEN PIN FILE COUNT

The key is made anew and lives as long as the session. Its certificate is signed by a key that nobody keeps. What is
measured is reading the file, signing it (B-B) and writing it: neither starting Python nor opening the token.
"""

import datetime
import io
import sys
import time

import pkcs11
from asn1crypto import keys, x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11.util.rsa import encode_rsa_public_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer

LABEL = "pyhanko"


def certificate(public):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pyHanko")])
    now = datetime.datetime.now(datetime.timezone.utc)
    algorithm = {"algorithm": "rsa"}
    spki = keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.RSAPublicKey.load(encode_rsa_public_key(public))})
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .public_key(serialization.load_der_public_key(spki.dump()))
    )
    made = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return asn1.Certificate.load(made.public_bytes(serialization.Encoding.DER))


def main(module, token, pin, path, count):
    session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin, rw=True)
    public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, label=LABEL)
    signer = PKCS11Signer(session, signing_cert=certificate(public), key_label=LABEL)
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    begun = time.perf_counter()
    for _ in range(int(count)):
        with open(path, "rb") as file:
            writer = IncrementalPdfFileWriter(io.BytesIO(file.read()))
        signed = signers.PdfSigner(metadata, signer=signer).sign_pdf(writer)
        with open(f"{path}.{session.token.slot.slot_id}", "wb") as file:
            file.write(signed.getbuffer())
    print(int(count) / (time.perf_counter() - begun))


if __name__ == "__main__":
    main(*sys.argv[1:])
