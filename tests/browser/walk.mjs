// A new user's way, knowing only "get this model live": import, assets, rehearsal, approval by somebody else, runtime.
import { as, check, end, expect, open, say, SLOWEST, url } from './browser.mjs'

const MODEL = 'ifrs9-macro-scenarios'
const BUCKET = 's3://risk-ml-222222222222'
const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
const COMPARATOR = { version: 1, rows: { equals: 20 }, errors: { maximumShare: 0 }, metrics: [{ name: 'mean', minimum: 0.1, maximum: 0.9 }] }

const { browser, page } = await open()

await page.goto(`${url}/console`)
await page.getByRole('heading', { name: 'Waiting for your decision' }).waitFor()
await check(page, 'inbox')
const bytes = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0))
const shift = await page.evaluate(() => globalThis.shifts)
say({ firstScreenBytes: bytes, shift })

await page.getByRole('link', { name: 'Models' }).click()
await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor()
await check(page, 'models')
await page.getByLabel('Name contains').fill('IFRS9')
await page.waitForURL(/name=IFRS9/)
await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor({ state: 'detached' })
await page.reload()
expect((await page.getByLabel('Name contains').inputValue()) === 'IFRS9', 'the filter is in the address')
await page.getByRole('link', { name: MODEL, exact: true }).click()
await page.getByRole('tab', { name: 'Lineage' }).waitFor()
await page.getByRole('link', { name: 'Import it' }).click()

await page.getByRole('button', { name: `Import ${MODEL}` }).waitFor()
await check(page, 'plan')
expect((await page.getByText('Read with other credentials').count()) === 0, 'credentials are not asked for where the settings do not allow it')
await page.getByRole('button', { name: `Import ${MODEL}` }).click()
await page.getByRole('heading', { name: 'What happens next' }).waitFor()
await check(page, 'assets')

const role = name => page.getByRole('listitem', { name, exact: true })
const upload = async (name, content) => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), role(name).getByRole('button', { name: 'Choose a file' }).click()])
  await chooser.setFiles(content)
  await role(name).getByText('Done').waitFor()
}
const address = async (name, s3Uri) => {
  await role(name).getByLabel('name its address in S3').fill(s3Uri)
  await role(name).getByLabel('name its address in S3').press('Enter')
  await role(name).getByText('Done').waitFor()
}
await upload('Documentation', file('wrong.txt', 'Of another model.'))
await role('Documentation').getByRole('button', { name: 'Remove wrong.txt of Documentation' }).click()
await role('Documentation').getByText('missing').waitFor()
expect(await role('Documentation').evaluate(element => element === document.activeElement), 'the focus stays where something was removed')
await upload('Documentation', file('card.txt', 'What it is for, how it was made, and where it must not be used.'))
await upload('Schema', file('schema.json', '{"input": {"format": "csv"}, "output": {"format": "csv", "columns": ["score"]}}'))
await role('Test result comparator').getByRole('button', { name: 'Write it here' }).click()
const rules = role('Test result comparator').getByRole('textbox')
expect(await rules.evaluate(element => element === document.activeElement), 'one may write at once')
await rules.fill(JSON.stringify(COMPARATOR))
await role('Test result comparator').getByRole('button', { name: 'Save' }).click()
await role('Test result comparator').getByText('Done').waitFor()
await address('Training data', `${BUCKET}/datasets/${MODEL}/train/`)
await address('Test data', `${BUCKET}/batch/${MODEL}/input/part-0001.csv`)
await page.getByText('All required assets are there.').waitFor()
await page.getByText('Nothing is missing. On its way:').waitFor()

await page.getByRole('link', { name: `${MODEL}-default` }).first().click()
await page.getByRole('heading', { name: `Deployment of ${MODEL}-default` }).waitFor()
await page.getByText('Awaiting approval').first().waitFor()
await page.getByText('You cannot approve it').waitFor()
await page.getByRole('heading', { name: 'Rehearsal' }).waitFor()
await check(page, 'waiting')
const deployment = page.url()

