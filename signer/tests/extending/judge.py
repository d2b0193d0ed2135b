"""pyHanko's verdict on a PDF's last signature and its time stamps, by what is inside alone: judge.py FILE ROOT.pem MOMENT.

At the moment the signer's certificate and that of the first time stamp live; of the later ones only the bytes are judged.
"""

import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore

with open(sys.argv[1], "rb") as file:
    reader = PdfFileReader(file)
    settings = {
        "trust_roots": [load_cert_from_pemder(sys.argv[2])],
        "moment": datetime.fromisoformat(sys.argv[3]),
        "allow_fetching": False,
        "revocation_mode": "hard-fail",
        "retroactive_revinfo": True,
    }
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    signature = reader.embedded_regular_signatures[-1]
    status = validate_pdf_signature(signature, context, ts_validation_context=context)
    print(status.pretty_print_details())
    stamps = [validate_pdf_timestamp(stamp, context) for stamp in reader.embedded_timestamp_signatures]
    print([stamp.summary() for stamp in stamps])
    sound = status.bottom_line and stamps[0].trusted and len(stamps) == 3
    sys.exit(0 if sound and all(stamp.intact and stamp.valid for stamp in stamps) else 1)
