// Tells whether the gateway still knows who is asking. A proxy whose session has ended answers with its sign-in page:
// that is no answer of the gateway, and what somebody has typed must outlive it.
import { useSyncExternalStore } from 'react'

let ended = false
const listeners = new Set<() => void>()

export function setSessionEnded(value: boolean): void {
  if (ended === value) return
  ended = value
  listeners.forEach(listener => listener())
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** True once a request was answered by somebody else than the gateway, until one is answered by it again. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(listen, () => ended)
}

function isFromGateway(response: Response): boolean {
  return /\bjson\b/.test(response.headers.get('content-type') ?? '')
}

/** Asks like `fetch`, and notices a session that has ended: a redirect elsewhere, a page, or a 401. */
export async function sessionFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual', headers: { ...init?.headers, Accept: 'application/json' } })
  const isEnded = response.type === 'opaqueredirect' || response.status === 401 || (response.status < 500 && !isFromGateway(response))
  setSessionEnded(isEnded)
  if (isEnded) throw new TypeError('The session has ended.')
  return response
}
