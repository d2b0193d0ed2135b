"""pyHanko's verdict on a PDF's last signature and its time stamps, by what is inside alone: judge.py FILE ROOT.pem MOMENT STAMPS.

The signature and its own time stamp are judged at the moment, at which their certificates live, each of so many document
time stamps when it was made. Then the store alone must lead from every one of their certificates to the root: each
judgement has a context of its own, so that none profits from the certificates in the CMS of another.
"""

import asyncio
import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator

with open(sys.argv[1], "rb") as file:
    reader = PdfFileReader(file)
    root, moment = load_cert_from_pemder(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    store = DocumentSecurityStore.read_dss(reader)

    def context(at):
        settings = {
            "trust_roots": [root],
            "moment": at,
            "allow_fetching": False,
            "revocation_mode": "hard-fail",
            "retroactive_revinfo": True,
        }
        return store.as_validation_context(settings)

    def alone(certificate, at):
        path = CertificateValidator(certificate, validation_context=context(at))
        asyncio.run(path.async_validate_usage(key_usage=set()))

    signature = reader.embedded_regular_signatures[-1]
    status = validate_pdf_signature(signature, context(moment), ts_validation_context=context(moment))
    print(status.pretty_print_details())
    sound = status.bottom_line and status.timestamp_validity is not None and status.timestamp_validity.trusted
    alone(status.signing_cert, moment)
    alone(status.timestamp_validity.signing_cert, moment)
    stamps = reader.embedded_timestamp_signatures
    for stamp in stamps:
        at = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
        status = validate_pdf_timestamp(stamp, context(at))
        print(stamp.field_name, at, status.summary())
        sound = sound and status.intact and status.valid and status.trusted
        alone(status.signing_cert, at)
    sys.exit(0 if sound and len(stamps) == int(sys.argv[4]) else 1)
