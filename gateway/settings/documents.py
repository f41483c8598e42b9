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
    """`documents`: trusted documents, which clients run by id.

    Attributes:
        mode: `disabled`, `allow` (beside any other document), or `only`.
        path: A folder of `.graphql` files, or a manifest of ids and texts in JSON.
    """

    mode: Mode = "disabled"
    path: Text | None = None


def check_documents(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the keys of `documents`."""
    documents = settings["documents"]
    if documents["mode"].text() in {"allow", "only"} and documents["path"].text() is None:
        yield SettingsFault(documents["path"].key, "is missing; name the folder or manifest of the trusted documents")
