"""resolvers.lists.members: what no link tells is merged into a page where it belongs, and is there once."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from aws.inventory.listings import order_key
from aws.kinds.catalog import AnyResource
from aws.kinds.models import Model
from aws.links.job_matching import MatchReason
from resolvers.lists.members import ListMembers, Member, reason_with_member, with_members
from tests.aws.sandbox_account import ACCOUNT, NOON, REGION, arn


def model(number: int) -> Model:
    """The newer, the larger its number; two of one moment are told apart by name."""
    return Model(
        scope="scope-1",
        name=f"m{number:02d}",
        arn=arn("model", f"m{number:02d}"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON + timedelta(seconds=number // 2),
        as_of=NOON,
    )


MODELS = [model(number) for number in range(20)]
NEWEST_FIRST: list[AnyResource] = sorted(MODELS, key=order_key, reverse=True)


def members_of(resources: Sequence[AnyResource]) -> list[Member]:
    return [Member(resource, MatchReason.PIPELINE) for resource in resources]


def names(resources: Sequence[AnyResource]) -> list[str]:
    return [resource.name for resource in resources]


@pytest.mark.parametrize("seed", range(40))
def test_pages_with_members_hold_all_of_both_once_in_order(seed: int) -> None:
    """Pages of rows, each with its members, are those of the whole list, whatever is a row, a member or both."""
    choose = random.Random(seed)
    rows = [item for item in NEWEST_FIRST if choose.random() < 0.6]
    others = [item for item in MODELS if choose.random() < 0.4]
    choose.shuffle(others)
    size, seen, after = choose.randint(1, 5), list[AnyResource](), None
    for begin in range(0, len(rows) or 1, size):
        page = rows[begin : begin + size]
        whole = with_members(page, members_of(others), after, is_end=begin + size >= len(rows))
        seen += whole
        after = order_key(whole[-1]) if whole else after
    expected = {*names(rows), *names(others)}
    assert names(seen) == [item.name for item in NEWEST_FIRST if item.name in expected]


def test_a_page_without_members_is_the_page_itself() -> None:
    page = NEWEST_FIRST[2:5]
    assert with_members(page, (), None, is_end=True) is page
    assert with_members(page, members_of(page), None, is_end=True) is page
    assert with_members(page, members_of(NEWEST_FIRST[:2]), order_key(NEWEST_FIRST[1]), is_end=False) is page


def test_an_empty_page_that_goes_on_holds_all_members_behind_its_place() -> None:
    """No row tells where it ends, so that none of them would come again."""
    after = order_key(NEWEST_FIRST[9])
    page = with_members([], members_of(MODELS), after, is_end=False)
    assert names(page) == names(NEWEST_FIRST[10:])


def test_a_row_stays_as_the_list_gave_it() -> None:
    row, member = MODELS[3], model(3)
    assert with_members([row], [Member(member, MatchReason.PIPELINE)], None, is_end=True)[0] is row


def test_the_reason_of_a_link_comes_before_that_of_a_member() -> None:
    members = [Member(MODELS[0], MatchReason.PIPELINE), Member(MODELS[1], MatchReason.EXACT_ARTIFACT)]
    assert reason_with_member(MatchReason.MODEL_NAME, members, MODELS[0]) is MatchReason.MODEL_NAME
    assert reason_with_member(None, members, model(1)) is MatchReason.EXACT_ARTIFACT
    assert reason_with_member(None, members, MODELS[2]) is None
    assert reason_with_member(None, [], MODELS[0]) is None


@pytest.mark.parametrize(
    ("members", "is_empty"),
    [
        (ListMembers(), True),
        (ListMembers(unreadable=1), False),
        (ListMembers(tuple(members_of(MODELS[:1]))), False),
    ],
)
def test_a_list_is_left_as_it_is_if_there_is_nothing_to_merge(members: ListMembers, is_empty: bool) -> None:
    assert members.is_empty is is_empty


def test_the_members_of_both_keep_their_order_and_their_numbers() -> None:
    one, other = ListMembers(tuple(members_of(MODELS[:2])), 1), ListMembers(tuple(members_of(MODELS[2:3])), 2)
    assert one.and_also(other) == ListMembers(tuple(members_of(MODELS[:3])), 3)
    assert ListMembers().and_also(one) == one.and_also(ListMembers()) == one
