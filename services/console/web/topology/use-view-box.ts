import { useEffect, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { Layout } from './layout-shape'
import { fitted, middleOf, moved, showing, zoomed, type ViewBox } from './view-box'

const steps = { zoom: 1.25, wheel: 0.0016, pan: 60 }

export interface Seeing {
  readonly box: ViewBox
  readonly fit: () => void
  readonly zoom: (factor: number) => void
  readonly show: (inner: ViewBox) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onPointerDown: (event: PointerEvent) => void
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
  return {
    box,
    zoom,
    fit: () => setBox(fitted(layout, screen(), 'whole')),
    show: (inner) => setBox((now) => showing(now, inner)),
    onKeyDown: (event) => {
      if (byKey(event, { zoom, fit: () => setBox(fitted(layout, screen(), 'whole')), setBox })) event.preventDefault()
    },
    onPointerDown: useDrag(svg, (dx, dy) =>
      setBox((now) => {
        const scale = now.width / screen().width
        return moved(now, -dx * scale, -dy * scale)
      }),
    ),
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
): (event: PointerEvent) => void {
  const at = useRef({ x: 0, y: 0 })
  return (event) => {
    if (event.button !== 0) return
    at.current = { x: event.clientX, y: event.clientY }
    const begun = { ...at.current }
    const end = new AbortController()
    const onMove = ({ clientX, clientY, pointerId }: PointerEvent) => {
      if (Math.hypot(clientX - begun.x, clientY - begun.y) > 4) svg.current?.setPointerCapture(pointerId)
      drag(clientX - at.current.x, clientY - at.current.y)
      at.current = { x: clientX, y: clientY }
    }
    const { signal } = end
    addEventListener('pointermove', onMove, { signal })
    for (const over of ['pointerup', 'pointercancel'] as const) addEventListener(over, () => end.abort(), { signal })
  }
}
