"""Whose knowledge is whose, over HTTP: roles share nothing, and what a role may not see it does not keep."""

import asyncio

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, assume_role_entry, credential_settings
from tests.live.conftest import OpenStill

NAMES = "{ models(first: 100) { nodes { name } } }"
IMAGES = "{ models(first: 3) { nodes { name containers { image } } } }"
OTHER = RISK.role_arn.replace("role/risk", "role/auditors")


def names(answer: object) -> list[str]:
    return [node["name"] for node in answer.data["models"]["nodes"]]  # type: ignore[attr-defined]  # an answer


async def test_two_scopes_that_ask_for_the_same_pay_twice_and_see_their_own(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate
) -> None:
    """Two roles in one account and region."""
    auditors = assume_role_entry(RISK, name="auditors", roleArn=OTHER)
    sandbox.faults.refuse("DescribeModel", principal="role/auditors/bob")
    sandbox.faults.refuse("DescribeModel", principal="assumed-role/auditors/bob")
    async with open_still(
        **credential_settings(assume_role_entry(RISK), auditors), sagemaker={"search": False}
    ) as gateway:
        response = await gateway.ask(IMAGES, user="ann", groups=["risk"])
        graph_ql_response = await gateway.ask(IMAGES, user="bob", groups=["auditors"])
        again = await gateway.ask(IMAGES, user="ann", groups=["risk"])
    assert response.aws_extensions["calls"] == {"DescribeModel": 3, "ListModels": 1}
    assert graph_ql_response.aws_extensions["calls"] == {"DescribeModel": 3, "ListModels": 1}
    assert sandbox.calls.count("ListModels") == 2
    assert names(response) == names(again)
    assert [error["extensions"]["code"] for error in graph_ql_response.errors] == ["FORBIDDEN"] * 3
    assert again.aws_extensions["calls"] == {}


async def test_two_callers_of_one_scope_pay_once(sandbox: Sandbox, open_still: OpenStill, estate: Estate) -> None:
    async with open_still() as gateway:
        response = await gateway.ask(NAMES, user="ann")
        graph_ql_response = await gateway.ask(NAMES, user="bob")
    assert names(response) == names(graph_ql_response)
    assert (response.aws_extensions["calls"], graph_ql_response.aws_extensions["calls"]) == ({"ListModels": 1}, {})


async def test_a_denied_role_loses_what_it_knew_of_that_kind(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate
) -> None:
    runtimes = "{ runtimes(first: 3) { nodes { name snapshot { name } } } }"
    async with open_still(sagemaker={"search": False}) as gateway:
        await gateway.ask(IMAGES)
        await gateway.ask(runtimes)
        sandbox.faults.refuse("ListModels", times=1)
        sandbox.advance(6)
        denied = await gateway.ask(IMAGES)
        assert denied.codes == ["FORBIDDEN"]
        assert denied.body["data"] == {"models": None}
        # Permitted again, it reads and describes everything afresh, though none of that is old.
        sandbox.advance(0.001)
        permitted = await gateway.ask(IMAGES)
        assert permitted.aws_extensions["calls"] == {"DescribeModel": 3, "ListModels": 1}
        # Of another kind it has lost nothing.
        assert (await gateway.ask(runtimes)).aws_extensions["calls"] == {"ListEndpoints": 1}


async def test_a_refused_role_drops_the_scope(sandbox: Sandbox, open_still: OpenStill, estate: Estate) -> None:
    async with open_still() as gateway:
        await gateway.ask(NAMES)
        # AWS no longer takes the keys, and gives no others: neither to the call as it is made again, nor later.
        sandbox.faults.fail("ListModels", status=400, code="ExpiredTokenException", message="expired", times=1)
        sandbox.faults.refuse("AssumeRole", times=3)
        sandbox.advance(6)
        expired = await gateway.ask(NAMES)
        assert expired.body["data"] == {"models": None}
        assert expired.aws_extensions["stale"] is False
        for _ in range(2):
            refused = await gateway.ask(NAMES)
            assert refused.body["data"] == {"models": None}
            assert (refused.codes, refused.aws_extensions["calls"]) == (["FORBIDDEN"], {})
        permitted = await gateway.ask(NAMES)
        # Nothing is known any more, though no time has passed.
        assert permitted.aws_extensions["calls"] == {"ListModels": 1}
        assert len(names(permitted)) == 9


async def test_a_cancelled_waiter_does_not_cancel_the_flight(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate
) -> None:
    hold = sandbox.faults.block("ListModels", times=1)
    async with open_still() as gateway:
        leaving = asyncio.create_task(gateway.ask(NAMES, user="ann"))
        assert await asyncio.to_thread(hold.wait_for_requests)
        staying = asyncio.create_task(gateway.ask(NAMES, user="bob"))
        # Bob has keys of his own, and then joins.
        async with asyncio.timeout(30):
            while sandbox.calls.count("AssumeRole") < 2:  # noqa: ASYNC110 - the sandbox counts on a thread of its own
                await asyncio.sleep(0.01)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        hold.release()
        answer = await staying
    assert len(names(answer)) == 9
    assert sandbox.calls.count("ListModels") == 1


async def test_work_cut_by_a_requests_deadline_goes_on(sandbox: Sandbox, open_still: OpenStill, estate: Estate) -> None:
    """The next request finds it."""
    hold = sandbox.faults.block("DescribeModel", times=3)
    async with open_still(limits={"seconds": 0.5}, sagemaker={"search": False}) as gateway:
        cut = await gateway.ask(IMAGES)
        assert set(cut.codes) == {"TIMEOUT"}
        assert sandbox.calls.count("DescribeModel") == 3
        hold.release()
        response = await gateway.ask(IMAGES)
    assert all(node["containers"] for node in response.data["models"]["nodes"])
    assert sandbox.calls.count("DescribeModel") == 3
    assert response.aws_extensions["calls"] == {}
