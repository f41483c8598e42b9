"""What an import would bring in and create."""

import hashlib
from dataclasses import dataclass
from typing import Final

from registry.journal import ImportChange, ImportProblem

MAX_NAME_LENGTH: Final = 63
_SUFFIX: Final = "-default"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImport:
    """What an import would do.

    Attributes:
        model_name: The model's name.
        exists: Whether the role can see such a model.
        already_imported: Whether the group has a registration of it, so that the import would be a sync.
        will_create_snapshot: The name of the snapshot that would be made; None for none.
        changes: What would come of each element.
        problems: What could not be looked at, and what would be left out.
        aws_calls: The calls that looking took, and those that the import would add.
    """

    model_name: str
    exists: bool
    already_imported: bool
    will_create_snapshot: str | None
    changes: tuple[ImportChange, ...]
    problems: tuple[ImportProblem, ...]
    aws_calls: int


def default_snapshot_name(model_name: str) -> str:
    """The name of the snapshot that an import makes of a model without any: always the same for the same model.

    A name that leaves no room is cut, and told from others that begin alike by a digest.
    """
    if len(model_name) + len(_SUFFIX) <= MAX_NAME_LENGTH:
        return model_name + _SUFFIX
    digest = hashlib.blake2s(model_name.encode(), digest_size=4).hexdigest()
    kept = model_name[: MAX_NAME_LENGTH - len(_SUFFIX) - len(digest) - 1].rstrip("-")
    return f"{kept}-{digest}{_SUFFIX}"
