"""Makes asn1crypto-all-pss.der, openssl-named.der, signxml-xades.xml, signxml-inherited.xml; needs asn1crypto, lxml, signxml, cryptography."""
import datetime, hashlib, json, sys
from asn1crypto import algos, cms, core, tsp, x509 as ax
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
import signxml
from signxml import methods, XMLSigner
from signxml.xades import XAdESSigner

out = {}
SHOWN = b"Tamga vector document\n"
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Vector")])
now = datetime.datetime(2026, 11, 21)
cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(77)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(3650)).sign(key, hashes.SHA256()))
der = cert.public_bytes(serialization.Encoding.DER)
pem = cert.public_bytes(serialization.Encoding.PEM)
c = ax.Certificate.load(der)

def attrs(name, hash_name, profile, named, protection, extra):
    essid = {"cert_hash": hashlib.sha256(der).digest(), "issuer_serial": {"issuer": [ax.GeneralName("directory_name", c.issuer)], "serial_number": c.serial_number}}
    from asn1crypto.parser import emit
    # asn1crypto leaves the default algorithm out, as DER has it; the explicit form is put in front by hand.
    explicit = bytes.fromhex("300d06096086480165030402010500") if named else b""
    plain = core.Sequence.load(tsp.ESSCertIDv2(essid).dump()).contents
    body = emit(0, 1, 16, explicit + plain) if named else tsp.ESSCertIDv2(essid).dump()
    sc2 = emit(0, 1, 16, emit(0, 1, 16, body))
    def attribute(oid, value):
        return emit(0, 1, 16, core.ObjectIdentifier(oid).dump() + emit(0, 1, 17, value))
    items = [
        attribute("1.2.840.113549.1.9.3", core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()),
        attribute("1.2.840.113549.1.9.4", core.OctetString(hashlib.new(hash_name, SHOWN).digest()).dump()),
        attribute("1.2.840.113549.1.9.5", cms.Time(name="utc_time", value=now.replace(tzinfo=datetime.timezone.utc)).dump()),
        attribute("1.2.840.113549.1.9.16.2.47", sc2),
    ] + [attribute(o, v) for o, v in extra]
    if protection:
        items.append(attribute("1.2.840.113549.1.9.52", cms.CMSAlgorithmProtection(protection).dump()))
    data = emit(0, 1, 17, b"".join(sorted(items)))
    # judge: asn1crypto reads it back
    got = cms.CMSAttributes.load(data, strict=True)
    assert [a['values'][0].native for a in got if a['type'].native == 'message_digest'] == [hashlib.new(hash_name, SHOWN).digest()]
    open(name, "wb").write(data)
    out[name] = {"kind": "cms", "profile": profile, "shown": [hashlib.new(hash_name, SHOWN).hexdigest()], "certificate": hashlib.sha256(der).hexdigest()}

class Commit(core.Sequence): _fields = [("id", core.ObjectIdentifier)]
class Policy(core.Sequence): _fields = [("id", core.ObjectIdentifier), ("hash", algos.DigestInfo)]
class Location(core.Sequence): _fields = [("country", core.UTF8String, {"explicit": 0}), ("city", core.UTF8String, {"explicit": 1})]
pss = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": {"hash_algorithm": {"algorithm": "sha384"}, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha384"}}, "salt_length": 48}})
attrs("asn1crypto-all-pss.der", "sha384", "rsa-pss-sha384", False, {"digest_algorithm": {"algorithm": "sha384"}, "signature_algorithm": pss}, [
    ("1.2.840.113549.1.9.16.2.16", Commit({"id": "1.2.840.113549.1.9.16.6.5"}).dump()),
    ("1.2.840.113549.1.9.16.2.15", Policy({"id": "1.2.398.3.3.2.1", "hash": {"digest_algorithm": {"algorithm": "sha256"}, "digest": b"\x11" * 32}}).dump()),
    ("1.2.840.113549.1.9.16.2.17", Location({"country": "KZ", "city": "Алматы"}).dump()),
    ("0.4.0.1733.2.1", core.UTF8String("application/pdf").dump())])
attrs("asn1crypto-named-hash.der", "sha256", "ecdsa-p256-sha256", True, {"digest_algorithm": {"algorithm": "sha256"}, "signature_algorithm": {"algorithm": "sha256_ecdsa"}}, [])
attrs("asn1crypto-rsa.der", "sha512", "rsa-pkcs1-sha512", False, {"digest_algorithm": {"algorithm": "sha512"}, "signature_algorithm": {"algorithm": "sha512_rsa"}}, [])

DS = "{http://www.w3.org/2000/09/xmldsig#}"
def xml(name, signed, exclusive):
    si = signed.find(f".//{DS}SignedInfo")
    octets = etree.tostring(si, method="c14n", exclusive=exclusive)
    shown = [__import__("base64").b64decode(r.find(f"{DS}DigestValue").text).hex() for r in si.findall(f"{DS}Reference") if r.get("Type") != "http://uri.etsi.org/01903#SignedProperties"]
    open(name, "wb").write(octets)
    out[name] = {"kind": "xml", "profile": "ecdsa-p256-sha256", "shown": shown, "certificate": "00" * 32}

doc = etree.fromstring('<act xmlns="urn:example:act" xmlns:q="urn:example:q" xmlns:a="https://example.kz/a"><q:part/></act>')
EXC = methods.__dict__
C = signxml.CanonicalizationMethod
xml("signxml-inherited.xml", XMLSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256", c14n_algorithm=C.CANONICAL_XML_1_0).sign(doc, key=key, cert=pem.decode()), False)
xml("signxml-xades.xml", XAdESSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256", c14n_algorithm=C.EXCLUSIVE_XML_CANONICALIZATION_1_0).sign(doc, key=key, cert=pem.decode()), True)
json.dump(out, open("new.json", "w"), indent=2, sort_keys=True)
