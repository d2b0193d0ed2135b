"""pyHanko's verdict on a PDF's signatures by what is inside alone, at a moment: judge.py FILE ROOT.pem MOMENT."""

import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import RevocationInfoValidationType, validate_pdf_ltv_signature

with open(sys.argv[1], "rb") as file:
    reader = PdfFileReader(file)
    root = load_cert_from_pemder(sys.argv[2])
    moment = datetime.fromisoformat(sys.argv[3])
    for signature in reader.embedded_regular_signatures[-1:]:
        status = validate_pdf_ltv_signature(
            signature,
            RevocationInfoValidationType.PADES_LTA,
            {"trust_roots": [root], "moment": moment, "allow_fetching": False},
        )
        print(signature.field_name, status.summary())
        sys.exit(0 if status.bottom_line else 1)
    sys.exit("no signature")
