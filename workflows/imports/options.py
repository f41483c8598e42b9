"""Options of an import, as its run stores them for a process that resumes it; never a credential."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from registry.records import ImportRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The options of an import.

    Attributes:
        display_name: The name that people want to see; None for the model's.
        description: The description for people.
        custom_metadata: A merge patch of the metadata to keep with it.
        create_default_snapshot: True if a model without a snapshot gets one.
        start_deployments: True if its snapshots that do not run are deployed.
        sync: True if it reads a model again that is registered already.
        entered: True if it runs with entered credentials: nobody can resume it then.
    """

    display_name: str | None = None
    description: str | None = None
    custom_metadata: Mapping[str, Any] | None = None
    create_default_snapshot: bool = False
    start_deployments: bool = False
    sync: bool = False
    entered: bool = False

    def to_json(self) -> Mapping[str, object]:
        """The options as JSON."""
        return asdict(self)


def options_of(run: ImportRun) -> ImportOptions:
    """The options that a run keeps."""
    stored: Mapping[str, Any] = run.wishes
    return ImportOptions(**stored)
