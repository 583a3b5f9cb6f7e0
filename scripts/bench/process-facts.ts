import { readFileSync } from 'node:fs'

// USER_HZ: what the kernel counts in for user space, 100 on every Linux.
const microsPerTick = 10_000

/** The name of a figure: CPU time of the contestant's process alone, user and system. */
export const cpuPerMessage = 'CPU µs/message'

/** CPU time that a process has used, all its threads together, in steps of 10 ms. */
export function cpuMicrosOf(pid: number): number {
  return cpuMicrosIn(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

/** Memory of a process that is in RAM now. */
export function residentBytesOf(pid: number): number {
  return residentBytesIn(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

/** From `/proc/PID/stat`. The second field is the command's name in brackets, which may hold spaces and brackets itself. */
export function cpuMicrosIn(stat: string): number {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [afterName[11], afterName[12]].map(Number)
  const micros = ((user ?? NaN) + (system ?? NaN)) * microsPerTick
  if (Number.isNaN(micros)) throw new Error(`no CPU time in "${stat.trim()}"`)
  return micros
}

/** From `/proc/PID/status`. */
export function residentBytesIn(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('no VmRSS in the status of the process: has it ended?')
  return Number(kilobytes) * 1_024
}
