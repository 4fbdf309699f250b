'use strict'
// What two recordings have in common, and where they part.

/** What must be the same. Numbers of entries may be compared as long as all before were the same. */
const keyOf = ({ kind, where, by, times }) => [kind, where, by, times].join(' ')

/** `interval, line 12, run 3`: what a person calls an entry. */
function nameOf({ kind, where, times, text }) {
  if (kind === 'main') return 'main script'
  const place = where === '' ? '' : /^\d+$/.test(where) ? `, line ${where}` : `, ${where}`
  const again = times > 1 ? `, run ${times}` : ''
  return `${kind}${place}${again}${text === undefined ? '' : `: ${text}`}`
}

/** The number of the first entry that differs, undefined where none does. What a limit has cut off counts as the same. */
function firstDifference(left, right) {
  const [one, other] = [left.entries, right.entries]
  const shorter = Math.min(one.length, other.length)
  for (let i = 0; i < shorter; i++) {
    if (keyOf(one[i]) !== keyOf(other[i])) return i
  }
  if (one.length > shorter) return right.cut ? undefined : shorter
  if (other.length > shorter) return left.cut ? undefined : shorter
  return left.end === right.end || left.cut || right.cut ? undefined : shorter
}

module.exports = { firstDifference, nameOf }
