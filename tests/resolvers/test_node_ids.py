"""resolvers.node_ids: an id comes back as it was made, and nothing that was not given out is taken."""

import base64
from dataclasses import replace

import pytest
from botocore.loaders import Loader
from hypothesis import assume, given
from hypothesis import strategies as st

from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from resolvers.errors import BadInputError
from resolvers.node_ids import NodeId, decode_node_id

ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
REGIONS = st.sampled_from(["eu-west-1", "us-gov-east-1", "cn-northwest-1", "us-isof-south-1", "eusc-de-east-1"])
NAMES = st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", fullmatch=True).filter(lambda name: len(name) <= 63)
GROUPS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=512)

# A digit to Python's regular expressions and to int(), and nothing that AWS would write.
ARABIC_ONE = "\N{ARABIC-INDIC DIGIT ONE}"


def scorer(group: str | None) -> NodeId:
    return NodeId(Kind.MODEL, group, "123456789012", "eu-west-1", "Scorer-1")


def opaque(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def is_named_as_its_kind(node_id: NodeId) -> bool:
    return API_NAMES[node_id.kind].name_pattern.fullmatch(node_id.name) is not None


@given(st.builds(NodeId, st.sampled_from(Kind), GROUPS, ACCOUNTS, REGIONS, NAMES).filter(is_named_as_its_kind))
def test_an_id_comes_back_as_it_was_made(node_id: NodeId) -> None:
    encoded = node_id.encode()
    assert decode_node_id(encoded) == node_id
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_an_id_is_stable() -> None:
    assert scorer("risk").encode() == opaque("Model:123456789012:eu-west-1:Scorer-1:risk")
    assert scorer(None).encode() == opaque("Model:123456789012:eu-west-1:Scorer-1:")


def test_two_groups_have_two_ids() -> None:
    assert len({scorer(group).encode() for group in ("risk", "other", None)}) == 3


def test_regions_of_every_partition_go_round() -> None:
    partitions = Loader().load_data("endpoints")["partitions"]
    regions = [region for partition in partitions for region in partition["regions"]]
    assert len(regions) > 40
    for region in regions:
        assert decode_node_id(replace(scorer("risk"), region=region).encode()).region == region


@given(st.text(max_size=200))
def test_text_that_is_no_id_is_refused(text: str) -> None:
    # No id is shorter than this one, and hardly any text of this alphabet is one.
    assume(not text.startswith(tuple(opaque(kind.value)[:4] for kind in Kind)))
    with pytest.raises(BadInputError):
        decode_node_id(text)


@given(st.text(max_size=120))
def test_whatever_stands_in_an_id_only_what_is_given_out_is_taken(plain: str) -> None:
    assume(not plain.startswith(tuple(f"{kind.value}:" for kind in Kind)))
    with pytest.raises(BadInputError):
        decode_node_id(opaque(plain))


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "Model",
        "Model:123456789012:eu-west-1",
        "Model:123456789012:eu-west-1:scorer",
        "model:123456789012:eu-west-1:scorer:risk",
        "Package:123456789012:eu-west-1:scorer:risk",
        "ModelPackage:123456789012:eu-west-1:scorer/:risk",
        "ModelPackage:123456789012:eu-west-1:scorer/x:risk",
        "Model:12345678901:eu-west-1:scorer:risk",
        "Model:1234567890123:eu-west-1:scorer:risk",
        "Model:12345678901x:eu-west-1:scorer:risk",
        f"Model:{ARABIC_ONE * 12}:eu-west-1:scorer:risk",
        f"Model:123456789012:eu-west-{ARABIC_ONE}:scorer:risk",
        "Model:123456789012::scorer:risk",
        "Model:123456789012:evil.example/:scorer:risk",
        "Model:123456789012:eu-west-1::risk",
        "Model:123456789012:eu-west-1:-scorer:risk",
        "Model:123456789012:eu-west-1:scorer-:risk",
        "Model:123456789012:eu-west-1:sco/rer:risk",
        "Model:123456789012:eu-west-1:scorer\n:risk",
        f"Model:123456789012:eu-west-1:{'a' * 64}:risk",
        f"Model:123456789012:eu-west-1:a{'-' * 62}b:risk",
        " Model:123456789012:eu-west-1:scorer:risk",
    ],
)
def test_forged_ids_are_refused(plain: str) -> None:
    with pytest.raises(BadInputError):
        decode_node_id(opaque(plain))


GIVEN_OUT = NodeId(Kind.RUNTIME, "risk", "123456789012", "eu-west-1", "scorer-live").encode()


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
    with pytest.raises(BadInputError):
        decode_node_id(written)


def test_spare_bits_of_an_id_are_refused() -> None:
    plain = "Model:123456789012:eu-west-1:score:g1"
    encoded = opaque(plain)
    assert len(plain) % 3 != 0
    assert decode_node_id(encoded).name == "score"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    neighbour = encoded[:-1] + alphabet[alphabet.index(encoded[-1]) + 1]
    assert base64.urlsafe_b64decode(neighbour + "=" * (-len(neighbour) % 4)).decode() == plain
    with pytest.raises(BadInputError):
        decode_node_id(neighbour)
