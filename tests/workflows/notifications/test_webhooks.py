"""workflows.notifications.webhooks: which events a webhook wants, and under which id its deliveries are kept."""

from gateway.settings.settings import from_mapping
from registry.webhook_deliveries import ALL_EVENTS
from tests.workflows.notifications.receiver import SECRET
from workflows.notifications.webhooks import webhooks_of

URL = "https://hooks.example.com/T0/secret-path"


def test_each_gets_what_it_asks_for() -> None:
    events = [None, ["import.*"], ["deployment.*", "import.failed"], ["deployment.awaiting_approval"], []]
    written = [
        {"url": f"{URL}/{number}", "secret": SECRET, **({} if chosen is None else {"events": chosen})}
        for number, chosen in enumerate(events)
    ]
    every, imports, both, one, none = webhooks_of(
        from_mapping({"notifications": {"webhooks": written}}).notifications.webhooks
    )
    assert every.filter.events == ALL_EVENTS
    assert imports.filter.events == {"import.done", "import.failed"}
    assert both.filter.events == ALL_EVENTS - {"import.done"}
    assert one.filter.events == {"deployment.awaiting_approval"}
    assert none.filter.events == frozenset()


def test_its_id_is_of_the_address_alone_and_it_shows_no_secret() -> None:
    def made(url: str, secret: str) -> str:
        settings = from_mapping({"notifications": {"webhooks": [{"url": url, "secret": secret}]}})
        (webhook,) = webhooks_of(settings.notifications.webhooks)
        assert repr(webhook) == "Webhook(hooks.example.com)"
        assert "secret-path" not in repr(settings)
        assert secret not in repr(settings)
        return webhook.id

    other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert made(URL, SECRET) == made(URL, other)
    assert made(URL, SECRET) != made(f"{URL}/", SECRET)
