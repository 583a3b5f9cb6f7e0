type End = () => Promise<unknown> | unknown

const ofTest: End[] = []
const ofFile: End[] = []
let inTest = false

/**
 * Registers the end of something that a test or, outside a test, its file has made. The last made ends first; one
 * that fails to end fails the test, after the others have ended.
 */
export function atEnd(end: End): void {
  ;(inTest ? ofTest : ofFile).push(end)
}

beforeEach(() => {
  inTest = true
})

afterEach(async () => {
  await endAll(ofTest)
  inTest = false
})

afterAll(() => endAll(ofFile))

async function endAll(ends: End[]): Promise<void> {
  const failures: unknown[] = []
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `could not end: ${failures.map(String).join('; ')}`)
}
