import { useEffect, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { Layout } from './layout-shape'
import { fitted, middleOf, moved, showing, zoomed, type ViewBox } from './view-box'

/** A hand that clicks is not quite still. */
const stillPx = 4
const steps = { zoom: 1.25, wheel: 0.0016, pan: 60 }

export interface Seeing {
  readonly box: ViewBox
  readonly fit: () => void
  readonly zoom: (factor: number) => void
  readonly show: (inner: ViewBox) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onPointerDown: (event: PointerEvent) => void
  /** Whether the last press moved the picture: the click at its end means nothing. */
  readonly wasDragged: () => boolean
}

/** Moves over the picture and closer to it, by pointer, wheel and keys. Nothing glides, so that nobody is made dizzy. */
export function useViewBox(svg: RefObject<SVGSVGElement | null>, layout: Layout): Seeing {
  const screen = () => ({ width: svg.current?.clientWidth || 1000, height: svg.current?.clientHeight || 600 })
  const [box, setBox] = useState<ViewBox>(() => fitted(layout, screen()))
  const zoom = (factor: number) => setBox((now) => zoomed(now, factor, middleOf(now), screen()))
  useEffect(() => setBox(fitted(layout, screen())), [layout.width, layout.height])
  useWheel(svg, (event) => {
    const at = placeOf(event, svg.current)
    if (at !== undefined) setBox((now) => zoomed(now, Math.exp(-event.deltaY * steps.wheel), at, screen()))
  })
  useResize(svg, () => setBox((now) => resized(now, screen())))
  const drag = useDrag(svg, (dx, dy) =>
    setBox((now) => {
      const scale = now.width / screen().width
      return moved(now, -dx * scale, -dy * scale)
    }),
  )
  return {
    box,
    zoom,
    fit: () => setBox(fitted(layout, screen(), 'whole')),
    show: (inner) => setBox((now) => showing(now, inner)),
    onKeyDown: (event) => {
      if (byKey(event, { zoom, fit: () => setBox(fitted(layout, screen(), 'whole')), setBox })) event.preventDefault()
    },
    ...drag,
  }
}

interface ByKey {
  readonly zoom: (factor: number) => void
  readonly fit: () => void
  readonly setBox: (change: (now: ViewBox) => ViewBox) => void
}

function byKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, { zoom, fit, setBox }: ByKey): boolean {
  if (ctrlKey || metaKey || altKey) return false
  const pans: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-steps.pan, 0],
    ArrowRight: [steps.pan, 0],
    ArrowUp: [0, -steps.pan],
    ArrowDown: [0, steps.pan],
  }
  const pan = pans[key]
  if (pan !== undefined) setBox((now) => moved(now, ...pan))
  else if (key === '+' || key === '=') zoom(steps.zoom)
  else if (key === '-') zoom(1 / steps.zoom)
  else if (key === '0') fit()
  else return false
  return true
}

/** Where the pointer is in the picture. */
function placeOf({ clientX, clientY }: MouseEvent, svg: SVGSVGElement | null) {
  const matrix = svg?.getScreenCTM()?.inverse()
  return matrix === undefined ? undefined : new DOMPoint(clientX, clientY).matrixTransform(matrix)
}

/** The wheel scrolls the page, unless the picture has the focus or Ctrl is held: a pinch of a touchpad comes so. */
function useWheel(svg: RefObject<SVGSVGElement | null>, turn: (event: WheelEvent) => void): void {
  useEffect(() => {
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && !svg.current?.contains(document.activeElement)) return
      event.preventDefault()
      turn(event)
    }
    svg.current?.addEventListener('wheel', onWheel, { passive: false })
    return () => svg.current?.removeEventListener('wheel', onWheel)
  }, [])
}

function useResize(svg: RefObject<SVGSVGElement | null>, changed: () => void): void {
  useEffect(() => {
    const observer = new ResizeObserver(changed)
    if (svg.current !== null) observer.observe(svg.current)
    return () => observer.disconnect()
  }, [])
}

/** As close as before, with the same place at the upper left. */
function resized(now: ViewBox, { width, height }: { readonly width: number; readonly height: number }): ViewBox {
  return { ...now, height: (now.width * height) / width }
}

/** A press that moves drags the picture; one that does not is a click on what lies there. */
function useDrag(
  svg: RefObject<SVGSVGElement | null>,
  drag: (dx: number, dy: number) => void,
): Pick<Seeing, 'onPointerDown' | 'wasDragged'> {
  const press = useRef({ x: 0, y: 0, moved: 0 })
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    press.current = { x: event.clientX, y: event.clientY, moved: 0 }
    const end = new AbortController()
    const onMove = ({ clientX: x, clientY: y, pointerId }: PointerEvent) => {
      const last = press.current
      press.current = { x, y, moved: last.moved + Math.hypot(x - last.x, y - last.y) }
      // Captured from the start, a click would be the picture's, and not the card's.
      if (press.current.moved > stillPx) svg.current?.setPointerCapture(pointerId)
      drag(x - last.x, y - last.y)
    }
    const { signal } = end
    addEventListener('pointermove', onMove, { signal })
    for (const over of ['pointerup', 'pointercancel'] as const) addEventListener(over, () => end.abort(), { signal })
  }
  return { onPointerDown, wasDragged: () => press.current.moved > stillPx }
}
