/** The part of the picture that is seen. */
export interface ViewBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Size {
  readonly width: number
  readonly height: number
}

const margin = 22
/** Screen pixels for each of the picture: below `legible` no name can be read. */
const scales = { least: 0.12, most: 3, legible: 0.62, natural: 1.1 }

/** The whole picture; or, where that could not be read, its beginning. */
export function fitted(picture: Size, screen: Size, want: 'legible' | 'whole' = 'legible'): ViewBox {
  const whole = { width: picture.width + 2 * margin, height: picture.height + 2 * margin }
  const fits = Math.min(screen.width / whole.width, screen.height / whole.height, scales.natural)
  return boxAt(want === 'whole' ? fits : Math.max(fits, scales.legible), whole, screen)
}

function boxAt(scale: number, whole: Size, screen: Size): ViewBox {
  const [width, height] = [screen.width / scale, screen.height / scale]
  const x = width >= whole.width ? (whole.width - width) / 2 - margin : -margin
  // Of a tall one the middle, where most lines come from.
  const y = (whole.height - height) / 2 - margin
  return { x, y, width, height }
}

/** Closer by a factor above 1; what lies at the point stays there. */
export function zoomed(
  box: ViewBox,
  factor: number,
  at: { readonly x: number; readonly y: number },
  screen: Size,
): ViewBox {
  const scale = screen.width / box.width
  const bounded = Math.min(scales.most, Math.max(scales.least, scale * factor)) / scale
  const [width, height] = [box.width / bounded, box.height / bounded]
  return { x: at.x - (at.x - box.x) / bounded, y: at.y - (at.y - box.y) / bounded, width, height }
}

export function moved(box: ViewBox, dx: number, dy: number): ViewBox {
  return { ...box, x: box.x + dx, y: box.y + dy }
}

export function middleOf({ x, y, width, height }: ViewBox): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}

/** Just so far that the inner one is seen. */
export function showing(box: ViewBox, inner: ViewBox): ViewBox {
  const shift = (at: number, size: number, from: number, room: number) =>
    at < from ? at - margin - from : at + size > from + room ? at + size + margin - from - room : 0
  return moved(box, shift(inner.x, inner.width, box.x, box.width), shift(inner.y, inner.height, box.y, box.height))
}

/** As an SVG element has it. */
export function viewBoxText({ x, y, width, height }: ViewBox): string {
  return [x, y, width, height].map((value) => Math.round(value * 100) / 100).join(' ')
}
