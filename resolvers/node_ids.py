"""Opaque ids of SageMaker resources: kind, account, region, name and the group that reads."""

from dataclasses import dataclass
from typing import Final

from aws.ids import ACCOUNT_PATTERN, REGION_PATTERN
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from registry.ids import decode_base64url, encode_base64url
from resolvers.errors import BadInputError

# A group has 512 characters at most, each of four bytes; everything else comes to some 120 bytes.
_MAX_ID_LENGTH: Final = 4_000
_NOT_AN_ID: Final = "This is not an id that this gateway has given out. Take ids from the `id` fields of answers."


@dataclass(frozen=True, slots=True)
class NodeId:
    """The parts of an id. The name is as spelled; an ARN is no part of it, because the case of ARNs varies.

    Attributes:
        kind: The resource's kind.
        group: The group that the resource is read as; None for a caller without groups.
        account_id: The resource's account.
        region: The resource's region.
        name: The resource's name.
    """

    kind: Kind
    group: str | None
    account_id: str
    region: str
    name: str

    def encode(self) -> str:
        """The opaque id: equal for all callers who read the resource as the same group."""
        plain = f"{self.kind.value}:{self.account_id}:{self.region}:{self.name}:{self.group or ''}"
        return encode_base64url(plain.encode())


def decode_node_id(encoded: str) -> NodeId:
    """The parts of an id from its encoded form. Raises BadInputError for any other text than `NodeId.encode` gives."""
    plain = None if len(encoded) > _MAX_ID_LENGTH else decode_base64url(encoded)
    if plain is None:
        raise BadInputError(_NOT_AN_ID)
    try:
        kind, account_id, region, name, group = plain.decode().split(":", 4)
        decoded = NodeId(Kind(kind), group or None, account_id, region, name)
    except ValueError as error:
        raise BadInputError(_NOT_AN_ID) from error
    is_named = API_NAMES[decoded.kind].name_pattern.fullmatch(name)
    shaped = ACCOUNT_PATTERN.fullmatch(account_id) and REGION_PATTERN.fullmatch(region) and is_named
    if not shaped or decoded.encode() != encoded:
        raise BadInputError(_NOT_AN_ID)
    return decoded
