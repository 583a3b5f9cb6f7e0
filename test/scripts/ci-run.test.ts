import { cpSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { newFolder } from './support/folder'
import { start } from './support/process'

/** Runs the real .ci/run in a folder where `npm test` is a script of ours. */
async function runCi(npm: string) {
  const folder = newFolder()
  cpSync(join(__dirname, '..', '..', '.ci', 'run'), join(folder.path, '.ci', 'run'))
  folder.write('bin/npm', `#!/bin/sh\n${npm}\n`, 0o755)
  const env = { ...process.env, PATH: [join(folder.path, 'bin'), process.env['PATH']].join(delimiter) }
  const { output, code } = await start('bash', ['.ci/run'], { cwd: folder.path, env }).ended
  return { code, lines: output.trimEnd().split('\n') }
}

test('shows the output of npm test and ends with the totals', async () => {
  const { code, lines } = await runCi('echo "$1 in CI=$CI"; echo "3 passed, 0 failed, 1 skipped" > "$TEST_TOTALS_FILE"')
  expect(lines).toEqual(['test in CI=true', '3 passed, 0 failed, 1 skipped'])
  expect(code).toBe(0)
})

test('ends with the exit code of npm test', async () => {
  const { code, lines } = await runCi('echo "2 passed, 1 failed" > "$TEST_TOTALS_FILE"; exit 4')
  expect(lines.at(-1)).toBe('2 passed, 1 failed')
  expect(code).toBe(4)
})

test.each([
  ['ended before the tests, without failing', 'true', 1],
  ['ended before the tests, with 7', 'exit 7', 7],
  ['ran none', 'echo "0 passed, 0 failed, 5 skipped" > "$TEST_TOTALS_FILE"', 1],
])('is red when npm test %s', async (_what, npm, wanted) => {
  const { code, lines } = await runCi(npm)
  expect(lines.at(-2)).toContain('no test ran')
  expect(lines.at(-1)).toMatch(/^0 passed, 0 failed/)
  expect(code).toBe(wanted)
})
