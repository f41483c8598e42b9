// Prints how soon the console's first screen stands, in a demo that runs: the median of ten openings by a new browser.
import { chromium } from 'playwright-core'

const { url, chromium: executablePath } = JSON.parse(process.argv[2])
const OPENINGS = 10

/** Milliseconds from the navigation's start: the first paint, the largest one, and the list of the inbox with its answer. */
async function opened(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => {
    globalThis.largest = 0
    new PerformanceObserver(list => list.getEntries().forEach(({ startTime }) => (globalThis.largest = startTime))).observe({ type: 'largest-contentful-paint', buffered: true })
    new MutationObserver(() => {
      if (!globalThis.listed && document.querySelector('[aria-label="Waiting for your decision"]')) globalThis.listed = performance.now()
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(`${url}/console`)
  await page.getByRole('heading', { name: 'Waiting for your decision' }).waitFor()
  await page.waitForTimeout(500)
  const times = await page.evaluate(() => {
    const assets = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/'))
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return { paint: paint.startTime, largest: globalThis.largest, listed: globalThis.listed, kilobytes: assets.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000 }
  })
  await context.close()
  return times
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
await opened(browser)
const all = []
for (let i = 0; i < OPENINGS; i += 1) all.push(await opened(browser))
await browser.close()
const median = key => all.map(times => times[key]).sort((one, other) => one - other)[OPENINGS / 2]
for (const [key, name] of [['paint', 'first paint'], ['listed', 'inbox with its lists'], ['largest', 'largest paint']]) console.log(`${name}: ${Math.round(median(key))} ms`)
console.log(`scripts and styles: ${Math.round(median('kilobytes'))} kB, gzipped`)
