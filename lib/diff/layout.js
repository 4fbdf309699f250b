'use strict'
// Where everything is on the page: rows from the top down, in the order of events, and arrows beside them.

const ROW = 34
const HEAD = 8
/** Above the row of the first difference, for the words that say so. */
const NOTE = 24
/** A pause before an event moves it down, by less than in proportion: a second is not a thousand times a millisecond. */
const PAUSE_STEP = 9
const LONGEST_PAUSE = 60
const TRACK = 10
const MOST_TRACKS = 9

const pauseBefore = (entries, i) => (i > 0 && i < entries.length ? entries[i].at - entries[i - 1].at : 0)

/** The top of each row, the same on both sides, so that what is the same is side by side. */
function topsOf(sides, difference) {
  const length = Math.max(...sides.map(({ entries }) => entries.length))
  const tops = []
  let top = HEAD
  for (let i = 0; i <= length; i++) {
    const pause = Math.max(...sides.map(({ entries }) => pauseBefore(entries, i)))
    if (pause >= 1) top += Math.min(LONGEST_PAUSE, PAUSE_STEP * Math.log2(1 + pause))
    if (i === difference) top += NOTE
    tops.push(Math.round(top))
    top += ROW
  }
  return tops
}

/** Each arrow gets a track of its own beside the rows, as long as there are any: short ones near the rows. */
function arrowsOf(entries) {
  const arrows = entries.filter(({ by }) => by !== undefined).map(({ number, by }) => ({ from: by, to: number }))
  const tracks = []
  for (const arrow of arrows.toSorted((a, b) => a.to - a.from - (b.to - b.from) || a.to - b.to)) {
    const isFree = (taken) => taken.every(({ from, to }) => to <= arrow.from || arrow.to <= from)
    let track = tracks.findIndex(isFree)
    if (track < 0) track = tracks.length < MOST_TRACKS ? tracks.push([]) - 1 : MOST_TRACKS - 1
    tracks[track].push(arrow)
    arrow.track = track
  }
  return arrows
}

/** The path of an arrow in a gutter of that width, whose right edge is at the rows. */
function pathOf({ from, to, track }, tops, gutter) {
  const x = gutter - 14 - track * TRACK
  const [start, end] = [tops[from] + ROW * 0.62, tops[to] + ROW * 0.38]
  return `M${gutter} ${start}H${x + 6}Q${x} ${start} ${x} ${start + 6}V${end - 6}Q${x} ${end} ${x + 6} ${end}H${gutter - 2}`
}

const GUTTER = 14 + MOST_TRACKS * TRACK

module.exports = { GUTTER, ROW, arrowsOf, pathOf, topsOf }
