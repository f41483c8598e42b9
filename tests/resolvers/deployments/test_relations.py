"""resolvers.deployments.relations: each thing in AWS is asked for once, as the group whose deployment names it."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from auth.errors import AuthError, ForbiddenError
from aws.client.errors import AccessDeniedError
from aws.kinds.kind import Kind
from registry.database import Database
from registry.deployment_records import DeploymentScope
from registry.ids import encode_own_id
from resolvers.deployments.relations import (
    registrations_of_deployments,
    replaced_snapshots,
    runtimes_of_deployments,
    snapshots_of_deployments,
    transform_jobs_of_records,
)
from resolvers.views.resource_view import Viewed
from tests.registry import samples
from tests.registry.factories import create_registration, minutes_after_noon
from tests.schema.snapshot_row import SNAPSHOT_ROW

REFUSED = AccessDeniedError("No.", operation="DescribeEndpoint")
DEPLOYMENT = replace(samples.DEPLOYMENT, snapshot_created_at=SNAPSHOT_ROW.creation_time or minutes_after_noon(0))
STEP = samples.DEPLOYMENT.steps[0]


class Asked:
    """A request whose groups have views; keeps which were opened, and what they were asked."""

    def __init__(self, known: Mapping[str, Any], accounts: Mapping[str, str | AuthError]) -> None:
        self.known = known
        self.accounts = accounts
        self.asked: list[tuple[str, Kind, list[str]]] = []

    async def view_for(self, group: str, region: str) -> Any:
        account = self.accounts[group]
        if isinstance(account, AuthError):
            raise account

        async def describe(kind: Kind, names: set[str]) -> Mapping[str, Any]:
            self.asked.append((f"{group} {region}", kind, sorted(names)))
            return {name: self.known.get(name) for name in names}

        view = SimpleNamespace(group=group, account_id=account, inventory=SimpleNamespace(describe=describe))
        view.view_of = lambda _resource: view
        return view


def values(result: Any) -> list[Any]:
    """The resources without their views."""
    return [part.value if isinstance(part, Viewed) else part for part in result]


def request(asked: Asked) -> Any:
    return asked


async def test_a_snapshot_that_was_made_again_is_not_the_deployments() -> None:
    """Of one that a listing has not dated nobody can tell; a refusal is shown as such."""
    known = {"churn-3": SNAPSHOT_ROW, "undated": replace(SNAPSHOT_ROW, creation_time=None), "refused": REFUSED}
    asked = Asked(known, {"risk": "111111111111"})
    deployments = [
        DEPLOYMENT,
        replace(DEPLOYMENT, snapshot_created_at=minutes_after_noon(1)),
        replace(DEPLOYMENT, snapshot_name="undated", snapshot_created_at=minutes_after_noon(1)),
        replace(DEPLOYMENT, snapshot_name="refused"),
        replace(DEPLOYMENT, snapshot_name="gone"),
    ]
    assert values(await snapshots_of_deployments(request(asked), deployments)) == [
        SNAPSHOT_ROW,
        None,
        known["undated"],
        REFUSED,
        None,
    ]
    assert asked.asked == [("risk us-east-2", Kind.SNAPSHOT, ["churn-3", "gone", "refused", "undated"])]


async def test_each_place_is_asked_once_and_one_in_trouble_is_not_all() -> None:
    """A role that is in another account by now would show another group's things under the same names."""
    no_role = ForbiddenError("The group `gone` has no role.")
    asked = Asked({"live": "the runtime"}, {"risk": "111111111111", "moved": "999999999999", "gone": no_role})
    of = replace(DEPLOYMENT, runtime_name="live")
    result = await runtimes_of_deployments(
        request(asked),
        [
            of,
            replace(of, runtime_name=None),
            replace(of, group="moved"),
            replace(of, group="gone"),
            replace(of, region="eu-west-1"),
            of,
        ],
    )
    moved = result[2]
    assert isinstance(moved, ForbiddenError)
    assert str(moved) == (
        "The role of the group `moved` is in account 999999999999 now; the deployment is in account 111111111111."
    )
    assert values([result[0], result[1], *result[3:]]) == ["the runtime", None, no_role, "the runtime", "the runtime"]
    assert sorted(asked.asked, key=str) == [
        ("risk eu-west-1", Kind.RUNTIME, ["live"]),
        ("risk us-east-2", Kind.RUNTIME, ["live"]),
    ]


async def test_a_replaced_snapshot_is_read_as_the_deployments_group() -> None:
    asked = Asked({"churn-3": SNAPSHOT_ROW}, {"risk": "111111111111"})
    replacing = replace(DEPLOYMENT, replaces_name="churn-3")
    shown, none, gone = await replaced_snapshots(
        request(asked), [replacing, DEPLOYMENT, replace(DEPLOYMENT, replaces_name="gone")]
    )
    assert isinstance(shown, Viewed)
    assert (shown.value, shown.group, none, gone) == (SNAPSHOT_ROW, "risk", None, None)
    assert asked.asked == [("risk us-east-2", Kind.SNAPSHOT, ["churn-3", "gone"])]


async def test_where_no_record_names_anything_nobody_is_asked() -> None:
    asked = Asked({}, {})
    nameless = replace(STEP, home=DeploymentScope("gone", "", ""), job_name=None)
    assert await transform_jobs_of_records(request(asked), [nameless, replace(samples.TEST_RESULT, job_name=None)]) == [
        None,
        None,
    ]
    assert asked.asked == []


async def test_steps_and_outcomes_share_their_jobs() -> None:
    asked = Asked({"rehearsal-1": "the job"}, {"risk": "111111111111"})
    result: Any = await transform_jobs_of_records(request(asked), [STEP, samples.TEST_RESULT])
    assert values(result) == ["the job", "the job"]
    assert asked.asked == [("risk us-east-2", Kind.TRANSFORM_JOB, ["rehearsal-1"])]


async def test_registrations_keep_their_order_and_one_that_was_removed_is_left_out(database: Database) -> None:
    first, second = await create_registration(database, "a"), await create_registration(database, "b")
    removed = encode_own_id("Registration", "0" * 32)
    services: Any = SimpleNamespace(database=database, required_assets=())
    both = replace(DEPLOYMENT, registration_ids=(second.id, removed, first.id))
    one, none = replace(DEPLOYMENT, registration_ids=(first.id,)), replace(DEPLOYMENT, registration_ids=(removed,))
    asked: Any = SimpleNamespace(services=services)
    registrations = await registrations_of_deployments(asked, [both, one, none])
    assert [[registration.model_name for registration in other] for other in registrations] == [["b", "a"], ["a"], []]
