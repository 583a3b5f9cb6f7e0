import { saveFile } from '../data/save-file'
import type { Layout } from './layout-shape'

const margin = 24
/** What a style sheet says of a shape, which a file has to say itself. */
const kept = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'paint-order'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'opacity'],
]

/** Downloads the whole picture as a file that stands alone, in the colours of now. */
export function saveSvg(svg: SVGSVGElement, layout: Layout): void {
  const text = new XMLSerializer().serializeToString(standalone(svg, layout))
  saveFile(new Blob([text], { type: 'image/svg+xml' }), 'topology.svg')
}

function standalone(svg: SVGSVGElement, { width, height }: Layout): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const [shapes, copies] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')]
  copies.forEach((each, at) => paint(shapes[at] as Element, each))
  const [wide, high] = [width + 2 * margin, height + 2 * margin]
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('viewBox', `${-margin} ${-margin} ${wide} ${high}`)
  copy.setAttribute('width', String(Math.ceil(wide)))
  copy.setAttribute('height', String(Math.ceil(high)))
  copy.prepend(backdrop(getComputedStyle(svg).backgroundColor, { x: -margin, y: -margin, width: wide, height: high }))
  return copy
}

// By attributes: the page's policy lets no style be written into an element.
function paint(shape: Element, copy: Element): void {
  const style = getComputedStyle(shape)
  for (const name of kept) copy.setAttribute(name, style.getPropertyValue(name))
  // What steps back on the screen does so for whoever looks now.
  if (shape.classList.contains('off')) copy.setAttribute('opacity', '1')
  for (const name of ['class', 'tabindex', 'role', 'aria-pressed', 'data-node']) copy.removeAttribute(name)
}

function backdrop(colour: string, box: Readonly<Record<string, number>>): SVGRectElement {
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [name, value] of Object.entries(box)) rect.setAttribute(name, String(value))
  rect.setAttribute('fill', colour)
  return rect
}
