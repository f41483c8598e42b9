import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import type { IntrospectionQuery } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

export type Headers = Readonly<Record<string, string>>;

/** The schema as the gateway serves it, by which the cache knows interfaces, and the types that have no id. */
async function schemaOf(url: string, headers: Headers): Promise<IntrospectionQuery> {
  const answer = await fetch(`${url}/graphql/schema.json`, { headers });
  return ((await answer.json()) as { data: IntrospectionQuery }).data;
}

function typesWithoutId(schema: IntrospectionQuery): string[] {
  return schema.__schema.types
    .filter((type) => type.kind === "OBJECT" && !type.fields.some((field) => field.name === "id"))
    .map((type) => type.name);
}

/** A client that caches by id, appends pages, and hears of changes over one WebSocket; `close` ends that. */
export async function connect(url: string, headers: Headers): Promise<{ client: Client; close: () => Promise<void> }> {
  const schema = await schemaOf(url, headers);
  // Node.js can send headers with a handshake; a browser's page is named by its proxy, or by `connectionParams`.
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const socket = createClient({ url: `${url.replace("http", "ws")}/graphql`, webSocketImpl: Socket });
  const list = relayPagination();
  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [
      cacheExchange({
        schema,
        keys: Object.fromEntries(typesWithoutId(schema).map((type) => [type, () => null])),
        resolvers: { Query: { models: list, runtimes: list, jobs: list, deployments: list, registrations: list } },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables, operationName }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query: query ?? "", variables: { ...variables }, operationName }, sink),
          }),
        }),
      }),
    ],
  });
  return { client, close: async () => socket.dispose() };
}
