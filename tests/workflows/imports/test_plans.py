"""The names of default snapshots."""

import string

from hypothesis import given
from hypothesis import strategies as st

from aws.naming import NAME_PATTERN
from workflows.imports.plans import MAX_NAME_LENGTH, default_snapshot_name

NAMES = st.from_regex(NAME_PATTERN, fullmatch=True, alphabet=string.ascii_letters + string.digits + "-").filter(
    lambda name: len(name) <= MAX_NAME_LENGTH
)


def test_names() -> None:
    assert default_snapshot_name("scorer") == "scorer-default"
    assert default_snapshot_name("a" * 55) == "a" * 55 + "-default"
    assert default_snapshot_name("a" * 56) == "a" * 46 + "-" + default_snapshot_name("a" * 56)[47:55] + "-default"


@given(NAMES)
def test_every_name_is_one_that_sagemaker_takes(name: str) -> None:
    made = default_snapshot_name(name)
    assert NAME_PATTERN.fullmatch(made)
    assert len(made) <= MAX_NAME_LENGTH
    assert made == default_snapshot_name(name)


@given(NAMES, NAMES)
def test_names_differ_as_models_do(one: str, other: str) -> None:
    assert (default_snapshot_name(one) == default_snapshot_name(other)) is (one == other)
