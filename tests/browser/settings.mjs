// Entered credentials, seen and used, and then nowhere any more; and a deployment that Jira decides about.
import { check, end, expect, open, say, url, assets, keys } from './browser.mjs'

const MODEL = 'ifrs9-macro-scenarios'
const OTHER = 'CreditLimit-Advisor'
const { browser, page } = await open()

/** Every place where a page may keep something, and all strings in its memory. */
async function kept() {
  const places = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name)
    const caches = await globalThis.caches.keys()
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, caches, document.cookie, location.href, history.state, document.documentElement.outerHTML])
  })
  const session = await page.context().newCDPSession(page)
  const chunks = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot')
  await session.detach()
  return places + chunks.join('')
}

const field = name => page.getByLabel(name, { exact: true })
await page.goto(`${url}/console/at/risk/eu-west-1/import?name=${MODEL}`)
await page.getByText('Read with other credentials').waitFor()
await field('Access key id').fill(keys[0])
await field('Secret access key').fill(keys[1])
await field('Session token (for temporary keys)').fill(keys[2])
await check(page, 'credentials')
expect((await kept()).includes(keys[1]), 'the search finds a secret that is there')
await field('Session token (for temporary keys)').fill('')
await page.getByRole('button', { name: `Import ${MODEL}` }).click()
await page.getByRole('heading', { name: 'Import', exact: true }).waitFor()
await page.getByText('Done', { exact: true }).or(page.getByText('Failed', { exact: true })).first().waitFor()
say({ state: await page.getByRole('region', { name: 'Import' }).locator('h2 + span').textContent() })
await check(page, 'entered')
await page.getByRole('link', { name: 'Models' }).click()
await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor()
const left = await kept()
for (const key of keys) expect(!left.includes(key), `nothing keeps ${key.slice(0, 8)}…`)
await page.goBack()
await page.goBack()
await field('Secret access key').waitFor()
for (const name of ['Access key id', 'Secret access key', 'Session token (for temporary keys)']) expect((await field(name).inputValue()) === '', `${name} is empty when one comes back`)

// A deployment comes to wait, by the API: the walk shows the pages of that.
const ask = (query, variables) =>
  page.evaluate(
    async body => (await (await fetch('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json()).data,
    { query, variables },
  )
const { importModel } = await ask(`mutation($name: String!) { importModel(input: { modelName: $name }) { registration { id } importRun { deployments { id } } } }`, { name: OTHER })
await ask('mutation($input: PutAssetsInput!) { putAssets(input: $input) { userErrors { code } } }', { input: { registrationId: importModel.registration.id, assets } })
await page.goto(`${url}/console`)
// An import that is still under way has a link of this name, too.
await page.locator('a[href*="/deployments/"]', { hasText: OTHER }).first().click()
await page.getByText('Awaiting approval').first().waitFor()
await page.getByText('Jira decides about it').waitFor()
expect((await page.getByRole('button', { name: 'Approve' }).count()) === 0, 'Jira decides')
const [ticket] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: /^MLOPS-\d+$/ }).first().click()])
await check(page, 'jira')
await ticket.getByRole('combobox').selectOption({ label: 'Lee Lead' })
await ticket.getByPlaceholder('Comment').fill('Looked at in Jira.')
await ticket.getByRole('button', { name: 'Done' }).click()
await page.getByText('Deployed').first().waitFor()
await page.getByText('“Looked at in Jira.”').waitFor()
await check(page, 'decided')
await end(browser)
