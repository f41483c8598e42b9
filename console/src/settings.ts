// What the gateway tells its page: where it is, and, in the demo, the people that a browser can be.

export interface Person {
  name: string
  /** What this person is there for, in one sentence. */
  about: string
}

export interface PageSettings {
  /** The path that answers GraphQL. */
  endpoint: string
  /** The path of the console itself. */
  base: string
  /** True if there is a GraphiQL at the endpoint. */
  explorer: boolean
  /** The demo's people; absent where a proxy says who is asking. */
  people?: { list: Person[]; current: string; endpoint: string }
}

export const settings = JSON.parse(document.getElementById('console-settings')?.textContent ?? '{}') as PageSettings
