'use strict'
// The page of `rs-eventloop diff --html` in a real browser: by keyboard, in light and dark, with nothing in the way of
// anything. Where no Chromium is found, that is said, and nothing is looked at.

const { test, before, after } = require('node:test')
const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Browser, findChromium } = require('./diff/chromium')

const executable = findChromium()
const PATIENCE = { timeout: 60_000 }
const WITH_BROWSER = executable ? PATIENCE : { skip: 'no Chromium is on the PATH or in CHROMIUM' }
const root = join(__dirname, '..')
const THEMES = ['light', 'dark']

let folder
let browser
let url

before(async () => {
  if (!executable) return
  folder = fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  const html = join(folder, 'page.html')
  const args = [join(root, 'bin', 'rs-eventloop.js'), 'diff', join(__dirname, 'diff', 'thirty.js'), '--html', html]
  assert.throws(() => execFileSync(process.execPath, args), { status: 1 })
  url = pathToFileURL(html).href
  browser = new Browser()
  await browser.open(executable)
}, PATIENCE)

after(async () => {
  if (!executable) return
  await browser?.close()
  fs.rmSync(folder, { recursive: true })
})

/** What has the focus, and what the live region says. */
function chosen() {
  const { activeElement: event } = document
  const outline = getComputedStyle(event)
  return {
    loop: event.closest('section')?.getAttribute('aria-label'),
    number: Number(event.dataset.number),
    by: Number(event.dataset.by),
    isOutlined: outline.outlineStyle === 'solid' && Number.parseFloat(outline.outlineWidth) >= 2,
    isInView: event.getBoundingClientRect().bottom <= document.getElementById('details').getBoundingClientRect().top,
    isAnnounced: document.getElementById('details').textContent === event.dataset.details,
    politeness: document.getElementById('details').getAttribute('aria-live'),
    inTabOrder: [...document.querySelectorAll('.event')].filter((other) => other.tabIndex === 0).length,
    arrows: [...document.querySelectorAll('.arrow.related')].map(({ dataset }) => `${dataset.from} ${dataset.to}`),
  }
}

test('the first difference is in view', WITH_BROWSER, async () => {
  await browser.go(url, { theme: 'light' })
  const seen = await browser.evaluate(() => {
    const band = document.querySelector('.band').getBoundingClientRect()
    const details = document.getElementById('details')
    const [left, right] = [...document.querySelectorAll('ol')].map((list) =>
      list.querySelector(`[data-number="${document.querySelector('.band').dataset.difference}"]`),
    )
    return {
      isInView: band.top > 0 && band.bottom < details.getBoundingClientRect().top,
      isOnItsRows: [left, right].every((row) => row.getBoundingClientRect().top >= band.top - 1),
      names: [left, right].map((row) => row.querySelector('.name').textContent),
      details: details.textContent,
      scrolled: scrollY > 0,
      events: document.querySelectorAll('ol:first-of-type .event').length / 2,
    }
  })
  assert.deepStrictEqual(
    { ...seen, details: '', events: 0 },
    {
      isInView: true,
      isOnItsRows: true,
      names: ['immediate, line 6', 'immediate, line 7'],
      details: '',
      scrolled: true,
      events: 0,
    },
  )
  assert.match(seen.details, /The first difference\.$/)
  assert.ok(seen.events >= 30, `${seen.events} events`)
})

test('it asks the network for nothing', WITH_BROWSER, async () => {
  await browser.go(url, { theme: 'light' })
  assert.strictEqual(await browser.evaluate(() => performance.getEntriesByType('resource').length), 0)
})

test('by keyboard', WITH_BROWSER, async () => {
  await browser.go(url, { theme: 'dark' })
  const { length } = await browser.evaluate(() => ({
    length: document.querySelectorAll('ol:first-of-type .event').length / 2,
  }))
  /** Where each key leads. */
  const steps = [
    ['Tab', 'Node', 15],
    ['Home', 'Node', 0],
    ['ArrowUp', 'Node', 0],
    ['ArrowDown', 'Node', 1],
    ['ArrowDown', 'Node', 2],
    ['ArrowRight', 'rs-eventloop', 2],
    ['ArrowRight', 'rs-eventloop', 2],
    ['s', 'rs-eventloop', 1],
    ['End', 'rs-eventloop', length - 1],
    ['ArrowDown', 'rs-eventloop', length - 1],
    ['ArrowLeft', 'Node', length - 1],
    ['d', 'Node', 15],
  ]
  for (const [key, loop, number] of steps) {
    await browser.press(key)
    const at = await browser.evaluate(chosen)
    const name = `${key}: ${JSON.stringify(at)}`
    assert.ok(at.loop?.startsWith(loop), name)
    assert.strictEqual(at.number, number, name)
    const { isOutlined, isInView, isAnnounced, politeness, inTabOrder } = at
    const expected = { isOutlined: true, isInView: true, isAnnounced: true, politeness: 'polite', inTabOrder: 1 }
    assert.deepStrictEqual({ isOutlined, isInView, isAnnounced, politeness, inTabOrder }, expected, name)
    if (number > 0) assert.ok(at.arrows.includes(`${at.by} ${number}`), name)
  }
})

/** Runs in the page: pairs of texts that lie over each other, and texts that are cut off. */
function collisions() {
  const texts = [...document.querySelectorAll('h1, h2, .verdict, .legend li, .keys, .event span, .band span, .end')]
  const boxes = texts.map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    return { text: element.textContent, left, right, top, bottom }
  })
  const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
  const pairs = boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => overlap(a, b))
      .map((b) => [a.text, b.text]),
  )
  const cut = texts.filter((text) => !text.matches('.name') && text.scrollWidth > text.clientWidth + 1)
  return { texts: texts.length, pairs, cut: cut.map((text) => `${text.className}: ${text.textContent}`) }
}

/** Runs in the page: texts that stand out from what is behind them by less than 4.5 to 1. */
function faintTexts() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number)
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => {
      const share = part / 255
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element)
    return numbers(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor
  }
  const texts = document.querySelectorAll(
    'h1, h2, .verdict, .legend li, .keys, kbd, .event span, .band span, .end, aside',
  )
  const contrasts = [...texts].map((text) => {
    const [light, dark] = [getComputedStyle(text).color, behind(text)].map(luminance).toSorted((a, b) => b - a)
    return { text: text.textContent, contrast: (light + 0.05) / (dark + 0.05) }
  })
  return {
    paper: getComputedStyle(document.body).backgroundColor,
    faint: contrasts.filter(({ contrast }) => contrast < 4.5),
  }
}

for (const theme of THEMES) {
  test(`${theme}: no text lies over another, and all can be read`, WITH_BROWSER, async () => {
    for (const width of [1280, 1000]) {
      await browser.go(url, { theme, width })
      const { texts, pairs, cut } = await browser.evaluate(collisions)
      assert.ok(texts > 240, `${texts} texts`)
      assert.deepStrictEqual({ pairs, cut }, { pairs: [], cut: [] })
    }
    const { paper, faint } = await browser.evaluate(faintTexts)
    assert.strictEqual(paper, { light: 'rgb(251, 251, 250)', dark: 'rgb(21, 24, 27)' }[theme])
    assert.deepStrictEqual(faint, [])
  })
}
