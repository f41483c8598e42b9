"""Ownership tags on created resources: author, group, deployment and content digest."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.write.inputs import CreateInput, WriteAuthor
from aws.write.java_regex import translate
from aws.write.request import WriteRequest

CONTENT_TAG, CREATED_BY_TAG, GROUP_TAG = "sagegraph:content", "sagegraph:created-by", "sagegraph:group"
DEPLOYMENT_TAG = "sagegraph:deployment"
_RESERVED = ("sagegraph:", "aws:")
# Resources of deployments have a fourth tag of ours, and no requested tags.
_MAX_TAGS, _OWN_TAGS = 50, 3
_ILLEGAL = translate(r"[^\p{L}\p{Z}\p{N}_.:/=+\-@]")
_VALUE_LENGTH = 256
# Tags are widely readable, and content may hold guessable secrets, so each guess must cost 16 MB and 50 ms.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 24}
_VERSION = "1"
MAX_DIGESTS: Final = 2
"""The most digests that the process computes at once: each needs 16 MB."""
_NAME_FIELDS = ("name", "idempotency_key")


async def content_digest(wanted: CreateInput, kind: Kind, name: str) -> str:
    """Compute the digest of an input except for its name, on a thread, because it takes a while.

    At most `MAX_DIGESTS` are computed at once; others wait.

    Args:
        wanted: The input.
        kind: The kind of resource, a part of the salt.
        name: The name of the resource, a part of the salt.
    """
    salt = f"{kind.value}:{name}".encode()
    loop = asyncio.get_running_loop()
    digest = await loop.run_in_executor(_threads(), _scrypt, canonical_json(wanted), salt)
    return f"{_VERSION}.{urlsafe_b64encode(digest).decode()}"


def canonical_json(wanted: CreateInput) -> bytes:
    """Give the input as canonical JSON: without omitted fields, and with the keys of maps in order."""
    members = {name: value for name, value in asdict(wanted).items() if name not in _NAME_FIELDS}
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


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads of all digests of the process, created on first use."""
    return ThreadPoolExecutor(MAX_DIGESTS, thread_name_prefix="content-digest")


def _scrypt(content: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(content, salt=salt, **_SCRYPT)


def check_tags(request: WriteRequest, tags: Sequence[Tag]) -> None:
    """Note faults of requested tags in the request that the service model does not express."""
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        if tag.key.lower().startswith(_RESERVED):
            request.add_fault("begins with a reserved prefix; choose another key", "tags", str(index), "key")
        if tag.key in seen:
            request.add_fault(f"is given twice: `{tag.key}`", "tags", str(index), "key")
        seen.add(tag.key)
    if len(tags) > _MAX_TAGS - _OWN_TAGS:
        request.add_fault(
            f"has {len(tags)} tags; give at most {_MAX_TAGS - _OWN_TAGS}, since the gateway adds its own", "tags"
        )


def ownership_tags(author: WriteAuthor, digest: str) -> Iterable[Tag]:
    """Give the gateway's own tags of a resource: its author's names, and the digest of its input."""
    own = (
        Tag(CREATED_BY_TAG, legal_tag_value(author.subject)),
        Tag(GROUP_TAG, legal_tag_value(author.group)),
        Tag(CONTENT_TAG, digest),
    )
    return own if author.deployment is None else (*own, Tag(DEPLOYMENT_TAG, author.deployment))


def legal_tag_value(text: str) -> str:
    """Give `text` as a legal tag value; if it must be altered, a digest is added."""
    altered = _ILLEGAL.sub("_", text)
    if altered == text and len(text) <= _VALUE_LENGTH:
        return text
    digest = hashlib.blake2s(text.encode(), digest_size=8).hexdigest()
    return f"{altered[: _VALUE_LENGTH - len(digest) - 1]}-{digest}"
