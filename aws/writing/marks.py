"""What is left on everything that is made, as tags: for whom it was made, and a digest of what was asked for."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from aws.kinds import Kind
from aws.resources import Tag
from aws.writing.inputs import Author, Named
from aws.writing.patterns import translated
from aws.writing.requests import Request

CONTENT, CREATED_BY, GROUP = "sagegraph:content", "sagegraph:created-by", "sagegraph:group"
DEPLOYMENT = "sagegraph:deployment"
_RESERVED = ("sagegraph:", "aws:")
# What is made for a deployment has a fourth tag of ours, and none that anybody asks for.
_MOST_TAGS, _OURS = 50, 3
_ILLEGAL = translated(r"[^\p{L}\p{Z}\p{N}_.:/=+\-@]")
_VALUE_LENGTH = 256
# Tags are widely readable, and content may hold secrets that can be guessed: each guess shall cost 16 MB and 50 ms.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 24}
_VERSION = "1"
_NAMING = ("name", "idempotency_key")


async def content_digest(wanted: Named, kind: Kind, name: str) -> str:
    """A digest of all that was asked for, but for the name, which salts it. It takes a while, on another thread."""
    salt = f"{kind.value}:{name}".encode()
    digest = await asyncio.to_thread(_slow, canonical(wanted), salt)
    return f"{_VERSION}.{urlsafe_b64encode(digest).decode()}"


def canonical(wanted: Named) -> bytes:
    """What was asked for, spelled in one way: without what was left out, and maps in the order of their keys."""
    members = {name: value for name, value in asdict(wanted).items() if name not in _NAMING}
    return json.dumps(_canonical(members), sort_keys=True, separators=(",", ":")).encode()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        items = [_canonical(item) for item in value]
        if items and all(isinstance(item, dict) and set(item) == {"key", "value"} for item in items):
            return sorted(items, key=lambda item: (item["key"], item["value"]))
        return items
    return value


def _slow(content: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(content, salt=salt, **_SCRYPT)


def check_tags(request: Request, tags: Sequence[Tag]) -> None:
    """Notes what is at fault with tags that were asked for, but for what the service model says of them."""
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        if tag.key.lower().startswith(_RESERVED):
            request.fault("begins with a prefix that is not for callers to use", "tags", str(index), "key")
        if tag.key in seen:
            request.fault(f"is given twice: `{tag.key}`", "tags", str(index), "key")
        seen.add(tag.key)
    if len(tags) > _MOST_TAGS - _OURS:
        request.fault(f"has {len(tags)} tags; beside our own there is room for {_MOST_TAGS - _OURS}", "tags")


def our_tags(author: Author, digest: str) -> Iterable[Tag]:
    """The tags that are left beside those that were asked for."""
    ours = (Tag(CREATED_BY, legal(author.subject)), Tag(GROUP, legal(author.group)), Tag(CONTENT, digest))
    return ours if author.deployment is None else (*ours, Tag(DEPLOYMENT, author.deployment))


def legal(text: str) -> str:
    """The text as a tag's value can be; where it must be altered, a digest keeps it apart from others."""
    altered = _ILLEGAL.sub("_", text)
    if altered == text and len(text) <= _VALUE_LENGTH:
        return text
    digest = hashlib.blake2s(text.encode(), digest_size=8).hexdigest()
    return f"{altered[: _VALUE_LENGTH - len(digest) - 1]}-{digest}"
