"""Settings of trusted documents."""

from collections.abc import Iterator
from typing import Annotated, Literal

from gateway.settings.document import RawNode
from gateway.settings.errors import SettingsFault
from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.values import Text, one_of

Mode = Annotated[
    Literal["disabled", "allow", "only"], ValueType("disabled, allow or only", one_of("disabled", "allow", "only"))
]


class DocumentsSettings(SettingsModel):
    """`documents`: trusted documents.

    Attributes:
        mode: `disabled` reads no trusted documents; `allow` runs them and any others; `only` runs no others.
        path: A folder of `.graphql` files and `.json` manifests, or one manifest (graphql-codegen's and Relay's `{id:
            text}`, or Apollo's). Required unless the mode is `disabled`.
    """

    mode: Mode = "disabled"
    path: Text | None = None


def check_documents(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the settings of `documents`."""
    documents = settings["documents"]
    if documents["mode"].text() in {"allow", "only"} and documents["path"].text() is None:
        yield SettingsFault(documents["path"].key, "is missing; name the folder or manifest of the trusted documents")
