"""Lets signxml verify a signature.

    signed_xml.py xades|xmldsig SIGNED TRUSTED

TRUSTED is the signer's certificate, PEM. Succeeds if signxml accepts the signature; its words go to standard error.
"""

import sys

from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier
from signxml.xades import XAdESVerifier


def main(kind, signed, trusted):
    with open(signed, "rb") as file:
        document = etree.fromstring(file.read())
    with open(trusted) as file:
        certificate = file.read()
    any_place = SignatureConfiguration(location=".//", expect_references=2 if kind == "xades" else 1)
    if kind == "xades":
        verified = XAdESVerifier().verify(document, x509_cert=certificate, id_attribute="Id", expect_config=any_place)
        if not any(getattr(one, "signed_properties", None) is not None for one in verified):
            sys.exit("signxml saw no signed properties")
    else:
        XMLVerifier().verify(document, x509_cert=certificate, id_attribute="Id", expect_config=any_place)


main(*sys.argv[1:])
