import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from './support/folder'
import { start } from './support/process'

const repository = join(__dirname, '..', '..')
const reporter = join(repository, 'scripts/testing/closing-reporter.cjs')

/** Runs Jest itself on some files, as `npm test` does. */
async function runJest(files: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const folder = newFolder()
  folder.write('package.json', '{"jest":{"transform":{}}}')
  for (const [name, text] of Object.entries(files)) folder.write(name, text)
  const totals = join(folder.path, 'totals')
  const jest = join(repository, 'node_modules/jest/bin/jest.js')
  const args = [jest, '--ci', '--reporters', reporter, '--reporters', 'default', '--rootDir', folder.path]
  const { output, code } = await start(process.execPath, args, {
    cwd: folder.path,
    env: { ...process.env, FORCE_COLOR: '0', FAILED_GATES: '', TEST_TOTALS_FILE: totals, ...env },
  }).ended
  return { output, code, totals: existsSync(totals) ? readFileSync(totals, 'utf8') : undefined }
}

test('counts passed, failed and skipped tests, and a file that cannot be run as a failed one', async () => {
  const { totals, code } = await runJest({
    'a.test.js': `test('a', () => {}); test('b', () => {}); test.skip('c', () => {}); test.todo('d')`,
    'b.test.js': `test('a', () => { throw new Error('no') })`,
    'c.test.js': `this is no JavaScript`,
  })
  expect(totals).toBe('2 passed, 2 failed, 2 skipped\n')
  expect(code).toBe(1)
})

test('says nothing of skipped tests where there are none', async () => {
  expect((await runJest({ 'a.test.js': `test('a', () => {})` })).totals).toBe('1 passed, 0 failed\n')
})

test('names the failed gates before the summary, which stays the last word', async () => {
  const { output } = await runJest({ 'a.test.js': `test('a', () => {})` }, { FAILED_GATES: 'lint, types' })
  expect(output).toMatch(/The check has failed \(its words are above the tests\): lint, types\n[^]*Tests: +1 passed/)
  expect(output.trimEnd()).toMatch(/Ran all test suites\.$/)
})
