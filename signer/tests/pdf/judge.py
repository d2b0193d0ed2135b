"""pyHanko's verdict on each signature of a PDF: judge.py FILE ROOT.pem [lax]."""

import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

with open(sys.argv[1], "rb") as file:
    reader = PdfFileReader(file, strict=len(sys.argv) < 4)
    root = load_cert_from_pemder(sys.argv[2])
    bad = 0
    for signature in reader.embedded_signatures:
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        if signature.sig_object_type == "/DocTimeStamp":
            status = validate_pdf_timestamp(signature, context)
        else:
            status = validate_pdf_signature(signature, context, ts_validation_context=context)
        if signature.sig_object_type == "/DocTimeStamp":
            sound = status.intact and status.valid and status.trusted
        else:
            sound = status.bottom_line
        bad += not sound
        print(signature.field_name, status.summary(), "sound" if sound else "UNSOUND")
    sys.exit(1 if bad else 0)
