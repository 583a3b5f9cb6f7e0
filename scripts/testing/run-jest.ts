import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs all tests in one Jest; `failedGates` are named before its summary. Resolves with its exit code. */
export function runJest(root: string, args: readonly string[], failedGates: readonly string[]): Promise<number> {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const reporters = ['--reporters', join(root, 'scripts', 'testing', 'closing-reporter.cjs'), '--reporters', 'default']
  const child = spawn(process.execPath, [jest, ...(process.env['CI'] ? ['--ci'] : []), ...reporters, ...args], {
    cwd: root,
    env: { ...process.env, FAILED_GATES: failedGates.join(', ') },
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
