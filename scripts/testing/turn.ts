import { execFileSync } from 'node:child_process'
import { turnIn, turns, turnSetting } from './long-files'

/**
 * The long test files take turns by the commit, unless the setting says which: all of them would take most of an hour on
 * two processors. By the commit, a repeat runs the same ones, and a few commits run all. Throws when the setting is no turn.
 */
export function chooseTurn(root: string, env: NodeJS.ProcessEnv, out: NodeJS.WritableStream): void {
  env[turnSetting] ??= String(turnOf(root))
  const turn = turnIn(env)
  if (turn === 'all') return
  out.write(`of the long test files: turn ${turn} of 0 to ${turns - 1}; ${turnSetting}=all npm test runs all of them\n`)
}

function turnOf(root: string): number {
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
    return Number.parseInt(commit.toString().slice(0, 8), 16) % turns
  } catch {
    // The files without their history, as from an archive.
    return 0
  }
}
