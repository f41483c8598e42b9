"""Names: ids that go round and are never guessed at, ARNs, console pages, S3 addresses."""

import base64
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aws.ids import NAME_PART_PATTERN, NAME_PATTERN, MalformedIdError, ResourceId, decode_id, encode_id, split_arn
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from tests.aws.service_model import input_members, service_model

ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
REGIONS = st.sampled_from(["eu-west-1", "us-gov-east-1", "cn-northwest-1", "us-isof-south-1", "eusc-de-east-1"])
NAMES = st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", fullmatch=True).filter(lambda name: len(name) <= 63)

# A digit to Python's regular expressions and to int(), and nothing that AWS would write.
ARABIC_ONE = "\N{ARABIC-INDIC DIGIT ONE}"


def opaque(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@given(st.sampled_from(Kind), ACCOUNTS, REGIONS, NAMES)
def test_an_id_says_what_it_was_made_of(kind: Kind, account: str, region: str, name: str) -> None:
    encoded = encode_id(kind, account, region, name)
    assert decode_id(encoded) == ResourceId(kind, account, region, name)
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_an_id_is_the_same_for_everyone() -> None:
    assert encode_id(Kind.MODEL, "123456789012", "eu-west-1", "Scorer-1") == (
        "TW9kZWw6MTIzNDU2Nzg5MDEyOmV1LXdlc3QtMTpTY29yZXItMQ"
    )


def test_regions_of_every_partition_go_round(loader: Any) -> None:
    partitions = loader.load_data("endpoints")["partitions"]
    regions = [region for partition in partitions for region in partition["regions"]]
    assert len(regions) > 40
    for region in regions:
        assert decode_id(encode_id(Kind.MODEL, "123456789012", region, "scorer")).region == region


@given(st.text(max_size=200))
def test_text_that_is_no_id_is_refused(text: str) -> None:
    # No id is shorter than this one, and hardly any text of this alphabet is one.
    assume(not text.startswith(tuple(opaque(kind.value)[:4] for kind in Kind)))
    with pytest.raises(MalformedIdError, match=r"^This is not an id that SageGraph has given out\.$"):
        decode_id(text)


@given(st.text(max_size=120))
def test_whatever_stands_in_an_id_only_what_is_given_out_is_taken(plain: str) -> None:
    assume(not plain.startswith(tuple(f"{kind.value}:" for kind in Kind)))
    with pytest.raises(MalformedIdError):
        decode_id(opaque(plain))


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "Model",
        "Model:123456789012:eu-west-1",
        "Model:123456789012:eu-west-1:scorer:more",
        "model:123456789012:eu-west-1:scorer",
        "ModelPackage:123456789012:eu-west-1:scorer",
        "Model:12345678901:eu-west-1:scorer",
        "Model:1234567890123:eu-west-1:scorer",
        "Model:12345678901x:eu-west-1:scorer",
        f"Model:{ARABIC_ONE * 12}:eu-west-1:scorer",
        f"Model:123456789012:eu-west-{ARABIC_ONE}:scorer",
        "Model:123456789012::scorer",
        "Model:123456789012:evil.example/:scorer",
        "Model:123456789012:eu-west-1:",
        "Model:123456789012:eu-west-1:-scorer",
        "Model:123456789012:eu-west-1:scorer-",
        "Model:123456789012:eu-west-1:sco/rer",
        "Model:123456789012:eu-west-1:scorer\n",
        f"Model:123456789012:eu-west-1:{'a' * 64}",
        f"Model:123456789012:eu-west-1:a{'-' * 62}b",
        " Model:123456789012:eu-west-1:scorer",
    ],
)
def test_forged_ids_are_refused(plain: str) -> None:
    with pytest.raises(MalformedIdError):
        decode_id(opaque(plain))


GIVEN_OUT = encode_id(Kind.RUNTIME, "123456789012", "eu-west-1", "scorer-live")


@pytest.mark.parametrize(
    "written",
    [
        f"{GIVEN_OUT}=",
        f"{GIVEN_OUT}==",
        f"{GIVEN_OUT}\n",
        f" {GIVEN_OUT}",
        GIVEN_OUT[:-1],
        f"{GIVEN_OUT[:10]}*{GIVEN_OUT[10:]}",
        f"{GIVEN_OUT[:4]}={GIVEN_OUT[4:]}",
        GIVEN_OUT.lower(),
        "é",
        "\ud800",
        "_" * 40,
    ],
)
def test_other_spellings_of_an_id_are_refused(written: str) -> None:
    with pytest.raises(MalformedIdError):
        decode_id(written)


def test_spare_bits_of_an_id_are_refused() -> None:
    plain = "Model:123456789012:eu-west-1:score"
    encoded = opaque(plain)
    assert len(plain) % 3 != 0
    assert decode_id(encoded).name == "score"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    neighbour = encoded[:-1] + alphabet[alphabet.index(encoded[-1]) + 1]
    assert base64.urlsafe_b64decode(neighbour + "=" * (-len(neighbour) % 4)).decode() == plain
    with pytest.raises(MalformedIdError):
        decode_id(neighbour)


@pytest.mark.parametrize("kind", Kind)
@given(name=st.text("aZ0-_/", max_size=6) | st.from_regex(r"a-{60,62}b?", fullmatch=True))
def test_names_are_those_of_the_service_model(kind: Kind, name: str) -> None:
    rules = service_model().shape_for(API_NAMES[kind].name_key).metadata
    taken = re.fullmatch(rules["pattern"], name) is not None and len(name) <= rules["max"]
    assert (NAME_PATTERN.fullmatch(name) is not None) == taken


@pytest.mark.parametrize("operation", ["ListModels", "ListEndpointConfigs", "ListEndpoints", "ListTransformJobs"])
def test_parts_of_names_are_those_of_the_service_model(operation: str) -> None:
    part = input_members(operation)["NameContains"]
    assert part.metadata["max"] == 63
    assert part.metadata["pattern"] in {"[a-zA-Z0-9-]+", r"[a-zA-Z0-9\-]+"}
    assert NAME_PART_PATTERN.fullmatch("-a" * 31)
    assert not NAME_PART_PATTERN.fullmatch("a" * 64)
    assert not NAME_PART_PATTERN.fullmatch("")
    assert not NAME_PART_PATTERN.fullmatch("a_b")


@pytest.mark.parametrize(
    ("arn", "parts"),
    [
        ("arn:aws:sagemaker:eu-west-1:123456789012:model/a", ("aws", "eu-west-1", "123456789012")),
        ("arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint/a:b", ("aws-cn", "cn-north-1", "123456789012")),
        ("arn:aws:s3:::bucket/key", ("aws", "", "")),
        ("arn:aws:s3", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_an_arn_is_split(arn: str, parts: tuple[str, str, str]) -> None:
    assert split_arn(arn) == parts
