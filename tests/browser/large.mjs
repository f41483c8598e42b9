// A large account: pages of models and snapshots, names of 63 characters, a lineage that says what it leaves out.
import { check, end, expect, open, url } from './browser.mjs'

const MODELS = `${url}/console/at/risk/eu-west-1/models`
const MODEL = `${MODELS}/a-model-whose-name-is-as-long-as-sagemaker-allows-it-to-be-0000`
const { browser, page } = await open()
const first = () => page.locator('tbody tr').first().textContent()

await page.goto(`${MODELS}?name=a-model`)
await page.getByRole('link', { name: /-0029$/ }).waitFor()
expect((await page.locator('tbody tr').count()) === 25, 'a page has 25 models')
await page.getByRole('button', { name: 'Next page' }).click()
await page.getByRole('link', { name: /-0004$/ }).waitFor()
expect((await first()).includes('-0004'), 'the second page goes on where the first ended')
await page.getByRole('button', { name: 'First page' }).click()
await page.getByRole('link', { name: /-0029$/ }).waitFor()
await check(page, 'many-models')

await page.goto(MODEL)
const drawing = page.getByTestId('lineage')
await drawing.getByText('Runtime', { exact: true }).waitFor()
await drawing.getByText(/and \d+ more, in the table below/).waitFor()
await page.getByText('Of the snapshots only the newest are here').waitFor()
expect((await page.getByRole('table').getByText(/-0000$/).count()) > 0, 'an old snapshot that runs is there')
await check(page, 'many-snapshots')

await page.getByRole('tab', { name: 'Snapshots' }).click()
await page.getByRole('button', { name: 'Next page' }).click()
await page.getByRole('link', { name: /-0003$/ }).waitFor()
await page.setViewportSize({ width: 390, height: 844 })
await check(page, 'narrow-snapshots')
await page.goto(MODEL)
await page.getByRole('table').getByText('a variant names it').first().waitFor()
await check(page, 'narrow-lineage')
await end(browser)
