import type { Pixels } from './pixels'

export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A colour that stands for "as before"; no other pixel has it. */
export const unchanged = [1, 0, 1] as const
/** What happens to have the reserved colour is told by its neighbour, which no eye can tell from it. */
const beside = [1, 0, 2] as const

/** The smallest rectangle that holds every pixel that differs; undefined where none does. Both are of one size. */
export function changedArea(before: Pixels, after: Pixels): Area | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  for (let y = 0, at = 0; y < after.height; y++)
    for (let x = 0; x < after.width; x++, at += 3) {
      if (isSame(before.rgb, after.rgb, at)) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** The pixels of an area, row by row, and `unchanged` for those that are as before, where there is a before. */
export function cutOut(picture: Pixels, { left, top, width, height }: Area, before?: Pixels): Buffer {
  const cut = Buffer.alloc(width * height * 3)
  for (let y = 0, to = 0; y < height; y++) {
    let at = ((top + y) * picture.width + left) * 3
    picture.rgb.copy(cut, to, at, at + width * 3)
    for (const ends = at + width * 3; at < ends; at += 3, to += 3)
      if (before !== undefined && isSame(before.rgb, picture.rgb, at)) paint(cut, to, unchanged)
      else if (cut[to] === unchanged[0] && cut[to + 1] === unchanged[1] && cut[to + 2] === unchanged[2])
        paint(cut, to, beside)
  }
  return cut
}

function isSame(one: Buffer, other: Buffer, at: number): boolean {
  return one[at] === other[at] && one[at + 1] === other[at + 1] && one[at + 2] === other[at + 2]
}

function paint(pixels: Buffer, at: number, [red, green, blue]: typeof unchanged | typeof beside): void {
  pixels[at] = red
  pixels[at + 1] = green
  pixels[at + 2] = blue
}
