// What a screen shows, and what its client has sent for it.

const PATIENCE = 50_000

// The data and the error codes of one screen, renewed whenever the client's store changes.
export class View {
  data = null
  codes = []
  seen = 0
  #waiting = new Set()

  show(data, errors = []) {
    this.data = data ?? null
    this.codes = errors.map(error => error.extensions?.code ?? error.message)
    this.seen += 1
    for (const look of [...this.#waiting]) look()
  }

  // Give the data once it passes the test; it is never asked for again.
  until(test) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.data === null || !test(this.data)) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(this.data)
      }
      const told = () => `Still waiting for ${test}: ${JSON.stringify([this.data, this.codes])}`
      const timer = setTimeout(() => reject(new Error(told())), PATIENCE)
      this.#waiting.add(look)
      look()
    })
  }
}

// A fetch that notes each operation: its name, and whether it went as its text, its hash or its id.
export function recordingFetch(calls) {
  return (address, options) => {
    const { operationName, query, documentId, extensions } = JSON.parse(options.body)
    const way = query ? 'text' : documentId ? 'id' : extensions?.persistedQuery ? 'hash' : 'nothing'
    calls.push(`${operationName} ${way}`)
    return fetch(address, options)
  }
}

// The types behind each interface, from the schema that the gateway hands out.
export const possibleTypes = schema =>
  Object.fromEntries(
    schema.__schema.types
      .filter(type => type.kind === 'INTERFACE' || type.kind === 'UNION')
      .map(type => [type.name, type.possibleTypes.map(possible => possible.name)]),
  )

// The types without an id, which a normalized cache keeps within what they belong to.
export const embeddedTypes = schema =>
  schema.__schema.types
    .filter(type => type.kind === 'OBJECT' && !type.name.startsWith('__') && !type.fields.some(field => field.name === 'id'))
    .map(type => type.name)

// The socket of a page behind a login proxy: the proxy adds the headers that name the caller.
export const identified = (WebSocket, headers) =>
  class extends WebSocket {
    constructor(address, protocols) {
      super(address, protocols, { headers })
    }
  }

export const socketAddress = url => `${url.replace('http:', 'ws:')}/graphql`
