"""Faults of a settings file: the YAML path, a message with the remedy, and the error that carries them all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One fault; it names keys and never repeats a value, since any value may be a secret.

    Attributes:
        key: The key, as the file spells it, such as `sagemaker-credentials.assumeRoleByGroup[1].roleArn`;
            the path of the file if no key can be named.
        message: The fault and the remedy, on one line.
    """

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


class SettingsError(Exception):
    """The settings cannot be used. The text has one line for each of the faults.

    Args:
        faults: The faults.

    Attributes:
        faults: The faults, in the order of the text.
    """

    def __init__(self, faults: Iterable[SettingsFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InvalidValueError(ValueError):
    """A value that is not valid for its key; the text gives the reason, without the value."""


# Letters, hyphens and one digit at most: every key of ours, every slip in one, and no access key's id.
LEGIBLE_KEY = re.compile("[A-Za-z_-]+[0-9]?[A-Za-z_-]*")
YamlPath = tuple[str | int, ...]


def format_path(path: YamlPath) -> str:
    """Format a path on one line, such as `permissions[0].allow[1]`; a step that may be a secret is not shown."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{_redacted_key(step)}" for step in path)
    return text.removeprefix(".")


def _redacted_key(key: str) -> str:
    """The key if it looks like one, else its length: after a slip of punctuation it may be a secret."""
    return key if LEGIBLE_KEY.fullmatch(key) and len(key) <= 32 else f"(a key of {len(key)} characters)"
