// Makes this process act as a page of a development server, which passes requests on and names the caller.
import WebSocket from 'ws'

const PAGE = 'http://localhost:5173'
const browserFetch = globalThis.fetch

// Takes a function that imports a script of docs/clients.md, the gateway's address, and a function that gives a token
// where one names the caller; gives Vite's proxy setting, and a function that goes to another gateway.
export async function actAsBrowser(script, address, token) {
  let url = address
  const proxy = (await script('vite.config')).default.server.proxy['/graphql']
  const headers = token ? {} : proxy.headers
  const bearer = async () => (token ? { Authorization: `Bearer ${await token()}` } : {})
  globalThis.location = { origin: PAGE }
  globalThis.fetch = async (address, options = {}) => {
    const sent = { ...Object.fromEntries(new Headers(options.headers)), ...headers, ...(await bearer()) }
    return browserFetch(address.replace(/^\//, `${url}/`), { ...options, headers: sent })
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(address, protocols) {
      const sent = { ...headers, Origin: PAGE, Host: 'localhost:5173' }
      super(address.replace('ws://localhost:5173', url.replace('http', 'ws')), protocols, { headers: sent })
    }
  }
  return { ...proxy, goTo: other => (url = other) }
}
