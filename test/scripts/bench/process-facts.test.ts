import { spawn } from 'node:child_process'
import { cpuMicrosAtRest } from '../../../scripts/bench/at-rest'
import { cpuMicrosIn, cpuMicrosOf, residentBytesIn, residentBytesOf } from '../../../scripts/bench/process-facts'

const stat = (name: string) => `4711 (${name}) S 1 4711 4711 0 -1 4194560 900 0 0 0 250 17 3 4 20 0 11 0 5 1 2 3`

test.each(['node', 'a b', 'odd) name (x'])('CPU time is user and system, whatever the command %j is called', (name) => {
  expect(cpuMicrosIn(stat(name))).toBe(2_670_000)
})

test('what holds no CPU time is refused', () => {
  expect(() => cpuMicrosIn('4711 (node) S 1')).toThrow('no CPU time in "4711 (node) S 1"')
})

test('resident memory is read in bytes, and missed when the process has ended', () => {
  expect(residentBytesIn('Name:\tnode\nVmRSS:\t   2048 kB\nThreads:\t11\n')).toBe(2_097_152)
  expect(() => residentBytesIn('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('has it ended?')
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('this process has both', () => {
  expect(cpuMicrosOf(process.pid)).toBeGreaterThan(0)
  expect(residentBytesOf(process.pid)).toBeGreaterThan(1_000_000)
})

onLinux('a process that goes on after its last answer is waited for', async () => {
  const busy = spawn(process.execPath, ['-e', 'while (process.cpuUsage().user < 600_000); setInterval(() => {}, 1e6)'])
  try {
    expect(await cpuMicrosAtRest({ pid: busy.pid ?? 0, name: 'busy' })).toBeGreaterThan(500_000)
  } finally {
    busy.kill()
  }
})
