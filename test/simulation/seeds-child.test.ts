import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { workerArguments } from '../../scripts/simulation/worker-arguments'
import { atEnd } from '../support/ends'
import type { SeedsTask } from './seeds-child'

const root = join(__dirname, '..', '..')

/** The process, with a script of our own loaded first. */
function start(task: SeedsTask, first = '') {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-seeds-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  const script = join(folder, 'first.cjs')
  writeFileSync(script, first)
  const child = spawn(process.execPath, ['-r', script, ...workerArguments(root, task)], { cwd: root })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended }
}

test('a simulation that breaks says why, and ends with exit code 1', async () => {
  const breaks = `let calls = 0; const { cpuUsage } = process
    process.cpuUsage = (...before) => { if (++calls > 2) throw new Error('no figures'); return cpuUsage(...before) }`
  const { child, ended } = start({ from: 1, count: 3 }, breaks)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(stdout.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('the simulation broke: Error: no figures')
  expect(await ended).toBe(1)
})

test('a simulation whose runs nobody reads any longer ends', async () => {
  const { child, ended } = start({ from: 1, count: 4_000_000 })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.resume()
  expect(await ended).toBe(1)
})
