'use strict'
// From the runs of a case to its figures: medians with their spread, and the ratios that are judged.

const { median, percentile, ratioInterval } = require('../statistics')

const spread = (values) => [percentile(values, 25), percentile(values, 75)]

/** Of one side: `runs` as child.js printed them. */
function sideOf(runs) {
  const values = runs.map(({ value }) => value)
  const side = { median: median(values), spread: spread(values) }
  for (const more of ['cpu', 'p99', 'early']) {
    if (runs[0][more] !== undefined) side[more] = median(runs.map((run) => run[more]))
  }
  return side
}

/** Ours against another side, turned so that less is better, with the interval that it lies in. */
function ratioOf(question, runs, other) {
  const sides = [runs.ours, runs[other]].map((all) => all.map(({ value }) => value))
  const [above, below] = question.moreIsBetter ? sides.reverse() : sides
  const ratio = median(above) / median(below)
  return question.shape !== 'lateness' && Number.isFinite(ratio)
    ? { ratio, interval: ratioInterval(above, below) }
    : undefined
}

/** Goals by side: a plain number is one for the ratio to Node's, or for the figure itself if Node's is not there. */
const goalsOf = (goal) => (typeof goal === 'number' ? { node: goal } : goal)

function meets(goal, { sides, ratios }) {
  if (goal === undefined) return undefined
  return Object.entries(goalsOf(goal)).every(([side, most]) =>
    side in sides ? ratios[side].ratio <= most : sides.ours.median <= most,
  )
}

function verdictOf(one, figures) {
  if (meets(one.must, figures) === false) return 'MISSED'
  if (meets(one.aim, figures)) return 'aim reached'
  return one.must === undefined ? '' : 'reached'
}

/** `runs` by side. */
function summarize(question, one, runs) {
  const sides = Object.fromEntries(Object.entries(runs).map(([side, all]) => [side, sideOf(all)]))
  const others = Object.keys(runs).filter((side) => side !== 'ours')
  const ratios = Object.fromEntries(others.map((other) => [other, ratioOf(question, runs, other)]))
  return { sides, ratios, verdict: verdictOf(one, { sides, ratios }) }
}

module.exports = { summarize }