// Somebody looks at the models meanwhile, and sees it go live.
const watching = await (await browser.newContext()).newPage()
watching.setDefaultTimeout(SLOWEST)
await watching.goto(`${url}/console/at/risk/eu-west-1/models?name=${MODEL}`)
await watching.getByText('not live', { exact: true }).waitFor()

await as(page, 'lead')
await page.getByRole('button', { name: 'Approve' }).waitFor()
expect(page.url() === deployment, 'another person sees the same page')
await page.getByRole('link', { name: 'Inbox' }).click()
await page.getByRole('heading', { name: 'Waiting for your decision' }).waitFor()
await page.setViewportSize({ width: 390, height: 844 })
await page.getByRole('link', { name: `${MODEL}-default` }).first().click()
const approve = page.getByRole('button', { name: 'Approve' })
await approve.waitFor()
const box = await approve.boundingBox()
expect(box.y + box.height <= 844, 'the approval needs no scrolling at 390 pixels')
await check(page, 'approval')
await page.getByLabel('Comment').fill('Looked at the rehearsal.')
await approve.click()
await page.getByText('Deployed').first().waitFor()
await page.getByText('“Looked at the rehearsal.”').waitFor()
expect((await page.getByRole('link', { name: MODEL }).count()) === 0, 'no link leads somebody to a place that is not theirs')
expect(page.url() === deployment, 'a deployment has one address')
await watching.getByRole('table').getByText('In service').waitFor()
await watching.context().close()

await page.setViewportSize({ width: 1280, height: 900 })
await as(page, 'demo')
await page.getByRole('link', { name: 'Runtimes' }).click()
await page.getByRole('link', { name: `${MODEL}-default`, exact: true }).or(page.getByRole('link', { name: MODEL, exact: true })).first().click()
await page.getByText('In service').first().waitFor()
await check(page, 'runtime')
await page.goto(`${url}/console/at/risk/eu-west-1/models/credit-risk-scorer-v7`)
await page.getByTestId('lineage').getByText('Training job').waitFor()
await check(page, 'lineage')

// Another place shows the same kind of page.
await page.goto(`${url}/console/at/risk/eu-west-1/runtimes`)
await page.getByRole('link', { name: 'fraud-detection', exact: true }).waitFor()
await check(page, 'runtimes')
const places = page.getByLabel('Group and region')
if ((await places.locator('option').count()) > 1) {
  await places.selectOption({ index: 1 })
  await page.waitForURL(url => !url.pathname.includes('/at/risk/eu-west-1/') && url.pathname.endsWith('/runtimes'))
}

await page.emulateMedia({ colorScheme: 'dark' })
for (const [path, name] of [['inbox', 'inbox-dark'], ['at/risk/eu-west-1/models/credit-risk-scorer-v7', 'lineage-dark'], ['at/risk/eu-west-1/runtimes/fraud-detection', 'runtime-dark']]) {
  await page.goto(`${url}/console/${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await check(page, name)
}
await page.goto(deployment)
await page.getByText('Deployed').first().waitFor()
await check(page, 'deployment-dark')

// By keyboard alone: from the top of the page to a model's page.
await page.goto(`${url}/console/at/risk/eu-west-1/models?name=ifrs9`)
await page.getByRole('link', { name: MODEL, exact: true }).waitFor()
await page.keyboard.press('Tab')
expect((await page.evaluate(() => document.activeElement.textContent)) === 'Skip to the content', 'the first stop skips to the content')
await page.keyboard.press('Enter')
for (let stops = 0; stops < 15; stops += 1) {
  await page.keyboard.press('Tab')
  if ((await page.evaluate(() => document.activeElement.textContent)) === MODEL) break
}
await page.keyboard.press('Enter')
await page.getByRole('tab', { name: 'Lineage' }).waitFor()
await page.getByRole('tab', { name: 'Lineage' }).focus()
await page.keyboard.press('ArrowRight')
await page.waitForURL(/tab=jobs/)
await end(browser)
