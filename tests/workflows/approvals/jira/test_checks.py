"""workflows.approvals.jira.checks: what can be known before the first ticket."""

from sandbox.jira.project import Status
from sandbox.jira.server import JiraServer
from tests.workflows.approvals.jira.conftest import QUICK, config_of
from workflows.approvals.jira.checks import find_faults
from workflows.approvals.jira.client import JiraClient


async def found(jira: JiraServer, **changes: object) -> tuple[str, ...]:
    async with JiraClient(config_of(jira, **changes), QUICK) as client:
        return await find_faults(client)


async def test_a_jira_that_is_as_the_settings_say(jira: JiraServer) -> None:
    assert await found(jira, issue_type="task", approved=("done",), rejected=("REJECTED",)) == ()
    assert jira.project.issues == {}
    assert jira.asked("POST") == []


async def test_each_fault_is_named(jira: JiraServer) -> None:
    jira.project.statuses[3] = Status("Declined", "done")
    jira.project.permissions.discard("ADD_COMMENTS")
    del jira.project.fields["labels"]
    jira.project.fields["customfield_7"] = True
    assert await found(jira) == (
        "the account `sagegraph@example.com` may not comment on them in `MLOPS`; grant it ADD_COMMENTS",
        "jira.rejected has `Rejected`, which the workflow of `Task` has not: To Do, In Review, Done, Declined",
        "a new `Task` needs the field `customfield_7`, which the gateway does not fill; make it optional",
        "a new `Task` has no field `labels` for the gateway; put it on the screen that creates issues",
    )


async def test_what_is_not_there(jira: JiraServer) -> None:
    assert await found(jira, issue_type="Bug") == ("jira.issueType `Bug` is none of the project's: Task",)
    gone = "jira.project `NONE` is not there, or not for the account `sagegraph@example.com`"
    assert await found(jira, project="NONE") == (gone,)
    (refused,) = await found(jira, token="wrong")
    assert refused == "Jira does not accept jira.user with jira.token (401); make a new token."
    (away,) = await found(jira, url="http://127.0.0.1:9")
    assert away.startswith("Jira cannot be reached")
    (other,) = await found(jira, url=f"{jira.url}/other")
    assert other.startswith("There is no Jira at jira.url")
