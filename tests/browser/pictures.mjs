// Takes the README's pictures from a demo that runs: a model's lineage, and a decision with its evidence.
import { as, open, url, folder } from './browser.mjs'

const { browser, page } = await open({ viewport: { width: 1120, height: 800 } })
await page.goto(`${url}/console/at/risk/eu-west-1/models/credit-risk-scorer-v6`)
await page.getByTestId('lineage').getByText('Training job').waitFor()
await page.getByTestId('lineage').getByText('Runtime').waitFor()
await page.waitForLoadState('networkidle')
await page.screenshot({ path: `${folder}/lineage.png` })

await page.goto(`${url}/console`)
await as(page, 'lead')
await page.getByRole('link', { name: 'ifrs9-macro-scenarios-default' }).first().click()
await page.getByRole('button', { name: 'Approve' }).waitFor()
await page.getByRole('heading', { name: 'Rehearsal' }).waitFor()
await page.waitForLoadState('networkidle')
await page.screenshot({ path: `${folder}/decision.png` })
await browser.close()
process.exit(0)
