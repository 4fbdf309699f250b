// In the page: which event is chosen, by keyboard or by a click, and what is shown of it.
;(() => {
  const lanes = [...document.querySelectorAll('ol')].map((list) => [...list.querySelectorAll('.event')])
  const details = document.getElementById('details')
  const band = document.querySelector('.band')
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  let chosen

  function show(event) {
    const { number, by, details: text } = event.dataset
    const section = event.closest('section')
    chosen?.setAttribute('tabindex', '-1')
    event.setAttribute('tabindex', '0')
    chosen = event
    details.textContent = text
    for (const other of document.querySelectorAll('.related')) other.classList.remove('related')
    for (const arrow of section.querySelectorAll('.arrow')) {
      if (arrow.dataset.from === number || arrow.dataset.to === number) arrow.classList.add('related')
    }
    for (const other of section.querySelectorAll('.event')) {
      if (other.dataset.number === by || other.dataset.by === number) other.classList.add('related')
    }
  }

  function go(event) {
    if (!event) return
    event.focus({ preventScroll: true })
    event.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' })
  }

  const laneOf = (event) => lanes.findIndex((events) => events.includes(event))
  const near = (events, number) => events[Math.min(number, events.length - 1)]
  const difference = () => near(lanes[chosen ? laneOf(chosen) : 0], Number(band?.dataset.difference ?? 0))

  const KEYS = {
    ArrowDown: (events, number) => events[number + 1],
    ArrowUp: (events, number) => events[number - 1],
    ArrowLeft: (_, number) => near(lanes[0], number),
    ArrowRight: (_, number) => near(lanes[1], number),
    Home: (events) => events[0],
    End: (events) => events.at(-1),
    s: (events) => events[chosen.dataset.by],
    d: () => difference(),
  }

  document.addEventListener('focusin', ({ target }) => {
    if (target.matches('.event')) show(target)
  })
  document.addEventListener('keydown', (press) => {
    if (press.ctrlKey || press.altKey || press.metaKey) return
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
    if (!Object.hasOwn(KEYS, key)) return
    const at = chosen ?? lanes[0][0]
    if (!at) return
    press.preventDefault()
    go(chosen ? KEYS[key](lanes[laneOf(at)], Number(at.dataset.number)) : difference())
  })

  const first = difference()
  first?.setAttribute('tabindex', '0')
  if (band) {
    band.scrollIntoView({ block: 'center' })
    show(first)
  }
})()
