// urql with Graphcache: documents as their text after one try of their hash, subscriptions by server-sent events.
import { readFileSync, readdirSync } from 'node:fs'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { persistedExchange } from '@urql/exchange-persisted'
import { parse } from 'graphql'
import { createClient } from 'graphql-sse'
import { embeddedTypes, recordingFetch, View } from './observed.mjs'

const folder = new URL('operations/', import.meta.url)
const definitions = readdirSync(folder).flatMap(name => parse(readFileSync(new URL(name, folder), 'utf8')).definitions)
const fragments = definitions.filter(definition => definition.kind === 'FragmentDefinition')

// The operation with the fragments that it uses, as a bundler would hand it over.
function documentOf(name) {
  const used = new Set([definitions.find(definition => definition.name.value === name)])
  for (const definition of used) {
    const spreads = [...JSON.stringify(definition).matchAll(/"FragmentSpread","name":\{"kind":"Name","value":"(\w+)"/g)].map(([, spread]) => spread)
    for (const fragment of fragments) if (spreads.includes(fragment.name.value)) used.add(fragment)
  }
  return { kind: 'Document', definitions: [...used] }
}

const errorsOf = result => result.error?.graphQLErrors ?? []

function createCache(schema) {
  return cacheExchange({
    schema,
    keys: Object.fromEntries(embeddedTypes(schema).map(type => [type, () => null])),
    resolvers: {
      Query: { models: relayPagination(), deployments: relayPagination() },
      Model: { jobs: relayPagination() },
    },
    updates: { Subscription: { deploymentsChanged: fileInInbox } },
  })
}

// What came in or left is no update of a thing that is shown: the list has to be told.
function fileInInbox({ deploymentsChanged: { matches, deployment } }, { filter }, cache) {
  cache.updateQuery({ query: documentOf('ApprovalsQuery'), variables: { filter, first: 20 } }, data => {
    if (!data) return data
    const edges = data.deployments.edges.filter(edge => edge.node.id !== deployment.id)
    if (matches) edges.unshift({ __typename: 'DeploymentEdge', cursor: '', node: deployment })
    return { ...data, deployments: { ...data.deployments, edges } }
  })
}

export function connect(url, headers, schema) {
  const calls = []
  const events = createClient({ url: `${url}/graphql`, headers, retryAttempts: 5 })
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: sink => ({ unsubscribe: events.subscribe({ query, variables }, sink) }),
  })
  const client = new Client({
    url: `${url}/graphql`,
    fetch: recordingFetch(calls),
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [
      createCache(schema),
      persistedExchange({ preferGetForPersistedQueries: false }),
      fetchExchange,
      subscriptionExchange({ forwardSubscription }),
    ],
  })
  return {
    calls,
    view: (name, variables) => new UrqlView(client, name, variables),
    mutate: async (name, variables) => (await client.mutation(documentOf(name), variables).toPromise()).data,
    subscribe(name, variables) {
      const view = new View()
      client.subscription(documentOf(name), variables).subscribe(result => view.show(result.data, errorsOf(result)))
      return view
    },
    close: () => events.dispose(),
  }
}

class UrqlView extends View {
  constructor(client, name, variables) {
    super()
    Object.assign(this, { client, name, variables })
    this.watch(variables)
  }

  watch(variables) {
    const source = this.client.query(documentOf(this.name), variables)
    source.subscribe(result => this.show(result.data, errorsOf(result)))
  }

  // The next page is a query of its own; Graphcache's relayPagination puts it behind what is there.
  more() {
    const { models, model } = this.data
    this.watch({ ...this.variables, after: (models ?? model.jobs).pageInfo.endCursor })
  }
}
