/** Clean-up for tests. Import it at the top of a file: its hooks cannot be registered inside a test. */
type Close = () => unknown

interface Watched {
  readonly what: string
  readonly isAlive: () => boolean | Promise<boolean>
}

const ofFile: Close[] = []
const ofTest: Close[] = []
const watched: Watched[] = []
let current = ofFile

beforeEach(() => {
  current = ofTest
})

afterEach(async () => {
  current = ofFile
  await closeAll(ofTest)
})

afterAll(async () => {
  await closeAll(ofFile)
  await nothingAlive()
})

/**
 * Registers what must be done at the end of the running test, or of the file when none runs. The last registered is
 * closed first; every one is closed, and all failures are reported together.
 */
export function atEnd(close: Close): void {
  current.push(close)
}

/** Fails the file when this is still alive after all clean-up: a process, a broker, a port. */
export function mustBeGone(what: string, isAlive: Watched['isAlive']): void {
  watched.push({ what, isAlive })
}

async function closeAll(closes: Close[]): Promise<void> {
  const failures: unknown[] = []
  for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw new AggregateError(failures, `clean-up failed: ${failures.map(String).join('; ')}`)
}

// One after the other: two checks that try the same port at once would find each other.
async function nothingAlive(): Promise<void> {
  const alive: string[] = []
  for (const { what, isAlive } of watched.splice(0)) if (await isAlive()) alive.push(what)
  if (alive.length > 0) throw new Error(`still alive after the tests: ${alive.join(', ')}`)
}
