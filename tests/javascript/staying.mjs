// A page that stays subscribed by both protocols, with the scripts of docs/clients.md; it writes each state as JSON, and
// ends when the runtime goes: node staying.mjs FOLDER URL RUNTIME-ID
import { pathToFileURL } from 'node:url'
import { actAsBrowser } from './browser.mjs'

const [folder, url, runtime] = process.argv.slice(2)
const script = name => import(pathToFileURL(`${folder}/${name}.js`))
const { token } = await script('login')
await actAsBrowser(script, url, token)
Math.random = () => 0 // The shortest wait.

const { live } = await script('live')
const query = 'subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { status } } }'

async function watch(protocol, client) {
  await new Promise((resolve, error) => {
    const next = ({ data }) => {
      const { status } = data.runtimeChanged.runtime
      console.log(JSON.stringify([protocol, status]))
      if (status === 'DELETING') resolve(stop())
    }
    const stop = live(client).subscribe({ query, variables: { ids: [runtime] } }, { next, error, complete: error })
  })
  client.dispose()
}

await Promise.all([watch('ws', (await script('socket')).socket), watch('sse', (await script('events')).events)])
