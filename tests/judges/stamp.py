"""Lets rfc3161-client ask for time stamps and verify them.

    stamp.py ADDRESS ROOT INTERMEDIATE STRANGER DATA [QUERY]…

Certificates are PEM; nothing may verify under STRANGER. Asks for a stamp of DATA with SHA-256 and SHA-512 in the client's
own words, and with each QUERY that another program made of the same DATA. Prints JSON, one object for each stamp: what it
says, and for each way of verifying it whether it verifies.
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

# The package has no public name for reading a query; its version is pinned.
from rfc3161_client._rust import parse_timestamp_request


def content(path):
    with open(path, "rb") as file:
        return file.read()


def ask(address, query):
    headers = {"Content-Type": "application/timestamp-query"}
    with urllib.request.urlopen(urllib.request.Request(address, data=query, headers=headers)) as reply:
        return decode_timestamp_response(reply.read())


def own(data):
    for algorithm in HashAlgorithm:
        builder = TimestampRequestBuilder().data(data).hash_algorithm(algorithm)
        yield builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def verifies(response, message, nonce, root, intermediate):
    verifier = VerifierBuilder(nonce=nonce, roots=[root], intermediates=[intermediate]).build()
    try:
        return verifier.verify_message(response, message)
    except VerificationError:
        return False


def main(address, root, intermediate, stranger, file, *queries):
    root, intermediate, stranger = (
        x509.load_pem_x509_certificate(content(path)) for path in (root, intermediate, stranger)
    )
    data = content(file)
    judged = []
    for query in [*own(data), *map(content, queries)]:
        response = ask(address, query)
        nonce = parse_timestamp_request(query).nonce
        judged.append(
            {
                "hash": response.tst_info.message_imprint.hash_algorithm.dotted_string,
                "nonce": nonce is not None,
                "policy": response.tst_info.policy.dotted_string,
                "time": int(response.tst_info.gen_time.timestamp()),
                "as asked": verifies(response, data, nonce, root, intermediate),
                "of other data": verifies(response, data + b"!", nonce, root, intermediate),
                "of another nonce": verifies(response, data, (nonce or 0) ^ 1, root, intermediate),
                "under another root": verifies(response, data, nonce, stranger, intermediate),
            }
        )
    print(json.dumps(judged))


main(*sys.argv[1:])
