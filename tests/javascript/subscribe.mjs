// Subscribes with a foreign client, or as GraphiQL's page does, writes the first two states as JSON and leaves:
// node subscribe.mjs ws|sse|page URL QUERY ID
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWsClient } from 'graphql-ws'
import WebSocket from 'ws'
import { subscribe } from '../../gateway/explorer/browser/subscribe.js'

const [protocol, url, query, id] = process.argv.slice(2)
const headers = { 'X-Forwarded-User': 'ann', 'X-Forwarded-Groups': 'risk' }

class IdentifiedWebSocket extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { headers })
  }
}

const page = {
  iterate: params => subscribe(`${url}/graphql`, params, headers),
  dispose: () => {},
}

const client =
  protocol === 'page' ? page :
  protocol === 'ws'
    ? createWsClient({ url: `${url.replace('http:', 'ws:')}/graphql`, webSocketImpl: IdentifiedWebSocket, retryAttempts: 0 })
    : createSseClient({ url: `${url}/graphql`, headers, retryAttempts: 0 })

const states = []
for await (const result of client.iterate({ query, variables: { ids: [id] } })) {
  if (result.errors) throw new Error(JSON.stringify(result.errors))
  states.push(result.data.runtimeChanged)
  if (states.length === 2) break
}
client.dispose()
console.log(JSON.stringify(states))
