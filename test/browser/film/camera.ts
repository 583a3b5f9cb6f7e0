/** Films what a person does in a page: real screenshots, and a pointer that leads the eye. */
import type { Locator, Page } from 'playwright-core'
import type { Frame } from '../../../scripts/pictures/animated-png'
import { movePointer, showPointer, type Point } from './pointer'

export interface Camera {
  readonly frames: readonly Frame[]
  /** Shows what is there for so long, once it has appeared. */
  hold(lastsMs: number): Promise<void>
  /** Shows what happens until this is so. */
  watch(until: Promise<unknown>): Promise<void>
  /** Moves to it. */
  pointAt(target: Locator): Promise<void>
  /** Moves to it, unless it is there, and clicks. */
  click(target: Locator): Promise<void>
  /** Writes where the focus is, some letters at once. */
  write(text: string): Promise<void>
}

const moves = 4
const moveMs = 70
const clickMs = 160
const writeMs = 110
/** How long each look is shown while something happens. */
const watchMs = 200
const lettersAtOnce = 2
/** What goes on for ever is not waited for. */
const allHasAppeared = `Promise.allSettled(
  document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity).map((each) => each.finished),
)`

/** Begins with the pointer in the middle of the page. */
export async function openCamera(page: Page): Promise<Camera> {
  const frames: Frame[] = []
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  let at: Point = { x: width / 2, y: height / 2 }
  await showPointer(page, at)
  const shoot = async (lastsMs: number) => {
    frames.push({ png: await page.screenshot({ caret: 'initial' }), lastsMs })
  }
  const pointAt = async (target: Locator) => {
    await target.scrollIntoViewIfNeeded()
    const box = await target.boundingBox()
    if (box === null) throw new Error(`${target.toString()} is not to be seen`)
    const from = at
    const to = rounded({ x: box.x + Math.min(box.width / 2, 60), y: box.y + box.height / 2 })
    if (from.x === to.x && from.y === to.y) return
    for (let move = 1; move <= moves; move++) {
      at = between(from, to, move / moves)
      await page.mouse.move(at.x, at.y)
      await movePointer(page, at, 'over')
      await shoot(moveMs)
    }
  }
  return {
    frames,
    pointAt,
    hold: async (lastsMs) => {
      await page.evaluate(allHasAppeared)
      await shoot(lastsMs)
    },
    watch: async (until) => {
      let isSo = false
      const done = until.finally(() => (isSo = true))
      while (!isSo) {
        await shoot(watchMs)
        await Promise.race([done, page.waitForTimeout(watchMs)])
      }
      await done
    },
    click: async (target) => {
      await pointAt(target)
      await movePointer(page, at, 'pressed')
      await shoot(clickMs)
      await target.click()
      await movePointer(page, at, 'over')
    },
    write: async (text) => {
      for (let from = 0; from < text.length; from += lettersAtOnce) {
        await page.keyboard.type(text.slice(from, from + lettersAtOnce))
        await shoot(writeMs)
      }
    },
  }
}

/** Fast in the middle, slow at both ends. */
function between(from: Point, to: Point, share: number): Point {
  const eased = share * share * (3 - 2 * share)
  return rounded({ x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased })
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) }
}
