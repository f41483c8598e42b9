// What a page shows when something is refused, throttled, away or over: the API's own words, and what can be done.
import { as, check, end, expect, open, answered, url } from './browser.mjs'

const RUNTIME = `${url}/console/at/risk/eu-west-1/runtimes/fraud-detection`
const { browser, page } = await open()
const isUpdateTold = new Promise(resolve =>
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => String(payload).includes('"Updating"') && resolve())),
)

// Who only looks may look, and is told what the rest takes.
await page.goto(`${url}/console`)
await as(page, 'viewer')
await page.getByRole('link', { name: 'Import', exact: true }).click()
await page.getByText('that takes the permission IMPORT for viewers').waitFor()
await page.getByLabel('Name of the model in SageMaker').fill('fraud-detection-v12')
await page.getByRole('button', { name: 'Show the plan' }).click()
const button = page.getByRole('button', { name: 'Import fraud-detection-v12' })
await button.waitFor()
expect(await button.isDisabled(), 'a viewer cannot import')
expect((await page.getByText('Read with other credentials').count()) === 0, 'credentials are not asked for where the settings do not allow it')
await check(page, 'viewer')

// A place of somebody else's, as when a link was passed on.
await page.goto(`${url}/console/at/risk/eu-west-1/runtimes`)
await page.getByText('viewer has no AWS role for risk in eu-west-1').waitFor()
expect((await page.getByText('FORBIDDEN').count()) === 0, 'nothing is asked of a place that is not one’s own')
await check(page, 'foreign')
await page.getByRole('link', { name: 'To viewers in eu-west-1' }).click()
await page.getByRole('link', { name: 'fraud-detection', exact: true }).waitFor()

// A part that is refused leaves the rest of the page.
await as(page, 'demo')
await answered('refuse alarms')
await page.goto(RUNTIME)
await page.getByText('Not shown: runtime.alarms.').waitFor()
await page.getByText('FORBIDDEN').first().waitFor()
await page.getByRole('button', { name: 'Copy request', exact: true }).first().waitFor()
await page.getByRole('heading', { name: 'Variants' }).waitFor()
await check(page, 'refused')

// An account that is throttled, in the API's words; it is asked again when one asks.
await answered('throttle models')
await page.goto(`${url}/console/at/marketing/us-east-2/models`)
await page.getByText('THROTTLED').first().waitFor()
await answered('restore')
await page.getByRole('button', { name: 'Try again' }).click()
await page.getByRole('link', { name: /churn/ }).first().waitFor()

// A model that is not there.
await page.goto(`${url}/console/at/risk/eu-west-1/models/nothing-of-the-kind`)
await page.getByText('There is no model nothing-of-the-kind').waitFor()
await page.goto(`${url}/console/nowhere`)
await page.getByRole('heading', { name: 'There is no such page' }).waitFor()

// The session ends while somebody types: what was typed stays.
await page.goto(`${url}/console/at/risk/eu-west-1/import`)
await page.getByLabel('Name of the model in SageMaker').fill('credit-risk-scorer-v7')
await answered('end session')
page.expectsErrors = true
await page.getByRole('button', { name: 'Show the plan' }).click()
await page.getByText('Your session has ended.').waitFor()
await page.getByRole('link', { name: 'Sign in' }).waitFor()
expect((await page.getByLabel('Name of the model in SageMaker').inputValue()) === 'credit-risk-scorer-v7', 'what was typed stays')
await answered('begin session')
await page.getByRole('button', { name: 'I have signed in' }).click()
await page.getByRole('button', { name: 'Try again' }).click()
await page.getByRole('button', { name: 'Import credit-risk-scorer-v7' }).waitFor()
page.expectsErrors = false

// An event comes while a list that is older than it is on its way: the list is asked for again.
await page.goto(`${url}/console/at/risk/eu-west-1/runtimes`)
const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'fraud-detection', exact: true }) })
await row.getByText('In service').waitFor()
await page.getByRole('link', { name: 'Models' }).click()
await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor()
const asksForRuntimes = request => request.postData()?.includes('query Runtimes(') ?? false
let release
const released = new Promise(resolve => (release = resolve))
const isRead = new Promise(resolve => {
  let isFirst = true
  void page.route(`${url}/graphql`, async route => {
    if (!isFirst || !asksForRuntimes(route.request())) return route.continue()
    isFirst = false
    const response = await route.fetch()
    resolve()
    await released
    await route.fulfill({ response })
  })
})
await page.getByRole('link', { name: 'Runtimes' }).click()
await isRead
await answered('update runtime')
await isUpdateTold
release()
await row.getByText('Updating').waitFor()
await page.unrouteAll({ behavior: 'wait' })

// AWS is away: what is not known says so; what is known stays, and the page says that it is old.
await page.goto(`${url}/console/at/risk/eu-west-1/models`)
await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor()
await answered('stop AWS')
await page.goto(`${url}/console/at/marketing/us-east-2/runtimes/churn-predictor`)
await page.getByText('UPSTREAM_UNAVAILABLE').first().waitFor()
await check(page, 'away')
const old = page.getByText('AWS did not answer.')
do {
  await page.goto(`${url}/console/at/risk/eu-west-1/models`)
  await page.getByRole('link', { name: 'fraud-detection-v12' }).waitFor()
} while (!(await old.isVisible()))
await check(page, 'old')
await end(browser)
