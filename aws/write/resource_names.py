"""Names of created resources: as given, derived from the idempotency key, or generated."""

import hashlib
import re
import secrets
from datetime import datetime

from aws.kinds.kind import Kind
from aws.write.inputs import CreateInput, WriteAuthor

_ILLEGAL = re.compile(r"[^a-zA-Z0-9]+")
# The characters before the digest, or the time, in a name of at most 63.
_READABLE = 40
_DIGEST_BYTES = 10


def resource_name(wanted: CreateInput, kind: Kind, author: WriteAuthor, stem: str, now: datetime) -> str:
    """Give the name of a new resource.

    Args:
        wanted: The input; its name, if it has one, is used as it is.
        kind: The kind of resource.
        author: The author: an equal key of another group gives another name.
        stem: The beginning of a generated name.
        now: The time, for a generated name.
    """
    if wanted.name is not None:
        return wanted.name
    if wanted.idempotency_key is not None:
        return _name_from_key(wanted.idempotency_key, kind, author.group)
    return f"{_legal_stem(stem, kind)}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(2)}"


def _name_from_key(key: str, kind: Kind, group: str) -> str:
    """The name must not depend on the content, so that other content under the same key is noticed."""
    whole = "\0".join((key, group, kind.value))
    digest = hashlib.blake2s(whole.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{_legal_stem(key, kind)}-{digest}"


def _legal_stem(text: str, kind: Kind) -> str:
    return _ILLEGAL.sub("-", text)[:_READABLE].strip("-") or kind.value
