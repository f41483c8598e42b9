// Apollo Client: documents by the hash that graphql-codegen has given them, subscriptions over a WebSocket.
import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { createClient } from 'graphql-ws'
import { OperationTypeNode, parse } from 'graphql'
import WebSocket from 'ws'
import * as documents from './generated/documents.mjs'
import { identified, possibleTypes, recordingFetch, socketAddress, View } from './observed.mjs'

const documentOf = name => documents[`${name}Document`]
const errorsOf = result => result.error?.errors ?? (result.error ? [result.error] : [])

function createCache(schema) {
  return new InMemoryCache({
    possibleTypes: possibleTypes(schema),
    typePolicies: {
      Query: { fields: { models: relayStylePagination(['filter', 'orderBy']), deployments: relayStylePagination(['filter']) } },
      Model: { fields: { jobs: relayStylePagination(['filter']) } },
    },
  })
}

function createApollo(link, schema) {
  return new ApolloClient({ link, cache: createCache(schema), defaultOptions: { watchQuery: { errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } } })
}

export function connect(url, headers, schema) {
  const calls = []
  const socket = createClient({ url: socketAddress(url), webSocketImpl: identified(WebSocket, headers), retryAttempts: 5 })
  const http = ApolloLink.from([
    new PersistedQueryLink({ generateHash: document => document.__meta__.hash }),
    new HttpLink({ uri: `${url}/graphql`, headers, fetch: recordingFetch(calls) }),
  ])
  const isSubscription = ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION
  const client = createApollo(ApolloLink.split(isSubscription, new GraphQLWsLink(socket), http), schema)
  return {
    calls,
    view: (name, variables) => new ApolloView(client, name, variables),
    mutate: async (name, variables) => (await client.mutate({ mutation: documentOf(name), variables })).data,
    subscribe(name, variables) {
      const view = new View()
      client.subscribe({ query: documentOf(name), variables }).subscribe(result => {
        if (result.data?.deploymentsChanged) fileInInbox(client, variables, result.data.deploymentsChanged)
        view.show(result.data, errorsOf(result))
      })
      return view
    },
    close() {
      client.stop()
      socket.dispose()
    },
  }
}

class ApolloView extends View {
  constructor(client, name, variables) {
    super()
    this.query = client.watchQuery({ query: documentOf(name), variables })
    this.query.subscribe(result => {
      if (result.dataState === 'complete') this.show(result.data, errorsOf(result))
    })
  }

  more() {
    const { models, model } = this.data
    return this.query.fetchMore({ variables: { after: (models ?? model.jobs).pageInfo.endCursor } })
  }
}

// What came in or left is no update of a thing that is shown: the list has to be told.
function fileInInbox(client, variables, { matches, deployment }) {
  client.cache.updateQuery({ query: documentOf('ApprovalsQuery'), variables: { ...variables, first: 20 } }, data => {
    if (!data) return data
    const edges = data.deployments.edges.filter(edge => edge.node.id !== deployment.id)
    if (matches) edges.unshift({ __typename: 'DeploymentEdge', cursor: '', node: deployment })
    return { ...data, deployments: { ...data.deployments, edges } }
  })
}

// Automatic persisted queries: the hash of a document that nobody has published, then its text, then texts alone.
export async function extra(url, headers, schema) {
  const calls = []
  const link = ApolloLink.from([
    new PersistedQueryLink({ sha256: text => createHash('sha256').update(text).digest('hex') }),
    new HttpLink({ uri: `${url}/graphql`, headers, fetch: recordingFetch(calls) }),
  ])
  const client = createApollo(link, schema)
  const ask = async text => (await client.query({ query: parse(text) })).data.me
  const me = await ask('query Unpublished { me { subject } }')
  await ask('query UnpublishedToo { me { groups } }')
  client.stop()
  return [me.subject, ...calls]
}
