import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { longFiles, restingIn, turnIn, turns } from '../../../scripts/testing/long-files'
import { chooseTurn } from '../../../scripts/testing/turn'
import { newFolder } from '../support/folder'
import { start } from '../support/process'

const root = join(__dirname, '..', '..', '..')
const out = { write: () => true } as unknown as NodeJS.WritableStream

test('what takes turns is there, and stands in the list once', () => {
  expect(longFiles.filter((file) => !existsSync(join(root, 'test', `${file}.test.ts`)))).toEqual([])
  expect(new Set(longFiles).size).toBe(longFiles.length)
})

test('each long file has its turn, and one only', () => {
  const resting = Array.from({ length: turns }, (_, turn) => restingIn(turn))
  for (const file of longFiles)
    expect(resting.filter((patterns) => patterns.includes(`**/test/${file}.test.ts`))).toHaveLength(turns - 1)
  expect(restingIn('all')).toEqual([])
})

test.each([
  [undefined, 'all'],
  ['all', 'all'],
  ['0', 0],
  ['3', 3],
])('%j is the turn %j', (given, turn) => {
  expect(turnIn(given === undefined ? {} : { HANDOFF_TEST_TURN: given })).toBe(turn)
})

test.each(['4', '-1', '', '1.0', 'none'])('%j is no turn', (given) => {
  expect(() => turnIn({ HANDOFF_TEST_TURN: given })).toThrow(
    `HANDOFF_TEST_TURN is "${given}", but must be a whole number from 0 to 3, or all`,
  )
})

test('a commit has the same turn each time; a folder without commits has the first; a setting stands', () => {
  const chosen = (folder: string, env: NodeJS.ProcessEnv = {}) => {
    chooseTurn(folder, env, out)
    return turnIn(env)
  }
  expect(chosen(root)).toBe(chosen(root))
  expect(chosen(newFolder().path)).toBe(0)
  expect(chosen(root, { HANDOFF_TEST_TURN: 'all' })).toBe('all')
  // Before the gates, which take minutes.
  expect(() => chosen(root, { HANDOFF_TEST_TURN: '9' })).toThrow('HANDOFF_TEST_TURN is "9"')
})

async function filesIn(turn: string | undefined): Promise<readonly string[]> {
  const { HANDOFF_TEST_TURN: _given, JEST_WORKER_ID: _worker, ...env } = process.env
  const own = { ...env, HANDOFF_TEST_BROKERS: 'native', ...(turn !== undefined && { HANDOFF_TEST_TURN: turn }) }
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const { output } = await start(process.execPath, [jest, '--listTests'], { cwd: root, env: own }).ended
  return output.split('\n').filter((line) => line.endsWith('.test.ts'))
}

test('Jest leaves out what rests in a turn, and nothing without one', async () => {
  const [inTurn, all] = await Promise.all([filesIn('1'), filesIn(undefined)])
  const missing = all.filter((file) => !inTurn.includes(file)).map((file) => relative(join(root, 'test'), file))
  const rest = longFiles.filter((_file, index) => index % turns !== 1).map((file) => `${file}.test.ts`)
  expect(missing.length).toBeGreaterThan(0)
  // Of those on containers none is listed here.
  expect(rest).toEqual(expect.arrayContaining(missing))
  expect(inTurn).toContain(join(root, 'test', `${longFiles[1]}.test.ts`))
})
