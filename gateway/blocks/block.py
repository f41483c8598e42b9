"""What all blocks of the settings share: camelCase keys, nothing unknown, nothing changed after the start."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class SettingsModel(BaseModel):
    """A mapping in the settings file; its fields are the keys, spelled in camelCase there."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        # pydantic's own error text would print what the file holds, secrets included.
        hide_input_in_errors=True,
    )
