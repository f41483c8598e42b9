// Runs the scripts of docs/clients.md as pages of a development server would: node snippets.mjs FOLDER URL STRICT-URL RUNTIME-ID
// At STRICT-URL there is a gateway that runs trusted documents alone.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ApolloClient, InMemoryCache } from '@apollo/client'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { parse } from 'graphql'
import { actAsBrowser } from './browser.mjs'

const [folder, url, strictUrl, runtime] = process.argv.slice(2)
const require = createRequire(import.meta.url)
const script = name => import(pathToFileURL(`${folder}/${name}.js`))
const { target, ws, goTo } = await actAsBrowser(script, url)

const MODELS = 'query($after: String) { models(first: 4, after: $after) { edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }'
const SCHEDULES = '{ runtimes(first: 1) { nodes { id name monitoringSchedules { name } } } }'
const CHANGES = 'subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { id name status } deletedId } }'
const variables = { ids: [runtime] }
const codesOf = errors => errors.map(error => error.extensions.code)

// The first value of an observable, or of one that urql makes.
const first = (source, read) =>
  new Promise((resolve, reject) => {
    const subscription = source.subscribe(value => {
      resolve(read(value))
      queueMicrotask(() => subscription.unsubscribe())
    }, reject)
  })

async function apollo() {
  const { client } = await script('apollo')
  const list = client.watchQuery({ query: parse(MODELS) })
  await new Promise(resolve => list.subscribe(({ dataState }) => dataState === 'complete' && resolve()))
  await list.fetchMore({ variables: { after: list.getCurrentResult().data.models.pageInfo.endCursor } })
  const partial = await client.query({ query: parse(SCHEDULES) })
  const kept = await client.query({ query: parse(SCHEDULES) })
  if (kept.error || kept.data.runtimes.nodes[0].monitoringSchedules !== null) throw new Error('The cache has kept the error')
  const state = await first(client.subscribe({ query: parse(CHANGES), variables }), ({ data }) => data.runtimeChanged.runtime.status)
  client.stop()
  return [list.getCurrentResult().data.models.edges.length, partial.data.runtimes.nodes.length, codesOf(partial.error.errors), state]
}

async function urql() {
  const { client } = await script('urql')
  const page = await client.query(MODELS, {}).toPromise()
  await client.query(MODELS, { after: page.data.models.pageInfo.endCursor }).toPromise()
  const both = await client.query(MODELS, {}, { requestPolicy: 'cache-only' }).toPromise()
  const partial = await client.query(SCHEDULES, {}).toPromise()
  const state = await first(client.subscription(CHANGES, variables), ({ data }) => data.runtimeChanged.runtime.status)
  return [both.data.models.edges.length, partial.data.runtimes.nodes.length, codesOf(partial.error.graphQLErrors), state]
}

async function relay() {
  const { environment } = await script('relay')
  const { fetchQuery, requestSubscription } = require('relay-runtime')
  const artifact = name => require(`./screens/generated/relay/${name}.graphql`)
  const data = await fetchQuery(environment, artifact('RuntimeQuery'), { name: 'fraud-detection' }).toPromise()
  let listening
  const state = await new Promise((resolve, onError) => {
    const onNext = next => resolve(next.runtimeChanged.runtime.status)
    listening = requestSubscription(environment, { subscription: artifact('RuntimeSubscription'), variables, onNext, onError })
  })
  listening.dispose()
  return [data.runtime.snapshotName, data.runtime.monitoringSchedules, state]
}

async function events() {
  goTo(url)
  const { events, runtimeStates } = await script('events')
  for await (const change of runtimeStates([runtime])) {
    events.dispose()
    return change.runtime.status
  }
}

// Where nothing but trusted documents runs: queries, and subscriptions by both protocols, by their ids.
async function trusted() {
  const { trustedLink, trustedExchange } = await script('trusted')
  const { RuntimeQueryDocument: query, RuntimeSubscriptionDocument: changes } = await import('./screens/generated/documents.mjs')
  const byName = { name: 'fraud-detection' }
  const page = (await script('apollo')).client
  const apollo = new ApolloClient({ link: trustedLink.concat(page.link), cache: new InMemoryCache() })
  const events = (await script('events')).events
  const forwardSubscription = request => ({
    subscribe: sink => ({ unsubscribe: events.subscribe({ ...request, query: request.query ?? '' }, sink) }),
  })
  const exchanges = [trustedExchange, fetchExchange, subscriptionExchange({ forwardSubscription })]
  const urql = new Client({ url: '/graphql', preferGetMethod: false, exchanges })
  const status = ({ data }) => (data.runtime ?? data.runtimeChanged.runtime).status
  const states = [
    status(await apollo.query({ query, variables: byName, errorPolicy: 'all' })),
    await first(apollo.subscribe({ query: changes, variables }), status),
    status(await urql.query(query, byName).toPromise()),
    await first(urql.subscription(changes, variables), status),
    (await relay())[2],
  ]
  apollo.stop()
  const headers = { 'Content-Type': 'application/json' }
  const refused = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: MODELS }) })
  return [states, codesOf((await refused.json()).errors)]
}

const { possibleTypes, typesWithoutId } = await script('schema')
const shown = { apollo: await apollo(), urql: await urql(), relay: await relay() }
goTo(strictUrl)
;(await script('socket')).socket.terminate()
shown.trusted = await trusted()
shown.events = await events()
;(await script('socket')).socket.dispose()
const ours = (await import('./screens/codegen.mjs')).default
const theirs = (await script('codegen')).default
const [our, their] = [ours, theirs].map(config => Object.values(config.generates)[0])
console.log(
  JSON.stringify({
    ...shown,
    proxy: [target, ws],
    jobs: possibleTypes.Job,
    embedded: typesWithoutId.includes('Container') && !typesWithoutId.includes('Model'),
    codegen: JSON.stringify(our) === JSON.stringify(their) && our.documentTransforms[0] === their.documentTransforms[0],
  }),
)
