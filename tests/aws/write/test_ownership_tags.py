"""aws.write.ownership_tags: what is left on things tells who made them, and nothing of what is in them."""

import asyncio
from dataclasses import replace
from threading import Barrier, Lock

import pytest

from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.write.inputs import KeyValuePair, NewTransformJob, WriteAuthor
from aws.write.java_regex import translate
from aws.write.ownership_tags import (
    MAX_DIGESTS,
    canonical_json,
    check_tags,
    content_digest,
    legal_tag_value,
    ownership_tags,
)
from aws.write.request import WriteRequest
from tests.aws.write.create_cases import TRANSFORM
from tests.quick_aws import DIGEST_COST

TAG_VALUE = translate(r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")


async def digest(wanted: NewTransformJob, kind: Kind = Kind.TRANSFORM_JOB, name: str = "one") -> str:
    return await content_digest(wanted, kind, name)


async def test_the_same_content_has_the_same_digest() -> None:
    pairs = (KeyValuePair("A", "1"), KeyValuePair("B", "2"))
    tags = (Tag("x", "1"), Tag("y", "2"))
    first = replace(TRANSFORM, environment=pairs, tags=tags, name="one")
    again = replace(TRANSFORM, environment=pairs[::-1], tags=tags[::-1], idempotency_key="k")
    assert await digest(first) == await digest(again)


async def test_all_that_is_asked_for_counts() -> None:
    jobs = [
        TRANSFORM,
        replace(TRANSFORM, model_name="other"),
        replace(TRANSFORM, instance_count=2),
        replace(TRANSFORM, environment=()),
        replace(TRANSFORM, environment=(KeyValuePair("TOKEN", "other"),)),
        replace(TRANSFORM, tags=(Tag("a", "b"),)),
        replace(TRANSFORM, content_type="text/csv"),
        replace(TRANSFORM, accept="text/csv"),
    ]
    assert len({await digest(job) for job in jobs}) == len(jobs)


async def test_the_name_and_the_kind_salt_it() -> None:
    """Equal content under two names cannot be told to be equal."""
    assert len({await digest(TRANSFORM), await digest(TRANSFORM, name="two"), await digest(TRANSFORM, Kind.MODEL)}) == 3


async def test_it_is_slow_to_guess_and_fits_a_tag() -> None:
    from_tag = await digest(TRANSFORM)
    assert TAG_VALUE.fullmatch(from_tag)
    assert from_tag.startswith("1.")
    assert len(from_tag) == 34


async def test_the_digest_of_this_version_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Things that were made before an upgrade are known after it; tests else make do with cheaper digests."""
    monkeypatch.setattr("aws.write.ownership_tags._SCRYPT", DIGEST_COST)
    assert await digest(TRANSFORM) == "1.jiLI3AvTiN1ATw3eve6KoTL7EczcZ8EV"


def test_what_is_left_out_does_not_count() -> None:
    """A field that a later version adds changes no digest."""
    assert b"null" not in canonical_json(TRANSFORM)
    assert canonical_json(TRANSFORM) == (
        b'{"environment":[{"key":"TOKEN","value":"correct horse"}],"input_s3_uri":"s3://batches/input/",'
        b'"instance_count":1,"instance_type":"ml.m5.large","model_name":"Scorer",'
        b'"output_s3_uri":"s3://batches/output/","tags":[]}'
    )


def test_our_tags() -> None:
    assert list(ownership_tags(WriteAuthor("ada@example.com", "risk team"), "1.x")) == [
        Tag("sagegraph:created-by", "ada@example.com"),
        Tag("sagegraph:group", "risk team"),
        Tag("sagegraph:content", "1.x"),
    ]


@pytest.mark.parametrize("text", ["ada", "Ada Löw", "a/b@c.d", ""])
def test_what_is_legal_stays(text: str) -> None:
    assert legal_tag_value(text) == text


def test_what_is_not_legal_is_made_so_and_kept_apart() -> None:
    made = [
        legal_tag_value("a,b"),
        legal_tag_value("a;b"),
        legal_tag_value("a" * 257),
        legal_tag_value("a" * 258),
        legal_tag_value("<"),
    ]
    assert len(set(made)) == 5
    assert all(TAG_VALUE.fullmatch(item) and len(item) <= 256 for item in made)
    assert made[0].startswith("a_b-")


@pytest.mark.parametrize("key", ["sagegraph:content", "SageGraph:x", "aws:x", "AWS:createdBy"])
def test_reserved_prefixes_are_refused(key: str) -> None:
    request = WriteRequest()
    check_tags(request, [Tag("fine", ""), Tag(key, "x")])
    assert [fault.field for fault in request.faults] == [("tags", "1", "key")]


def test_a_key_stands_once_and_fifty_tags_are_all() -> None:
    request = WriteRequest()
    check_tags(request, [Tag("a", "1"), Tag("a", "2")])
    assert [fault.message for fault in request.faults] == ["`tags.1.key` is given twice: `a`."]
    for count, faults in ((47, 0), (48, 1)):
        request = WriteRequest()
        check_tags(request, [Tag(str(number), "") for number in range(count)])
        assert len(request.faults) == faults


async def test_those_asked_for_at_once_come_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many creations there are, two digests hold their 16 MB."""
    lock, both = Lock(), Barrier(MAX_DIGESTS)
    running: list[int] = [0]
    most: list[int] = []

    def count(_content: bytes, _salt: bytes) -> bytes:
        with lock:
            running[0] += 1
            most.append(running[0])
        both.wait(10)
        with lock:
            running[0] -= 1
        return b""

    monkeypatch.setattr("aws.write.ownership_tags._scrypt", count)
    await asyncio.gather(*(digest(TRANSFORM, name=f"job-{number}") for number in range(10 * MAX_DIGESTS)))
    assert max(most) == MAX_DIGESTS
