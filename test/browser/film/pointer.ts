/** A pointer in the page, since a screenshot has none. */
import type { Page } from 'playwright-core'

export interface Point {
  readonly x: number
  readonly y: number
}

// Made piece by piece: the page's policy lets no markup bring its styles along. A popover is in front of dialogs, too.
const make = `(() => {
  const svg = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    return element
  }
  const pointer = document.createElement('div')
  Object.assign(pointer, { id: 'film-pointer', popover: 'manual', ariaHidden: 'true' })
  Object.assign(pointer.style, {
    position: 'fixed', inset: 'auto', margin: '0', padding: '0', border: '0', background: 'none', overflow: 'visible',
    pointerEvents: 'none',
  })
  const picture = svg('svg', { width: 60, height: 60, viewBox: '-30 -30 60 60' })
  picture.style.display = 'block'
  picture.append(
    svg('circle', { r: 17, fill: '#6366f1', 'fill-opacity': 0.35, stroke: '#6366f1', 'stroke-width': 2.5 }),
    svg('path', { d: 'M0 0v19l4.6-4.2 3 6.9 3.6-1.6-3-6.8h6.2z', fill: '#111', stroke: '#fff', 'stroke-width': 1.6 }),
  )
  pointer.append(picture)
  document.body.append(pointer)
  pointer.showPopover()
})()`

export async function showPointer(page: Page, at: Point): Promise<void> {
  await page.evaluate(make)
  await movePointer(page, at, 'over')
}

/** A ring says that it is pressed. */
export async function movePointer(page: Page, { x, y }: Point, state: 'over' | 'pressed'): Promise<void> {
  // What is shown last is in front: a dialog may have opened meanwhile.
  await page.evaluate(`(() => {
    const pointer = document.getElementById('film-pointer')
    pointer.hidePopover()
    pointer.showPopover()
    Object.assign(pointer.style, { left: '${x - 30}px', top: '${y - 30}px' })
    pointer.querySelector('circle').style.display = '${state === 'pressed' ? 'inline' : 'none'}'
  })()`)
}
