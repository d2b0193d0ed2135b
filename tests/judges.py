"""Runs the judges that are Python libraries; each argument names one thing to judge. Prints JSON.

    judges.py lint KIND NAME FILE [KIND NAME FILE]…   findings of pkilint at WARNING and above; KIND is certificate,
                                                      crl, ocsp or chain, where FILE is ISSUER,SUBJECT
    judges.py stamp ADDRESS ROOT INTERMEDIATE FILE    asks for a time stamp of a file and verifies it with
                                                      rfc3161-client; files of certificates are PEM
"""

import hashlib
import json
import sys
import urllib.request


def validators():
    """One validator of pkilint for each kind of thing, as its own programs put them together."""
    from pkilint import pkix
    from pkilint.bin import lint_pkix_signer_signee_cert_chain as chain
    from pkilint.pkix import certificate, crl, extension, name, ocsp

    decoders = [
        pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
        pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
    ]
    return {
        "certificate": certificate.create_pkix_certificate_validator_container(
            certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
            [
                certificate.create_issuer_validator_container([]),
                certificate.create_validity_validator_container(),
                certificate.create_subject_validator_container([]),
                certificate.create_extensions_validator_container([]),
                certificate.create_spki_validator_container([]),
            ],
        ),
        "crl": crl.create_pkix_crl_validator_container(
            decoders,
            [
                crl.create_issuer_validator_container([]),
                crl.create_validity_validator_container([]),
                crl.create_extensions_validator_container([]),
            ],
        ),
        "ocsp": ocsp.create_pkix_ocsp_response_validator_container([ocsp.create_response_decoder(), *decoders], []),
        "chain": (
            chain.create_decoder_validation_container(),
            chain.create_issuer_validation_container(),
            chain.create_subject_validation_container(),
        ),
    }


def lint(arguments):
    """Everything that pkilint finds, and how many validators looked at each thing."""
    from pkilint import loader
    from pkilint.validation import ValidationFindingSeverity

    known = validators()
    loaders = {
        "certificate": loader.load_der_certificate,
        "crl": loader.load_der_crl,
        "ocsp": loader.load_der_ocsp_response,
    }

    def load(kind, file, **more):
        with open(file, "rb") as opened:
            return loaders[kind](opened.read(), file, **more)

    def results(kind, file):
        if kind != "chain":
            return known[kind].validate(load(kind, file).root)
        both = {}
        for role, path in zip(("issuer", "subject"), file.split(","), strict=True):
            both[role] = load("certificate", path, substrate_source=role, parent=both)
        decode, of_issuer, of_subject = known["chain"]
        found = decode.validate(both["issuer"].root) + decode.validate(both["subject"].root)
        return found + of_issuer.validate(both["issuer"].root) + of_subject.validate(both["subject"].root)

    findings, looks = [], {}
    for kind, name, file in zip(arguments[::3], arguments[1::3], arguments[2::3], strict=True):
        found = results(kind, file)
        looks[name] = len(found)
        findings += [
            {"of": name, "code": said.finding.code, "severity": said.finding.severity.name, "where": result.node.path,
             "message": said.message}
            for result in found
            for said in result.finding_descriptions
            if said.finding.severity <= ValidationFindingSeverity.WARNING
        ]
    return {"findings": findings, "looks": looks}


def stamp(address, root, intermediate, file):
    """What a verified stamp says; an exception if it does not verify, or verifies for other data."""
    import cryptography.x509 as x509
    import rfc3161_client as client

    with open(file, "rb") as opened:
        data = opened.read()
    request = client.TimestampRequestBuilder().data(data).nonce(nonce=True).cert_request(cert_request=True).build()
    headers = {"Content-Type": "application/timestamp-query"}
    question = urllib.request.Request(address, data=request.as_bytes(), headers=headers)
    with urllib.request.urlopen(question) as reply:
        response = client.decode_timestamp_response(reply.read())

    def builder(nonce):
        made = client.VerifierBuilder(nonce=nonce)
        for path, add in ((root, "add_root_certificate"), (intermediate, "add_intermediate_certificate")):
            with open(path, "rb") as opened:
                made = getattr(made, add)(x509.load_pem_x509_certificate(opened.read()))
        return made

    refused = []
    for what, nonce, message in (
        ("other data", request.nonce, data + b"!"),
        ("other nonce", request.nonce ^ 1, data),
    ):
        try:
            builder(nonce).build().verify_message(response, message)
        except client.VerificationError:
            refused.append(what)
    return {
        "verified": builder(request.nonce).build().verify_message(response, data),
        "refused": refused,
        "nonce": response.tst_info.nonce == request.nonce,
        "imprint": response.tst_info.message_imprint.message == hashlib.sha512(data).digest(),
        "policy": response.tst_info.policy.dotted_string,
        "time": response.tst_info.gen_time.isoformat(),
    }


def main(command, *arguments):
    print(json.dumps({"lint": lint, "stamp": lambda given: stamp(*given)}[command](arguments), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
