"""Session names that STS takes and that no two callers share."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.credentials.session_names import session_name

LEGAL = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")
SUBJECTS = st.one_of(st.text(max_size=80), st.from_regex(LEGAL, fullmatch=True), st.text("aA=-0@ ", max_size=70))


@pytest.mark.parametrize("subject", ["alice", "alice@example.com", "A_b+c=d,e.f@g-h", "ab", "x" * 64, "sagegraph"])
def test_a_legal_name_is_kept(subject: str) -> None:
    assert session_name(subject) == subject


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Jörg Weiß", "J-rg-Wei-=85cbf494fcdba2c83a0c"),
        ("alice smith", "alice-smith=038bd15a1ecf0f7b85db"),
        ("CN=alice/OU=risk", "CN=alice-OU=risk=a854d5fefdae3a4e23d0"),
        ("a", "a=ca978112ca1bbdcafac2"),
        ("", "=e3b0c44298fc1c149afb"),
        ("x" * 65, "x" * 43 + "=9537c5fdf120482f7d58"),
        ("alice\n", "alice-=f87165e305b0f7c4824d"),
    ],
)
def test_any_other_is_altered_and_gets_a_digest(subject: str, name: str) -> None:
    assert session_name(subject) == name


def test_names_that_look_alike_differ() -> None:
    subjects = ["al ice", "al-ice", "al/ice", "Al ice", "AL ICE", "x" * 64, "x" * 65, "x" * 66, "X" * 65, "李", "王"]
    assert len({session_name(subject) for subject in subjects}) == len(subjects)


def test_nobody_can_take_the_altered_name_of_another() -> None:
    altered = session_name("alice smith")
    assert session_name(altered) != altered
    assert session_name(session_name(altered)) != session_name(altered)


@given(SUBJECTS)
def test_every_name_is_legal(subject: str) -> None:
    assert LEGAL.fullmatch(session_name(subject))


@given(SUBJECTS, SUBJECTS)
def test_two_callers_never_share_a_name(one: str, other: str) -> None:
    assert (session_name(one) == session_name(other)) == (one == other)


@given(SUBJECTS)
def test_an_altered_name_is_nobody_elses(subject: str) -> None:
    name = session_name(subject)
    assert name == subject or session_name(name) != name
