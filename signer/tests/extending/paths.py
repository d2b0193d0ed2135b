"""Whether pyHanko finds, by what is inside alone, the path and the status of a signature's certificate and of those of all
its time stamps: paths.py FILE ROOT.pem MOMENT SIGNATURE STAMPS.

SIGNATURE is the Id of an XML signature, or the SHA-256 of the value of one in CMS. Its certificate and that of its own time
stamp are judged at the moment, those of so many archive time stamps when they were made.
"""

import asyncio
import base64
import hashlib
import sys
from datetime import datetime

from asn1crypto import cms, crl, ocsp, x509
from lxml import etree
from pyhanko.keys import load_cert_from_pemder
from pyhanko.sign.validation.generic_cms import cms_basic_validation
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
SIGNATURE_STAMP, ARCHIVE_STAMP = "1.2.840.113549.1.9.16.2.14", "0.4.0.1733.2.4"


def in_xml(data, name):
    """Signer, certificates, lists, answers, own time stamps, archive time stamps."""
    tree = etree.fromstring(data)
    (signature,) = [element for element in tree.iter(DSIG + "Signature") if element.get("Id") == name]

    def values(local, within=None):
        for element in signature.iter("{*}" + local):
            # What is in a counter-signature is that one's.
            own = next(element.iterancestors(DSIG + "Signature")) is signature
            if own and (within is None or etree.QName(element.getparent()).localname == within):
                yield base64.b64decode("".join(element.itertext()))

    given = list(values("X509Certificate"))
    return (
        given[0],
        given + list(values("EncapsulatedX509Certificate")),
        values("EncapsulatedCRLValue"),
        values("EncapsulatedOCSPValue"),
        values("EncapsulatedTimeStamp", "SignatureTimeStamp"),
        values("EncapsulatedTimeStamp", "ArchiveTimeStamp"),
    )


def in_cms(data, name):
    """The same."""
    signed = cms.ContentInfo.load(data)["content"]
    signers = signed["signer_infos"]
    (signer,) = [one for one in signers if hashlib.sha256(one["signature"].native).hexdigest() == name]
    certificates = [choice.chosen for choice in signed["certificates"]]
    (own,) = [one for one in certificates if one.serial_number == signer["sid"].chosen["serial_number"].native]
    choices = list(signed["crls"])
    others = [choice.chosen for choice in choices if choice.name == "other"]

    def stamps(kind):
        for attribute in signer["unsigned_attrs"]:
            if attribute["type"].dotted == kind:
                yield from (value.dump() for value in attribute["values"])

    return (
        own.dump(),
        [one.dump() for one in certificates],
        [choice.chosen.dump() for choice in choices if choice.name != "other"],
        [one["other_rev_info"].dump() for one in others if one["other_rev_info_format"].dotted == OCSP_RESPONSE],
        stamps(SIGNATURE_STAMP),
        stamps(ARCHIVE_STAMP),
    )


with open(sys.argv[1], "rb") as file:
    data = file.read()
root, moment = load_cert_from_pemder(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
read = in_cms if data[:1] == b"\x30" else in_xml
signer, certificates, lists, answers, own, archives = map(
    lambda found: found if isinstance(found, bytes) else list(found), read(data, sys.argv[4])
)


def context(at):
    return ValidationContext(
        trust_roots=[root],
        other_certs=[x509.Certificate.load(one) for one in certificates],
        crls=[crl.CertificateList.load(one) for one in lists],
        ocsps=[ocsp.OCSPResponse.load(one) for one in answers],
        moment=at,
        allow_fetching=False,
        revocation_mode="hard-fail",
        retroactive_revinfo=True,
    )


path = CertificateValidator(x509.Certificate.load(signer), validation_context=context(moment))
asyncio.run(path.async_validate_usage(key_usage={"non_repudiation"}))
sound = len(own) == 1 and len(archives) == int(sys.argv[5])
for token in own + archives:
    stamp = cms.ContentInfo.load(token)["content"]
    at = stamp["encap_content_info"]["content"].parsed["gen_time"].native
    usage = TimestampSignatureStatus.default_usage_constraints()
    status = asyncio.run(
        cms_basic_validation(
            stamp, validation_context=context(moment if token in own else at), key_usage_settings=usage
        )
    )
    print(at, status["intact"], status["valid"], status["trust_problem_indic"])
    sound = sound and status["intact"] and status["valid"] and status["trust_problem_indic"] is None
sys.exit(0 if sound else 1)
