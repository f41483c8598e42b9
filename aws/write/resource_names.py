"""Names of created resources: as given, derived from the idempotency key, or generated."""

import hashlib
import re
import secrets
from datetime import datetime

from aws.kinds.kind import Kind
from aws.write.inputs import CreateInput, WriteAuthor

_ILLEGAL = re.compile(r"[^a-zA-Z0-9]+")
# What is before the digest, or the time, of a name of 63 characters.
_READABLE = 40
_DIGEST_BYTES = 10


def resource_name(wanted: CreateInput, kind: Kind, author: WriteAuthor, stem: str, now: datetime) -> str:
    """The name that a thing gets.

    Args:
        wanted: The thing. Its name, where it has one, is taken as it is.
        kind: Its kind.
        author: For whom it is made: the same key of another group is another thing.
        stem: What a fresh name begins with.
        now: The time, for a fresh name.
    """
    if wanted.name is not None:
        return wanted.name
    if wanted.idempotency_key is not None:
        return _name_from_key(wanted.idempotency_key, kind, author.group)
    return f"{_legal_stem(stem, kind)}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(2)}"


def _name_from_key(key: str, kind: Kind, group: str) -> str:
    """It must not depend on the content: other content under the same key is to be found, not made."""
    whole = "\0".join((key, group, kind.value))
    digest = hashlib.blake2s(whole.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{_legal_stem(key, kind)}-{digest}"


def _legal_stem(text: str, kind: Kind) -> str:
    return _ILLEGAL.sub("-", text)[:_READABLE].strip("-") or kind.value
