"""aws.write.java_regex: Java's patterns as Python reads them."""

from collections.abc import Iterator

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from aws.client.operations import WRITE_OPERATIONS
from aws.write.java_regex import translate
from tests.aws.service_model import service_model

TAG = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"


def patterns(shape: Shape, seen: set[str]) -> Iterator[str]:
    if shape.name in seen:
        return
    seen.add(shape.name)
    if "pattern" in shape.metadata:
        yield shape.metadata["pattern"]
    below: list[Shape] = []
    if isinstance(shape, StructureShape):
        below = list(shape.members.values())
    elif isinstance(shape, ListShape):
        below = [shape.member]
    elif isinstance(shape, MapShape):
        below = [shape.key, shape.value]
    for item in below:
        yield from patterns(item, seen)


def test_every_pattern_of_what_is_written_can_be_read() -> None:
    seen: set[str] = set()
    result = [
        pattern
        for operation in WRITE_OPERATIONS.values()
        if operation.service == "sagemaker"
        for pattern in patterns(service_model().operation_model(operation.name).input_shape, seen)
    ]
    assert len(result) > 40
    assert all(translate(pattern).pattern for pattern in result)
    assert not any("\\p" in translate(pattern).pattern for pattern in result)


@pytest.mark.parametrize("text", ["", "team-1", "Überprüfung", "日本", "²½", "a b", "_.:/=+-@", "\U0001d4b3"])
def test_a_tag_may_have_letters_of_all_scripts(text: str) -> None:
    assert translate(TAG).fullmatch(text)


@pytest.mark.parametrize("text", ["a,b", "a&b", "<a>", "a\n", "a\t", "$", "#"])
def test_a_tag_may_not_have_all_signs(text: str) -> None:
    assert not translate(TAG).fullmatch(text)


def test_shorthands_mean_ascii_as_in_java() -> None:
    assert translate(r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+").fullmatch(
        "arn:aws:iam::123456789012:role/x"
    )
    assert not translate(r"\d+").fullmatch("٣")
    assert not translate(r"\w+").fullmatch("é")


def test_posix_classes() -> None:
    assert translate(r"arn:[\p{Alnum}\-]+").fullmatch("arn:aws-cn")
    assert not translate(r"[\p{Alnum}]+").fullmatch("é")


def test_an_end_that_is_repeated_is_one_end() -> None:
    assert translate(r"([\w]*)${1,128}").fullmatch("key")
    assert not translate(r"([\w]*)${1,128}").fullmatch("a key")
    assert translate(r"[$]{2}").fullmatch("$$")


def test_long_names_are_told_at_once() -> None:
    """No pattern takes exponential time for what nearly fits."""
    assert not translate(NAME).fullmatch("a" + "-" * 5000)


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_a_dot_is_no_line_end(end: str) -> None:
    assert translate(".*").fullmatch("0.1 é\t\x0b\U0001d4b3")
    for pattern, text in ((".*", f"0.1{end}"), (".*", end), ("(https|s3)://([^/]+)/?(.*)", f"s3://bucket/a{end}b")):
        assert not translate(pattern).fullmatch(text)
    assert translate(r"[\S\s]*").fullmatch(f"a{end}b")


def test_a_dot_in_brackets_or_escaped_is_a_dot() -> None:
    assert translate(r"[^./]\.[.]").fullmatch("a..")
    assert not translate(r"[^./]\.[.]").fullmatch("axx")
