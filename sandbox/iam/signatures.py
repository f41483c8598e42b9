"""Check of signatures of version 4 against the secret that belongs to a request's key."""

import hashlib
import hmac
import re
from functools import lru_cache
from urllib.parse import quote, unquote

from sandbox.requests import IncomingRequest

_SIGNED = re.compile(r"SignedHeaders=([^,\s]+).*Signature=([0-9a-f]+)")
_SPACES = re.compile(r"\s+")
_UNRESERVED = "-_.~"


def is_signed_with(request: IncomingRequest, secret: str) -> bool:
    """True if the request's signature (header, query string or upload form) was made with this secret."""
    header = request.headers.get("authorization", "")
    if header:
        match = _SIGNED.search(header)
        if match is None:
            return False
        when, payload = request.headers.get("x-amz-date", ""), _payload_hash(request)
        return _compare(request, secret, match[1], match[2], when, request.query, payload)
    if request.upload_form:
        return _is_form_signed_with(request.upload_form, secret)
    signature = request.arguments.get("X-Amz-Signature", "")
    query = "&".join(part for part in request.query.split("&") if not part.startswith("X-Amz-Signature="))
    headers, when = request.arguments.get("X-Amz-SignedHeaders", ""), request.arguments.get("X-Amz-Date", "")
    return _compare(request, secret, headers, signature, when, query, "UNSIGNED-PAYLOAD")


def _is_form_signed_with(form: dict[str, str], secret: str) -> bool:
    _, date, region, service, _ = form["x-amz-credential"].split("/")
    made = hmac.new(_key(secret, date, region, service), form.get("policy", "").encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, form.get("x-amz-signature", ""))


def _compare(
    request: IncomingRequest, secret: str, signed: str, signature: str, when: str, query: str, payload: str
) -> bool:
    if request.credential is None:
        return False
    _, region, service = request.credential
    canonical = "\n".join(
        [
            request.method,
            _path(request, service),
            _query(query),
            *(f"{name}:{_SPACES.sub(' ', request.headers.get(name, '').strip())}" for name in signed.split(";")),
            "",
            signed,
            payload,
        ]
    )
    scope = f"{when[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = hmac.new(_key(secret, when[:8], region, service), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, signature)


def _payload_hash(request: IncomingRequest) -> str:
    return request.headers.get("x-amz-content-sha256") or hashlib.sha256(request.body).hexdigest()


def _path(request: IncomingRequest, service: str) -> str:
    # S3 signs the path as it is sent, every other service that path encoded once more.
    return request.raw_path if service == "s3" else quote(request.raw_path, safe="/" + _UNRESERVED)


def _query(query: str) -> str:
    pairs = [part.partition("=") for part in query.split("&") if part]
    encoded = sorted((quote(unquote(k), safe=_UNRESERVED), quote(unquote(v), safe=_UNRESERVED)) for k, _, v in pairs)
    return "&".join(f"{key}={value}" for key, value in encoded)


@lru_cache(maxsize=512)
def _key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
