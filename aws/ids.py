"""Opaque resource ids, ARNs, and the patterns of names, regions and accounts."""

import base64
import binascii
import re
from dataclasses import dataclass

from aws.kinds.kind import Kind

# SageMaker's own rule for the names of all five kinds; its pattern alone would let any number of hyphens pass.
NAME_PATTERN = re.compile(r"(?=.{1,63}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
# What the list operations take as NameContains.
NAME_PART_PATTERN = re.compile(r"[a-zA-Z0-9-]{1,63}")
# The European Sovereign Cloud's regions begin with four letters (eusc-de-east-1).
REGION_PATTERN = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
ACCOUNT_PATTERN = re.compile(r"[0-9]{12}")


class MalformedIdError(ValueError):
    """An id that this gateway never gave out."""


@dataclass(frozen=True, slots=True)
class ResourceId:
    """What an id says: a kind, where it lives, and its name as spelled (never the ARN, whose case varies)."""

    kind: Kind
    account_id: str
    region: str
    name: str


def encode_id(kind: Kind, account_id: str, region: str, name: str) -> str:
    """The opaque id of a resource; the same for everyone who can see it."""
    plain = f"{kind.value}:{account_id}:{region}:{name}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_id(encoded: str) -> ResourceId:
    """What an id says. Raises MalformedIdError for anything that `encode_id` does not give."""
    try:
        plain = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
        kind, account_id, region, name = plain.split(":")
        decoded = ResourceId(Kind(kind), account_id, region, name)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise MalformedIdError("This is not an id that SageGraph has given out.") from error
    shaped = ACCOUNT_PATTERN.fullmatch(account_id) and REGION_PATTERN.fullmatch(region) and NAME_PATTERN.fullmatch(name)
    if not shaped or encode_id(decoded.kind, account_id, region, name) != encoded:
        raise MalformedIdError("This is not an id that SageGraph has given out.")
    return decoded


def split_arn(arn: str) -> tuple[str, str, str]:
    """An ARN's partition, region and account; empty strings for what it has not."""
    parts = arn.split(":", 5)
    return (parts[1], parts[3], parts[4]) if len(parts) == 6 else ("", "", "")
