import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('a process that is held still ends with its parent, also when that is killed', async () => {
  const child = join(__dirname, 'die-with-us-child.ts')
  const parent = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', child], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  atEnd(() => parent.kill('SIGKILL'))
  const [pid] = (await once(parent, 'message')) as [number]
  await eventually('it is held still', () => stateOf(pid) === 'T')
  parent.kill('SIGKILL')
  await eventually('it has ended', () => ['Z', 'none'].includes(stateOf(pid)))
})

/** `T`: held still. `Z`: ended, and nobody has asked for it yet. */
function stateOf(pid: number): string {
  try {
    return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'none'
  } catch {
    return 'none'
  }
}
