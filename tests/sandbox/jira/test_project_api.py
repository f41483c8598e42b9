"""sandbox.jira.project_api: the account, its permissions, the statuses and fields."""

from sandbox.jira.server import JiraServer
from tests.sandbox.jira.conftest import CLOUD, Ask, errors_of


async def test_permissions_of_the_account(jira: JiraServer, ask: Ask) -> None:
    jira.project.permissions.discard("ADD_COMMENTS")
    body = (await ask("GET", "mypermissions?projectKey=MLOPS&permissions=ADD_COMMENTS,CREATE_ISSUES")).json()
    had = {name: item["havePermission"] for name, item in body["permissions"].items()}
    assert (had["ADD_COMMENTS"], had["CREATE_ISSUES"]) == (False, True)
    assert ("ADMINISTER" in had) is not jira.cloud


@CLOUD
async def test_cloud_wants_the_permissions_named(jira: JiraServer, ask: Ask) -> None:
    assert errors_of(await ask("GET", "mypermissions?projectKey=MLOPS"))[0] == 400


async def test_a_project_that_is_not_there(ask: Ask) -> None:
    words = ["No project could be found with key 'NONE'."]
    assert errors_of(await ask("GET", "mypermissions?projectKey=NONE&permissions=X")) == (404, words, {})
    assert errors_of(await ask("GET", "project/NONE/statuses")) == (404, words, {})


async def test_statuses_of_the_type(ask: Ask) -> None:
    (kind,) = (await ask("GET", "project/MLOPS/statuses")).json()
    assert (kind["name"], [item["name"] for item in kind["statuses"]]) == (
        "Task",
        ["To Do", "In Review", "Done", "Rejected"],
    )


async def test_fields_of_a_new_issue(jira: JiraServer, ask: Ask) -> None:
    body = (await ask("GET", "issue/createmeta/MLOPS/issuetypes/10001")).json()
    result = body["fields" if jira.cloud else "values"]
    assert [item["fieldId"] for item in result if item["required"]] == ["summary", "issuetype", "project"]
