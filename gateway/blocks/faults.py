"""What is wrong with a settings file: one fault for each key, and the error that carries all of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One thing that is wrong; it names keys and never repeats a value, since any value may be a secret.

    Attributes:
        key: Where it is, as the file spells it, such as `sagemaker-credentials.assumeRoleByGroup[1].roleArn`;
            the path of the file where no key can be named.
        message: What is wrong and the remedy, on one line.
    """

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


class SettingsError(Exception):
    """The settings cannot be used. Its text is one line per fault; `faults` holds every one that was found."""

    def __init__(self, faults: Iterable[SettingsFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InvalidValueError(ValueError):
    """A value that its key does not take; the text says why in our own words, without the value."""
