import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { longFiles, restingIn, turnIn, turns } from '../../../scripts/testing/long-files'
import { chooseTurn } from '../../../scripts/testing/turn'
import { newFolder } from '../support/folder'

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
})
