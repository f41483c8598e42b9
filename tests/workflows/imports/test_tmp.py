from tests.workflows.imports.test_importing import *
async def test_x(account, open_working, sqlite_url):
    async with open_working(permissions=ALLOWED, database={"url": sqlite_url}) as gateway:
        first = await imported(gateway, "scorer")
        account.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="scorer-snapshot")
        print(changes(await sync(gateway, first)))
        aws_calls(account)
        with making(account) as made:
            made.snapshot("scorer-snapshot", "scorer")
        x=await sync(gateway, first)
        print(changes(x), aws_calls(account), [c for c in account.calls.recent("ListEndpointConfigs")])
        x=await sync(gateway, first)
        print(changes(x), aws_calls(account), account.call("ListEndpointConfigs", RISK.account, RISK.region))
