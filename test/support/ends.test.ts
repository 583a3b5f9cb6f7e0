import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { atEnd } from './ends'

const root = resolve(__dirname, '..', '..')

describe('in this file', () => {
  const closed: string[] = []

  beforeAll(() => atEnd(() => closed.push('file')))

  test('what a test registers', () => {
    atEnd(() => closed.push('first'))
    atEnd(() => Promise.resolve(closed.push('second')))
    expect(closed).toEqual([])
  })

  test('is closed after it, the last first, and what the file registered stays', () => {
    expect(closed).toEqual(['second', 'first'])
  })
})

describe('in a file that does not clean up', () => {
  test('every failure is told, and everything else is closed all the same', async () => {
    const { code, output } = await runFile(`
      test('a', () => {
        atEnd(() => console.log('closed all the same'))
        atEnd(() => { throw new Error('first trouble') })
        atEnd(() => Promise.reject(new Error('second trouble')))
      })`)
    expect(code).toBe(1)
    expect(output).toMatch(/closed all the same/)
    expect(output).toMatch(/clean-up failed: Error: second trouble; Error: first trouble/)
  })

  test('what is still alive at the end fails the file, by name', async () => {
    const { code, output } = await runFile(`
      test('a', () => {
        mustBeGone('a quick one', () => false)
        mustBeGone('a forgotten process', async () => true)
      })`)
    expect(code).toBe(1)
    expect(output).toMatch(/still alive after the tests: a forgotten process\n/)
  })
})

/** Runs a test file in a Jest of its own. */
async function runFile(body: string): Promise<{ code: number | null; output: string }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-ends-')))
  atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'inner.test.ts')
  writeFileSync(
    file,
    `import { atEnd, mustBeGone } from ${JSON.stringify(join(__dirname, 'ends'))}\n${body}\nvoid atEnd, mustBeGone`,
  )
  const transform = { '\\.ts$': [require.resolve('@swc/jest'), { module: { type: 'commonjs' } }] }
  const config = JSON.stringify({ rootDir: folder, transform })
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const child = spawn(process.execPath, [jest, '--config', config, '--runTestsByPath', file], {
    cwd: root,
    stdio: 'pipe',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, output }
}
