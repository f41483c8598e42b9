"""Validate asset names and content types, and build S3 keys of uploads."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from registry.assets import MAX_ASSET_NAME_CHARACTERS
from registry.enums import AssetRole
from resolvers.assets.inputs import PutAsset
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault

# RFC 9110, 8.3.1: type/subtype and parameters; RFC 6838, 4.2 for their characters. It becomes a header.
_CONTENT_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:[ \t]*;[ -~]*)?", re.ASCII)
_MAX_CONTENT_TYPE_LENGTH: Final = 255
# Controls, halves of surrogate pairs, and the separators of lines and paragraphs.
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Controls of the direction of writing: with these, a name can read as another (fdp.exe as exe.pdf).
_BIDI_CONTROLS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
# S3's "safe characters" for keys, but for those that mean something in a pattern of IAM's.
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_KEY_PART_LENGTH: Final = 100
# Forms write below the one; contents that have been taken lie below the other.
_UPLOADS, _TAKEN = "uploads", "taken"


def check_asset(name: str, content_type: str | None, other_errors: Iterable[UserError] = ()) -> None:
    """Check the name and the content type of an asset.

    Args:
        name: The asset's name.
        content_type: Its MIME type; None if it is left to S3.
        other_errors: Faults that were seen before, which are raised together with these.

    Raises:
        UserFaultError: It lists every fault.
    """
    faults = []
    if not name.strip() or len(name) > MAX_ASSET_NAME_CHARACTERS:
        words = f"The asset's name has {len(name)} characters; give 1 to {MAX_ASSET_NAME_CHARACTERS}, not only spaces."
        faults.append(UserError(words, UserErrorCode.INVALID, ("name",)))
    elif any(map(_is_refused_character, name)):
        words = "The asset's name holds a line break or another control character; leave it out."
        faults.append(UserError(words, UserErrorCode.INVALID, ("name",)))
    if content_type is not None and not _is_content_type(content_type):
        words = f"This is not a MIME type of at most {_MAX_CONTENT_TYPE_LENGTH} characters, such as text/csv."
        faults.append(UserError(words, UserErrorCode.INVALID, ("contentType",)))
    if faults := [*faults, *other_errors]:
        raise UserFaultError(faults)


def check_list(inputs: Sequence[PutAsset], most: int) -> None:
    """Check the inputs of a list of assets: between one and `most`, and no asset twice. Raises UserFaultError."""
    if not 1 <= len(inputs) <= most:
        raise user_fault(
            f"The list must have 1 to {most} assets; this one has {len(inputs)}.", UserErrorCode.INVALID, "assets"
        )
    seen: set[tuple[AssetRole, str]] = set()
    faults = []
    for index, input in enumerate(inputs):
        if (input.role, input.name) in seen:
            words = "The list has this role and name already; give each asset once."
            faults.append(UserError(words, UserErrorCode.INVALID, ("assets", str(index), "name")))
        seen.add((input.role, input.name))
    if faults:
        raise UserFaultError(faults)


class FaultsByIndex:
    """Collects the faults of a list's entries, each with its path.

    Args:
        field: The list's field in the input.
    """

    def __init__(self, field: str) -> None:
        self._field = field
        self._faults: list[UserError] = []

    @contextmanager
    def at(self, index: int) -> Iterator[None]:
        """Collect the UserFaultError that the block raises for the entry at this index of the list."""
        try:
            yield
        except UserFaultError as error:
            path = (self._field, str(index))
            self._faults += [replace(fault, field=(*path, *(fault.field or ()))) for fault in error.errors]

    def raise_if_any(self) -> None:
        """Raise UserFaultError if there is any fault."""
        if self._faults:
            raise UserFaultError(self._faults)


def upload_key(account_id: str, group: str, registration_key: str, upload: str, name: str) -> str:
    """The S3 key that a form writes: below its account and group, so that a policy can keep groups apart.

    Args:
        account_id: The account of the group's role.
        group: The group that owns the registration.
        registration_key: The registration's key in the registry.
        upload: The upload's key in the registry.
        name: The asset's name.
    """
    return "/".join((account_id, _key_part(group), _UPLOADS, registration_key, upload, _key_part(name)))


def taken_key(account_id: str, group: str, registration_key: str, upload: str, etag: str, name: str) -> str:
    """The S3 key of an upload that has become an asset: no form writes it, and other content has another one."""
    content = hashlib.blake2s(etag.encode(), digest_size=6).hexdigest()
    return "/".join((account_id, _key_part(group), _TAKEN, registration_key, upload, content, _key_part(name)))


def is_upload_key(key: str, account_id: str) -> bool:
    """Tell whether a key belongs to the forms of uploads, in an account's part of the uploads' bucket."""
    parts = key.split("/")
    return len(parts) > 2 and (parts[0], parts[2]) == (account_id, _UPLOADS)


def _is_refused_character(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES or unicodedata.bidirectional(character) in _BIDI_CONTROLS
    )


def _is_content_type(text: str) -> bool:
    return len(text) <= _MAX_CONTENT_TYPE_LENGTH and _CONTENT_TYPE.fullmatch(text) is not None


def _key_part(text: str) -> str:
    """The text as a part of a key; if it must be altered, a digest keeps it apart from others."""
    safe = _UNSAFE.sub("_", text)[:_MAX_KEY_PART_LENGTH].lstrip(".")
    if safe == text:
        return safe
    digest = hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
    return f"{safe}-{digest}" if safe else digest
