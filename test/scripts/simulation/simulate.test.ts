import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { atEnd } from '../../support/ends'

const root = join(__dirname, '..', '..', '..')

/** As `npm run simulate -- ARGUMENT…`. */
async function simulate(...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'simulate', ...args], { cwd: root })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  atEnd(async () => {
    child.kill('SIGKILL')
    await code
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, stdout, stderr }
}

test('runs so many seeds, and says how sure they make one', async () => {
  const { code, stdout } = await simulate('--seeds', '6', '--workers', '2')
  expect(stdout).toMatch(
    /^6 runs, \d+ messages, .*\n\d+\.\d runs a second, each with \d+\.\d ms .*\nruns in which there was: .*\nevery promise kept: .* in 2 breaks one\n$/,
  )
  expect(code).toBe(0)
})

test('tells the story of one', async () => {
  const { code, stdout } = await simulate('--seed', '47')
  expect(stdout).toMatch(/^\d+\.\d{3} /)
  expect(stdout).toMatch(/\d all faults end\n[^]*every promise kept\n$/)
  expect(code).toBe(0)
})

test('says what it does not understand, and the way out', async () => {
  expect(await simulate('--sedes', '6')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('use --seeds COUNT (1000)') as string,
  })
})
