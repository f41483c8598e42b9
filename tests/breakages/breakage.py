"""Describe one deliberate fault of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """Describe one fault, its place, and the tests that notice it.

    Attributes:
        id: The stable name of the fault, by its meaning.
        file: The broken file, as a path from the root of the repository.
        old: The right text, one or two lines that the file holds exactly once.
        new: The wrong text that replaces it.
        tests: The pytest paths (files, or file::test) that are expected to fail.
    """

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
