"""workflows.deployments.output_rows: rows of both formats, and outputs that are read whole or not at all."""

from collections.abc import Mapping
from typing import cast

import pytest

from aws.storage import ObjectListing, ObjectStorage, ObjectTooLargeError, StoredObject
from workflows.deployments import output_rows
from workflows.deployments.output_rows import OutputRow, as_number, column_name, parse_rows, read_expected, read_output


class Bucket:
    """S3 with some objects."""

    def __init__(self, objects: Mapping[str, bytes], *, whole: bool = True) -> None:
        self._objects = objects
        self._whole = whole

    async def list_objects(self, s3_uri: str, most: int) -> ObjectListing:
        assert most == output_rows.MAX_FILES
        stored_objects = [StoredObject(uri, len(content), None) for uri, content in self._objects.items()]
        return ObjectListing(
            [stored_object for stored_object in stored_objects if stored_object.s3_uri.startswith(s3_uri)], self._whole
        )

    async def read(self, s3_uri: str, most_bytes: int) -> bytes:
        content = self._objects[s3_uri]
        if len(content) > most_bytes:
            raise ObjectTooLargeError(s3_uri, len(content), most_bytes)
        return content


def bucket(objects: Mapping[str, bytes], *, whole: bool = True) -> ObjectStorage:
    return cast(ObjectStorage, Bucket(objects, whole=whole))


def test_rows_of_csv() -> None:
    text = '1, 2\r\n"a,b",""\n\n,\n'
    assert list(parse_rows(text, "csv")) == [
        OutputRow({"0": "1", "1": "2"}),
        OutputRow({"0": "a,b", "1": ""}),
        OutputRow(None),
        OutputRow(None),
    ]


def test_rows_of_json() -> None:
    text = '{"a": 1}\n[1, null]\n5\n{"error": "no"}\n{\n'
    assert list(parse_rows(text, "jsonlines")) == [
        OutputRow({"a": 1}),
        OutputRow({"0": 1, "1": None}),
        OutputRow({"0": 5}),
        OutputRow(None),
        OutputRow(None),
    ]


@pytest.mark.parametrize(
    ("value", "number"),
    [("1.5", 1.5), (2, 2.0), ("", None), (None, None), ("nan", None), ("1e999", None), (True, None), ([1], None)],
)
def test_numbers(value: object, number: float | None) -> None:
    assert as_number(value) == number


def test_columns() -> None:
    assert [column_name(value) for value in (None, 2, "score")] == ["0", "2", "score"]
    assert OutputRow({"score": "3"}).number("score") == 3
    assert (OutputRow({"score": "3"}).number("other"), OutputRow(None).number("score")) == (None, None)


async def test_an_output_is_all_its_files_in_order() -> None:
    objects = {
        "s3://b/out/a.csv.out": b"1\n2",
        "s3://b/out/b.csv.out": b"3\n",
        "s3://b/out/c.csv.out": b"",
        "s3://b/x": b"9",
    }
    assert await read_output(bucket(objects), "s3://b/out/") == "1\n2\n3\n"
    assert await read_expected(bucket(objects), "s3://b/x") == "9"


async def test_an_output_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where one file is, nor all of them together, nor where there are too many."""
    monkeypatch.setattr(output_rows, "MAX_BYTES", 4)
    for objects, whole in (
        ({"s3://b/out/a": b"12345"}, True),
        ({"s3://b/out/a": b"123", "s3://b/out/b": b"45"}, True),
        ({"s3://b/out/a": b"1"}, False),
    ):
        with pytest.raises(ObjectTooLargeError):
            await read_output(bucket(objects, whole=whole), "s3://b/out/")
