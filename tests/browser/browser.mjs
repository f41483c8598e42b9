// Debian's Chromium, and what every page of the console must hold to: no error, no blocked style or script, no violation of WCAG.
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { createInterface } from 'node:readline'

export const { url, folder, keys, assets, chromium: executablePath } = JSON.parse(process.argv[2])

// Milliseconds for what is awaited: no margin, but the end of a script that waits in vain on a machine ten times slower.
export const SLOWEST = 120_000
// Milliseconds for the network to be idle, which it need not become: pages ask again by themselves.
const IDLE = 30_000

const faults = []
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** Tells the test something, as a line of JSON. */
export const say = value => console.log(JSON.stringify(value))

/** Waits until the test has done what it was told of. */
export const answered = async value => {
  say(value)
  await lines.next()
}

export const expect = (holds, what) => {
  if (!holds) throw new Error(`It does not hold: ${what}`)
}

/** A window of a browser, as a person of the demo. */
export async function open(options = {}) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options })
  await context.addInitScript(() => {
    globalThis.shifts = 0
    new PerformanceObserver(list => list.getEntries().forEach(entry => (globalThis.shifts += entry.hadRecentInput ? 0 : entry.value))).observe({ type: 'layout-shift', buffered: true })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(SLOWEST)
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && !page.expectsErrors) faults.push(message.text())
  })
  return { browser, page }
}

// Pages that are opened by their address, and on which nothing happens meanwhile.
const STILL = new Set(['inbox', 'models', 'lineage', 'runtimes', 'inbox-dark', 'lineage-dark'])

/** Checks a page that stands: WCAG 2.2 AA, no pixel too wide, and that nothing has moved while it was read. */
export async function check(page, name) {
  await page.waitForLoadState('networkidle', { timeout: IDLE }).catch(() => undefined)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  for (const { id, nodes } of violations) faults.push(`${name}: ${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)
  const shift = await page.evaluate(() => globalThis.shifts)
  if (STILL.has(name) && shift > 0.02) faults.push(`${name}: it has moved by ${shift}`)
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (width > 0) faults.push(`${name}: it is ${width} pixels too wide`)
}

/** Becomes another person; the page is loaded anew for it. */
export const as = (page, person) => Promise.all([page.waitForEvent('load'), page.getByLabel('Person').selectOption(person)])

/** Ends the browser, and fails if a page did not hold to what it must. */
export async function end(browser) {
  await browser.close()
  if (faults.length > 0) throw new Error(faults.join('\n'))
  process.exit(0)
}
