"""pyHanko's verdict on each signature of a PDF: judge.py FILE ROOT.pem [lax] [kept].

Paths are built with the file's security store if it has one; a kept file must need nothing else, revocation too.
"""

import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

with open(sys.argv[1], "rb") as file:
    modes = sys.argv[3:]
    reader = PdfFileReader(file, strict="lax" not in modes)
    settings = {"trust_roots": [load_cert_from_pemder(sys.argv[2])], "allow_fetching": False}
    if "kept" in modes:
        settings |= {"revocation_mode": "hard-fail", "retroactive_revinfo": True}

    def new_context():
        try:
            return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
        except NoDSSFoundError:
            return ValidationContext(**settings)

    bad = 0
    for signature in reader.embedded_signatures:
        context = new_context()
        if signature.sig_object_type == "/DocTimeStamp":
            status = validate_pdf_timestamp(signature, context)
            sound = status.intact and status.valid and status.trusted
        else:
            status = validate_pdf_signature(signature, context, ts_validation_context=new_context())
            sound = status.bottom_line
        bad += not sound
        print(signature.field_name, status.summary(), "sound" if sound else "UNSOUND")
    sys.exit(1 if bad else 0)
