'use strict'
// Two recordings as one page that needs nothing else: two lanes of time, an arrow from what set a callback to it.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { GUTTER, ROW, arrowsOf, pathOf, topsOf } = require('./layout')
const { nameOf } = require('./trace')

const PHASES = ['main', 'ticks', 'microtasks', 'timers', 'poll', 'check', 'print', 'error']
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text) => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign])
const asset = (name) => readFileSync(join(__dirname, 'page', name), 'utf8')
const milliseconds = (time) => `${time.toFixed(time < 100 ? 1 : 0)} ms`

/** All there is to know of an entry, in a sentence. */
function detailsOf(entry, { name, entries }, difference) {
  const set = entries.filter(({ by }) => by === entry.number).map(({ number }) => number)
  return [
    `${name}, event ${entry.number}: ${nameOf(entry)}.`,
    `In ${entry.phase}, at ${milliseconds(entry.at)}.`,
    entry.by === undefined
      ? ''
      : `By event ${entry.by}, ${nameOf(entries[entry.by])}${entry.setAt === undefined ? '' : `, at ${milliseconds(entry.setAt)}`}.`,
    set.length === 0 ? '' : `Leads to ${set.join(', ')}.`,
    entry.number === difference ? 'The first difference.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function rowOf(entry, side, tops, difference) {
  const details = escaped(detailsOf(entry, side, difference))
  const by = entry.by === undefined ? '' : ` data-by="${entry.by}"`
  return `<li style="top:${tops[entry.number]}px"><button type="button" class="event ${entry.phase}" tabindex="-1"
data-number="${entry.number}"${by} data-details="${details}"><span class="time">${milliseconds(entry.at)}</span>
<span class="number">${entry.number}</span><span class="phase">${entry.phase}</span>
<span class="name" title="${escaped(nameOf(entry))}">${escaped(nameOf(entry))}</span></button></li>`
}

function arrowsIn({ entries }, tops, lane) {
  const paths = arrowsOf(entries).map(
    (arrow) =>
      `<path class="arrow ${entries[arrow.to].phase}" data-from="${arrow.from}" data-to="${arrow.to}" d="${pathOf(arrow, tops, GUTTER)}" marker-end="url(#head-${lane})"/>`,
  )
  return `<svg aria-hidden="true" width="${GUTTER}" height="${tops.at(-1) + ROW}"><defs><marker id="head-${lane}" viewBox="0 0 8 8"
refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8Z" fill="context-stroke"/></marker></defs>
${paths.join('\n')}</svg>`
}

function laneOf(side, lane, tops, difference) {
  return `<section aria-label="${escaped(side.name)}"><h2>${escaped(side.name)}</h2>
<div class="lane" style="height:${tops.at(-1) + ROW}px">${arrowsIn(side, tops, lane)}
<ol data-lane="${lane}">${side.entries.map((entry) => rowOf(entry, side, tops, difference)).join('\n')}</ol>
<p class="end" style="top:${tops[side.entries.length]}px">${escaped(side.end)}</p></div></section>`
}

/** The band behind the row of the first difference, over both lanes. */
function bandOf(difference, tops) {
  return difference === undefined
    ? ''
    : `<div class="band" style="top:${tops[difference]}px" data-difference="${difference}"><span>first difference</span></div>`
}

function pageOf({ title, names, sides, difference, verdict }) {
  const tops = topsOf(sides, difference)
  const lanes = sides.map((side, lane) => laneOf({ ...side, name: names[lane] }, lane, tops, difference))
  const legend = PHASES.map((phase) => `<li class="${phase}">${phase}</li>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} on two loops</title>
<style>
:root { --gutter: ${GUTTER}px; --row: ${ROW}px }
${asset('style.css')}</style>
</head>
<body>
<header>
<h1>${escaped(title)} on two loops</h1>
<p class="verdict ${difference === undefined ? 'same' : 'different'}">${escaped(verdict)}</p>
<ul class="legend" aria-label="Phases">${legend}</ul>
<p class="keys"><kbd>↑</kbd> <kbd>↓</kbd> events, <kbd>←</kbd> <kbd>→</kbd> loops, <kbd>Home</kbd> <kbd>End</kbd>,
<kbd>S</kbd> what set it, <kbd>D</kbd> first difference. Time runs down; an arrow leads from a call to the callback it set.</p>
</header>
<main>${bandOf(difference, tops)}
${lanes.join('\n')}</main>
<aside id="details" aria-live="polite" aria-label="Details">No event is chosen.</aside>
<script>
${asset('script.js')}</script>
</body>
</html>
`
}

module.exports = { pageOf }
