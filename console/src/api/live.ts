// Subscriptions over one WebSocket. graphql-ws connects anew by itself when a connection breaks, but takes `complete`
// (the gateway restarts) and 4401 (the token has expired) for the end; a screen that stays live subscribes anew then.
import { createClient, type FormattedExecutionResult, type Sink, type SubscribePayload } from 'graphql-ws'
import { settings } from '../settings'

type Result = FormattedExecutionResult<Record<string, unknown>, unknown>

const soon = () => new Promise<void>(resolve => setTimeout(resolve, 1000 + 2000 * Math.random()))
const EXPIRED = 4401

let connections = 0

const socket = createClient({
  url: () => new URL(settings.endpoint, location.href.replace(/^http/, 'ws')).href,
  // From one page to the next, the connection stays.
  lazyCloseTimeout: 3000,
  retryAttempts: Infinity,
  retryWait: soon,
  shouldRetry: () => true,
  on: { connected: () => (connections += 1) },
})

/** Calls back whenever a connection is there: what changed before it was not told. */
export function onConnected(listener: () => void): () => void {
  return socket.on('connected', listener)
}

/** Calls back whenever a connection is there again: what changed since the one before was not told. */
export function onReconnected(listener: () => void): () => void {
  return socket.on('connected', () => connections > 1 && listener())
}

function isExpired({ errors }: Result): boolean {
  return Boolean(errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED'))
}

/** Subscribes until told otherwise, across restarts of the gateway; a refusal is the end. */
export function subscribe(payload: SubscribePayload, sink: Sink<Result>): () => void {
  let isOver = false
  let stop: (() => void) | undefined
  const listen = () => {
    if (isOver) return
    stop = socket.subscribe(payload, {
      next: result => {
        if (isExpired(result)) return
        isOver ||= !result.data
        sink.next(result)
      },
      error: reason => ((reason as { code?: number } | null)?.code === EXPIRED ? void soon().then(listen) : sink.error(reason)),
      complete: () => (isOver ? sink.complete() : void soon().then(listen)),
    })
  }
  listen()
  return () => {
    isOver = true
    stop?.()
  }
}
