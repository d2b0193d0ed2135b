"""Lets pkilint look at many files in one process; starting Python takes longer than looking.

    lint.py [HOW NAME FILE]…

HOW is certificate, crl, ocsp or chain; a chain's FILE is ISSUER,SUBJECT. Prints JSON: findings of WARNING and above, and
how many validators looked at each NAME. What each HOW validates is what pkilint's program of that name does.
"""

import json
import sys

from pkilint import loader, pkix
from pkilint.bin import lint_pkix_signer_signee_cert_chain as signed
from pkilint.pkix import certificate, crl, extension, name, ocsp
from pkilint.validation import ValidationFindingSeverity

DECODERS = [
    pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
    pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
]
ALONE = {
    # lint_pkix_cert
    "certificate": (
        loader.load_der_certificate,
        certificate.create_pkix_certificate_validator_container(
            certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
            [
                certificate.create_issuer_validator_container([]),
                certificate.create_validity_validator_container(),
                certificate.create_subject_validator_container([]),
                certificate.create_extensions_validator_container([]),
                certificate.create_spki_validator_container([]),
            ],
        ),
    ),
    # lint_crl --profile PKIX
    "crl": (
        loader.load_der_crl,
        crl.create_pkix_crl_validator_container(
            DECODERS,
            [
                crl.create_issuer_validator_container([]),
                crl.create_validity_validator_container([]),
                crl.create_extensions_validator_container([]),
            ],
        ),
    ),
    # lint_ocsp_response
    "ocsp": (
        loader.load_der_ocsp_response,
        ocsp.create_pkix_ocsp_response_validator_container([ocsp.create_response_decoder(), *DECODERS], []),
    ),
}


def content(path):
    with open(path, "rb") as file:
        return file.read()


def chain(issuer, subject):
    """What lint_pkix_signer_signee_cert_chain finds."""
    both = {}
    for role, path in (("issuer", issuer), ("subject", subject)):
        both[role] = loader.load_der_certificate(content(path), path, role, both)
    decode = signed.create_decoder_validation_container()
    return [
        *decode.validate(both["issuer"].root),
        *decode.validate(both["subject"].root),
        *signed.create_issuer_validation_container().validate(both["issuer"].root),
        *signed.create_subject_validation_container().validate(both["subject"].root),
    ]


def results(how, path):
    if how == "chain":
        return chain(*path.split(","))
    load, validator = ALONE[how]
    return validator.validate(load(content(path), path).root)


def main(*arguments):
    findings, looks = [], {}
    for how, of, path in zip(arguments[::3], arguments[1::3], arguments[2::3], strict=True):
        found = results(how, path)
        looks[of] = len(found)
        findings += [
            {"finding": said.finding.code, "kind": of, "where": result.node.path, "message": said.message}
            for result in found
            for said in result.finding_descriptions
            if said.finding.severity <= ValidationFindingSeverity.WARNING
        ]
    print(json.dumps({"findings": findings, "looks": looks}))


main(*sys.argv[1:])
