import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { withLock } from './install-lock.mjs'
import { startProgress } from './progress.mjs'
import { isInstalled, writeStamp } from './stamp.mjs'

/** Installs from package-lock.json unless that has been done; rejects with npm's own words when npm fails. */
export async function ensureDependencies(root) {
  if (isInstalled(root)) return
  const lock = join(root, '.handoff', 'install.lock')
  const onWait = (pid) =>
    console.error(
      `handoff: waiting for process ${pid}, which installs the dependencies (if it does not: rm -r ${lock})`,
    )
  await withLock(lock, onWait, async () => {
    if (isInstalled(root)) return
    await install(root)
    writeStamp(root)
  })
}

async function install(root) {
  const progress = startProgress('installing dependencies (npm ci, about a minute the first time)')
  const { failure, output } = await npmCi(root)
  progress.end(failure ?? 'done')
  if (failure === undefined) return
  process.stderr.write(output)
  throw new Error(`npm ci ${failure}; its words are above. Mend that and run the same command again`)
}

/**
 * `--include=dev` because NODE_ENV=production would leave out what builds and runs the scripts. Our own
 * node_modules/.bin leaves the PATH: npm would run on the very Node that it is about to delete.
 */
function npmCi(root) {
  const bin = join(root, 'node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== bin)
  return new Promise((resolve) => {
    const child = spawn('npm', ['ci', '--include=dev', '--no-fund', '--no-audit'], {
      cwd: root,
      env: { ...process.env, PATH: path.join(delimiter) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = []
    const hear = (chunk) => output.push(chunk)
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const silence = endWith(child)
    const settle = (failure) => {
      silence()
      resolve({ failure, output: Buffer.concat(output) })
    }
    child.once('error', (error) => settle(`could not be started (${error.message})`))
    child.once('close', (code, signal) => settle(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`))
  })
}

/** A stop during the installation ends npm with us; the half-filled node_modules has no stamp and is made anew. */
function endWith(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const pass = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  return () => signals.forEach((signal) => process.off(signal, pass))
}
