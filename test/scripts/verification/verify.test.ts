import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '../support/folder'
import { start } from '../support/process'

const root = join(__dirname, '..', '..', '..')

/** As `npm run verify -- --report FOLDER`, where it is to end before it has built or started anything. */
async function verifyInto(folder: string) {
  const command = ['scripts/bootstrap.mjs', 'verify', '--messages', '20', '--faults', '0', '--report', folder]
  return start(process.execPath, command, { cwd: root }).ended
}

test('into the folder of an earlier run nothing is written, and nothing is started: exit code 1', async () => {
  const folder = newFolder()
  const files = ['consumer.log', 'history.ndjson', 'producer.log']
  for (const file of files) folder.write(file, 'earlier\n')
  const { code, output } = await verifyInto(folder.path)
  expect(code).toBe(1)
  expect(output).toMatch(/the history cannot be written: EEXIST: .*; give --report a new folder\n$/)
  expect(output).not.toContain('starting a broker')
  expect(readdirSync(folder.path).sort()).toEqual(files)
  for (const file of files) expect(readFileSync(join(folder.path, file), 'utf8')).toBe('earlier\n')
})

test('a folder that cannot be made is named: exit code 1', async () => {
  const path = join(newFolder().write('file', ''), 'report')
  const { code, output } = await verifyInto(path)
  expect(code).toBe(1)
  expect(output).toContain(`ENOTDIR: not a directory, mkdir '${path}'`)
  expect(existsSync(path)).toBe(false)
})
