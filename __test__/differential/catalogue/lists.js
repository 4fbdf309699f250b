'use strict'
// The lists of timers, one for each delay: what keeps a list its place and what does not. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D110',
    title: 'a due list drains completely before the next list, even past timers of that list that expired later',
    program: (L, busy) => {
      setTimeout(() => L('a40'), 40)
      busy(60)
      setTimeout(() => L('b1'), 1)
      setTimeout(() => L('c40'), 40)
      busy(60)
    },
  },
  {
    id: 'D111',
    title: 'clearing the head of a list leaves the list its old expiry, hence its place in the phase',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 60)
      busy(30)
      setTimeout(() => L('b60'), 60)
      setTimeout(() => L('c45'), 45)
      clearTimeout(a)
      busy(120)
    },
  },
  {
    id: 'D112',
    title: 'emptying a list drops it: the next timer of that duration starts a new list, at the back',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 60)
      busy(30)
      setTimeout(() => L('c45'), 45)
      clearTimeout(a)
      setTimeout(() => L('b60'), 60)
      busy(120)
    },
  },
  {
    id: 'D113',
    title: 'refresh() of a due head: the list keeps its place and runs its other timers',
    program: (L, busy) => {
      const a = setTimeout(() => L('a60'), 60)
      busy(30)
      setTimeout(() => L('b60'), 60)
      setTimeout(() => L('c45'), 45)
      a.refresh()
      busy(120)
    },
  },
  {
    id: 'D114',
    title: 'clearing the last timer of a list leaves the list its place if it was unref()ed',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 60).unref()
      busy(30)
      setTimeout(() => L('c45'), 45)
      clearTimeout(a)
      setTimeout(() => L('b60'), 60)
      busy(120)
    },
  },
]
