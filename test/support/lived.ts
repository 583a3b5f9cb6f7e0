/**
 * Time as this process lived it, for bounds that a machine without a processor to spare must not break. Import it at the
 * top of a file: its hooks cannot be registered inside a test.
 */
interface Standstill {
  readonly from: number
  readonly to: number
}

const lookEveryMs = 50
const mostAtOnceMs = 250
const attempts = 3

const standstills: Standstill[] = []
let lookedAt = performance.now()
let timer: NodeJS.Timeout | undefined

beforeAll(() => {
  lookedAt = performance.now()
  timer = setInterval(look, lookEveryMs).unref()
})

afterAll(() => clearInterval(timer))

function look(): number {
  const now = performance.now()
  if (now - lookedAt > mostAtOnceMs) standstills.push({ from: lookedAt, to: now })
  lookedAt = now
  return now
}

function standstillsMs(since: number): readonly number[] {
  return standstills.map(({ from, to }) => Math.max(0, to - Math.max(from, since)))
}

/**
 * Milliseconds since a moment on the clock of `performance.now`, of each standstill of the process a quarter of a second
 * at most. For upper bounds only: who waits too briefly is told so by the clock alone.
 */
export function livedSince(since: number): number {
  const elapsedMs = look() - since
  return standstillsMs(since).reduce((livedMs, ms) => livedMs - Math.max(0, ms - mostAtOnceMs), elapsedMs)
}

/** The longest standstill since a moment, as far as it was longer than a quarter of a second. */
function stoodStillMs(since: number): number {
  look()
  return Math.max(0, ...standstillsMs(since))
}

export interface LivedClock {
  /** Milliseconds since it began, by {@link livedSince}. */
  readonly now: () => number
  /** The longest standstill since it began; 0 for what is shorter than a quarter of a second. */
  readonly stoodStillMs: () => number
}

export function livedClock(): LivedClock {
  const beganAt = look()
  return { now: () => livedSince(beganAt), stoodStillMs: () => stoodStillMs(beganAt) }
}

/**
 * For what has to be done within a deadline of the product's own: an attempt that fails is made again, with all that it
 * needs, where the process stood still in it for longer than this, and three are made at most.
 */
export async function undisturbed<T>(mostStillMs: number, attempt: () => Promise<T>, left = attempts): Promise<T> {
  const lived = livedClock()
  try {
    return await attempt()
  } catch (error) {
    if (left === 1 || lived.stoodStillMs() <= mostStillMs) throw error
    return undisturbed(mostStillMs, attempt, left - 1)
  }
}
