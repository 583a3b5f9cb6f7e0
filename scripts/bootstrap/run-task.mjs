import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * Runs one script, of TypeScript or built, and resolves with its exit code. A signal is passed on although a terminal's Ctrl-C has
 * reached the script already: a task takes the same signal within a second as one. The IPC channel tells the task when
 * this process is gone for a reason that nobody can pass on.
 */
export function runTask({ node, file, rest, root }) {
  const loader = file.endsWith('.ts') ? ['-r', 'ts-node/register/transpile-only'] : ['--enable-source-maps']
  const child = spawn(node, [...loader, file, ...rest], {
    cwd: root,
    env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}
