"""Break `gateway/`: requests, settings, the explorer and health checks."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="gateway-webhook-with-wrong-signature-wakes",
        file="workflows/approvals/jira/webhook.py",
        old="len(signatures) == 1 and hmac",
        new="len(signatures) == 1 or hmac",
        tests=("tests/gateway/test_webhooks.py",),
    ),
    Breakage(
        id="gateway-long-body-without-length-passes",
        file="gateway/middleware.py",
        old="if len(body) >",
        new="if len(body) >= 1000 *",
        tests=("tests/gateway/test_middleware.py",),
    ),
    Breakage(
        id="gateway-unexpected-error-answers-200",
        file="gateway/middleware.py",
        old="error_response(500, message,",
        new="error_response(200, message,",
        tests=("tests/gateway/test_middleware.py",),
    ),
    Breakage(
        id="gateway-trailers-count-as-headers",
        file="gateway/http_protocol.py",
        old="self._in_headers, self._in_body = False, True",
        new="self._in_headers, self._in_body = True, True",
        tests=("tests/gateway/test_http_protocol.py",),
    ),
    Breakage(
        id="gateway-no-cache-is-not-heard",
        file="gateway/graphql_endpoint.py",
        old='if name == "no-cache":',
        new='if name == "no-store":',
        tests=("tests/gateway/test_context.py",),
    ),
    Breakage(
        id="gateway-answers-may-be-kept-on-the-way",
        file="gateway/http_errors.py",
        old='{"Cache-Control": "no-store", "X-C',
        new='{"Cache-Control": "public", "X-C',
        tests=("tests/gateway/test_graphql_endpoint.py",),
    ),
    Breakage(
        id="gateway-stop-is-taken-for-a-client-that-left",
        file="gateway/client_disconnect.py",
        old="if left and work.uncancel() == 0:",
        new="if left or work.uncancel() == 0:",
        tests=("tests/gateway/test_client_disconnect.py",),
    ),
    Breakage(
        id="gateway-page-size-above-a-hundred-is-taken",
        file="gateway/settings/values.py",
        old="whole_number(1, 100)",
        new="whole_number(1, 1000)",
        tests=(
            "tests/gateway/settings/test_values.py",
            "tests/gateway/settings/test_server.py",
        ),
    ),
    Breakage(
        id="gateway-address-with-a-user-is-taken",
        file="gateway/settings/values.py",
        old="if parts.username is not None or parts.password is not None:",
        new="if parts.username is not None and parts.password is not None:",
        tests=("tests/gateway/settings/test_values.py",),
    ),
    Breakage(
        id="gateway-empty-variable-is-taken",
        file="gateway/settings/document.py",
        old="        elif not environ[name]:",
        new="        elif not name:",
        tests=("tests/gateway/settings/test_document.py",),
    ),
    Breakage(
        id="gateway-schema-is-served-without-introspection",
        file="gateway/app.py",
        old="if settings.introspection:",
        new="if settings.explorer:",
        tests=("tests/gateway/test_app.py",),
    ),
    Breakage(
        id="gateway-example-ends-the-script-of-the-page",
        file="gateway/explorer/page.py",
        old='.replace("<", "\\\\u003c")',
        new='.replace("<", "<")',
        tests=("tests/gateway/explorer/test_page.py",),
    ),
    Breakage(
        id="gateway-group-role-in-another-account-is-used",
        file="gateway/group_scopes.py",
        old="if scope.account_id != account_id:",
        new="if not scope.account_id:",
        tests=("tests/gateway/test_group_scopes.py",),
    ),
    Breakage(
        id="gateway-is-ready-before-it-has-started",
        file="gateway/health.py",
        old='"starting"}, 503)',
        new='"starting"}, 200)',
        tests=("tests/gateway/test_health.py",),
    ),
    Breakage(
        id="gateway-is-ready-without-durable-work",
        file="gateway/readiness.py",
        old='Report(503, {"status": "not ready"',
        new='Report(200, {"status": "not ready"',
        tests=("tests/gateway/test_readiness.py",),
    ),
    Breakage(
        id="gateway-drain-is-no-word-to-probes",
        file="gateway/readiness.py",
        old="        if self.drain.begun:",
        new="        if False:",
        tests=("tests/gateway/test_readiness.py",),
    ),
    Breakage(
        id="gateway-connections-that-wait-are-reset",
        file="gateway/server.py",
        old="        for connection in accepted:",
        new="        for connection in ():",
        tests=("tests/gateway/test_draining.py",),
    ),
    Breakage(
        id="gateway-clients-that-take-nothing-stay",
        file="gateway/http_protocol.py",
        old="            self._cut()\n        else:\n            self._watch_writing()",
        new="            self._watch_writing()\n        else:\n            self._watch_writing()",
        tests=("tests/gateway/test_connection_limits.py",),
    ),
    Breakage(
        id="gateway-answered-connection-makes-room",
        file="gateway/http_protocol.py",
        old="if not one._is_answering()), None)",
        new="if one._is_answering()), None)",
        tests=("tests/gateway/test_connection_limits.py",),
    ),
)
