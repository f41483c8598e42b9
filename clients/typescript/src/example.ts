// The generated client at work: pages of models, where one is served, and a runtime watched. Run it beside `make demo`.
import type { Client } from "@urql/core";
import { connect } from "./client.ts";
import { Models, ModelServing, RuntimeChanged } from "./operations.ts";

const CALLER = { "X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk" };

/** All models: each page is appended to those in the cache, from which the whole list is read. */
async function namesOfModels(client: Client): Promise<string[]> {
  let after: string | null = null;
  do {
    const { data, error } = await client.query(Models, { first: 5, after }).toPromise();
    if (!data?.models) throw error ?? new Error("the models may not be read");
    after = data.models.pageInfo.hasNextPage ? (data.models.pageInfo.endCursor ?? null) : null;
  } while (after);
  const { data } = await client.query(Models, { first: 5 }, { requestPolicy: "cache-only" }).toPromise();
  return data?.models?.nodes.map((model) => model.name) ?? [];
}

/** The first state that a subscription tells: the present one. */
function stateOf(client: Client, ids: string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const { unsubscribe } = client.subscription(RuntimeChanged, { ids }).subscribe(({ data, error }) => {
      if (error) reject(error);
      else resolve(data?.runtimeChanged?.runtime?.status);
      queueMicrotask(() => unsubscribe());
    });
  });
}

const [url = "http://127.0.0.1:8000", name = "fraud-detection-v12"] = process.argv.slice(2);
const { client, close } = await connect(url, CALLER);
console.log("models:", (await namesOfModels(client)).length);
const { data, error } = await client.query(ModelServing, { name }).toPromise();
// An answer may have data beside errors: what could not be read is null in it.
if (error) console.log("not readable:", [...new Set(error.graphQLErrors.map((fault) => fault.extensions["code"]))]);
const runtimes = data?.model?.runtimes?.nodes ?? [];
console.log("served by:", runtimes.map((runtime) => [runtime.name, runtime.status]));
console.log("now:", await stateOf(client, runtimes.map((runtime) => runtime.id)));
await close();
