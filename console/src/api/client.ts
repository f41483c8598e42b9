// The GraphQL client: a normalised cache, queries and mutations by POST, subscriptions by one WebSocket.
import { cacheExchange, type CacheExchangeOpts } from '@urql/exchange-graphcache'
import { Client, fetchExchange, subscriptionExchange } from 'urql'
import cacheSchema from '../graphql/cache-schema.json'
import { settings } from '../settings'
import { subscribe } from './live'
import { overtakenExchange } from './overtaken'
import { sessionFetch } from './session'

export function createApiClient(): Client {
  return new Client({
    url: settings.endpoint,
    preferGetMethod: false,
    fetch: sessionFetch,
    // A null that came with an error is not kept: a screen that has one asks again when it opens.
    requestPolicy: 'cache-and-network',
    exchanges: [
      cacheExchange({
        schema: cacheSchema.schema as CacheExchangeOpts['schema'],
        keys: Object.fromEntries(cacheSchema.withoutId.map(type => [type, () => null])),
      }),
      overtakenExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: sink => ({
            unsubscribe: subscribe({ query: query ?? '', variables }, sink as Parameters<typeof subscribe>[1]),
          }),
        }),
      }),
    ],
  })
}
