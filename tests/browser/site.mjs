// The documentation's site: pages under its own strict policy, light and dark, narrow and wide, and its search.
import { chromium } from 'playwright-core'

const { chromium: executablePath, url, pictures } = JSON.parse(process.argv[2])
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const problems = []
const looks = [
  { name: 'narrow-light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
]
const places = ['index.html', 'graph.html', 'configuration.html', 'tutorials/eks.html', 'reference/index.html', 'reference/Query.html', 'reference/Model.html', 'decisions/index.html']

for (const { name, ...look } of looks) {
  const context = await browser.newContext(look)
  const page = await context.newPage()
  page.on('console', message => ['error', 'warning'].includes(message.type()) && problems.push(`${name} ${page.url()}: ${message.text()}`))
  page.on('pageerror', error => problems.push(`${name} ${page.url()}: ${error}`))
  page.on('request', request => request.url().startsWith(url) || request.url().startsWith('data:') || problems.push(`asks ${request.url()}`))
  for (const place of places) {
    await page.goto(`${url}/${place}`, { waitUntil: 'load' })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) problems.push(`${name} ${place}: is ${over} px too wide`)
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${place.replaceAll('/', '-')}.png` })
  }
  await context.close()
}

const page = await browser.newPage()
await page.goto(`${url}/index.html`)
// The page listens for the key, and shows the field, some time after it has loaded: what is typed before is lost.
const search = page.getByLabel('Search', { exact: true }).and(page.locator('input[type=text]'))
while (!(await search.isVisible())) {
  await page.keyboard.press('/')
  await search.waitFor({ timeout: 1000 }).catch(() => undefined)
}
await search.fill('deploySnapshot')
const found = page.locator('a[href*="reference/Mutation.html"]').filter({ hasText: /deploySnapshot/i }).last()
await found.waitFor()
if (pictures) await page.screenshot({ path: `${pictures}/search.png` })
const { pathname, hash } = new URL(await found.evaluate(link => link.href))
console.log(JSON.stringify({ problems, found: pathname + hash }))
await browser.close()
