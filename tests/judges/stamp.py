"""Lets rfc3161-client ask for time stamps and verify them.

    stamp.py ADDRESS ROOT INTERMEDIATE DATA [QUERY]…

Certificates are PEM. Asks for a stamp of DATA in the client's own words, with SHA-256 and SHA-512, and posts each QUERY
that another program made of the same DATA. Prints JSON, one object for each stamp.
"""

import json
import sys
import urllib.request

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def ask(address, query):
    headers = {"Content-Type": "application/timestamp-query"}
    with urllib.request.urlopen(urllib.request.Request(address, data=query, headers=headers)) as reply:
        return decode_timestamp_response(reply.read())


def own(data):
    """Queries of the client with their nonces."""
    for algorithm in HashAlgorithm:
        builder = TimestampRequestBuilder().data(data).hash_algorithm(algorithm)
        query = builder.nonce(nonce=True).cert_request(cert_request=True).build()
        yield query.as_bytes(), query.nonce


def judge(response, nonce, data, authorities):
    def verifies(expected, message):
        root, intermediate = authorities
        verifier = VerifierBuilder(nonce=expected, roots=[root], intermediates=[intermediate]).build()
        try:
            return verifier.verify_message(response, message)
        except VerificationError as refused:
            return str(refused)

    return {
        "hash": response.tst_info.message_imprint.hash_algorithm.dotted_string,
        "policy": response.tst_info.policy.dotted_string,
        "time": int(response.tst_info.gen_time.timestamp()),
        "verdict": verifies(nonce, data),
        "of other data": verifies(nonce, data + b"!"),
        "of another nonce": verifies((nonce or 0) ^ 1, data),
    }


def main(address, root, intermediate, file, *queries):
    authorities = [x509.load_pem_x509_certificate(content(path)) for path in (root, intermediate)]
    data = content(file)
    asked = [*own(data), *((content(query), None) for query in queries)]
    print(json.dumps([judge(ask(address, query), nonce, data, authorities) for query, nonce in asked]))


main(*sys.argv[1:])
