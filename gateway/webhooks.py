"""`/webhooks/{backend}`: an approval backend reports a change. Nothing in it is believed; it only triggers a look."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.http_errors import error_response
from workflows.approvals.service import Approvals

MAX_WEBHOOK_BYTES: Final = 1_000_000
"""The most bytes of a webhook: Jira sends an issue with all its fields, none of which is read."""


async def receive_webhook(request: Request) -> Response:
    """Answer a request with 204 to a genuine webhook, 401 to any other, 404 if the backend is not in use or takes none.

    It needs no identity: the signature is one. A replay triggers one more look and nothing else.
    """
    approvals: Approvals = request.state.approvals
    accepted = approvals.accepts(request.path_params["backend"], request.headers.items(), await request.body())
    if accepted is None:
        raise HTTPException(404)
    if not accepted:
        message = "The webhook is not signed with the secret in the settings, such as jira.webhookSecret."
        return error_response(401, message, "UNAUTHENTICATED", request.scope.get("request_id"))
    approvals.trigger()
    return Response(status_code=204)
