"""Rows of a rehearsal's output and of its expected rows, read line by line."""

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from aws.storage import ObjectStorage, ObjectTooLargeError
from workflows.deployments.errors import TooManyValuesError

MAX_BYTES: Final = 67_108_864
"""The most bytes of output, and of expected rows, that are compared."""
MAX_FILES: Final = 1000
"""The most files of output."""
MAX_VALUES: Final = 500_000
"""The most values, in all rows together, of either: one takes up to half a kilobyte of memory."""
# The characters that begin another value in a text.
_VALUE_SEPARATORS: Final = {"csv": "\n,", "jsonlines": "\n,[{"}
_FIRST_COLUMN: Final = "0"

RowValues = dict[str, Any]
"""The values of a row by the name of the column, or its number in CSV."""


@dataclass(frozen=True, slots=True)
class OutputRow:
    """A row of output.

    Attributes:
        values: Its values; None if it is an error.
    """

    values: RowValues | None

    def number(self, column: str) -> float | None:
        """The number in a column; None if there is none."""
        return None if self.values is None else as_number(self.values.get(column))


def parse_rows(text: str, form: Literal["csv", "jsonlines"]) -> Iterator[OutputRow]:
    """The rows of a text in a form; the last line may be empty. Raises TooManyValuesError."""
    count = sum(text.count(item) for item in _VALUE_SEPARATORS[form])
    if count > MAX_VALUES:
        raise TooManyValuesError(f"{count} values are more than {MAX_VALUES}; rehearse with a sample.")
    lines = text.split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    read = _csv_values if form == "csv" else _json_values
    return (OutputRow(read(line.rstrip("\r"))) for line in lines)


async def read_output(storage: ObjectStorage, s3_uri: str) -> str:
    """The text of all files below an address (`s3_uri`), file by file in the order of their names.

    Raises:
        ObjectTooLargeError: The output has more than `MAX_BYTES`.
        AWSError: It could not be read.
    """
    listed = await storage.list_objects(s3_uri, MAX_FILES)
    if not listed.complete:
        raise ObjectTooLargeError(s3_uri, sum(stored_object.size_bytes for stored_object in listed.objects), MAX_BYTES)
    parts: list[str] = []
    left = MAX_BYTES
    for item in listed.objects:
        content = await storage.read(item.s3_uri, left)
        left -= len(content)
        text = content.decode("utf-8", "replace")
        parts.append(text if text.endswith("\n") or not text else f"{text}\n")
    return "".join(parts)


async def read_expected(storage: ObjectStorage, s3_uri: str) -> str:
    """The text of the expected rows in a storage. Raises ObjectTooLargeError, AWSError."""
    return (await storage.read(s3_uri, MAX_BYTES)).decode("utf-8", "replace")


def column_name(column: str | int | None) -> str:
    """The name by which rows know a column."""
    return _FIRST_COLUMN if column is None else str(column)


def as_number(value: Any) -> float | None:
    """The value as a number, if it is a finite one."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def _csv_values(line: str) -> RowValues | None:
    try:
        cells = next(csv.reader([line]), [])
    except csv.Error:
        return None
    if not any(cell.strip() for cell in cells):
        return None
    return {str(place): cell.strip() for place, cell in enumerate(cells)}


def _json_values(line: str) -> RowValues | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        return None if "error" in value else value
    return {str(place): item for place, item in enumerate(value if isinstance(value, list) else [value])}
