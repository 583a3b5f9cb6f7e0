import { findOnPath } from '../broker/find-rabbitmq-server'
import type { Ask } from '../terminal/ask'
import { runCommand } from '../terminal/run-command'
import type { Tool } from './tools'

export interface Circumstances {
  readonly say: (line: string) => void
  /** Undefined where no person can answer: then it installs and says so. */
  readonly ask: Ask | undefined
}

/**
 * Installs with apt-get what is missing, where that is possible. Never rejects: what stays missing is said, and the
 * tests that need it are skipped by name.
 */
export async function ensureTools(tools: readonly Tool[], { say, ask }: Circumstances): Promise<void> {
  const missing = tools.filter(({ isHere }) => !isHere())
  if (missing.length === 0) return
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ')
  if (canInstall() && (await agreed(packages, ask))) await install(packages, say)
  for (const { debianPackage, neededFor } of missing.filter(({ isHere }) => !isHere()))
    say(`${debianPackage} is missing: ${neededFor} will be skipped (sudo apt-get install ${debianPackage})`)
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined
}

async function agreed(packages: string, ask: Ask | undefined): Promise<boolean> {
  return ask === undefined || (await ask(`Install ${packages} with apt-get, for the tests?`))
}

async function install(packages: string, say: (line: string) => void): Promise<void> {
  say(`installing ${packages} with apt-get, for the tests; where there is an init, their servers are started too`)
  const apt = 'apt-get -o DPkg::Lock::Timeout=120'
  const { failure, output } = await runCommand(
    `${apt} update && DEBIAN_FRONTEND=noninteractive ${apt} install -y --no-install-recommends ${packages}`,
  )
  say(failure === undefined ? `installed ${packages}` : `apt-get failed (${failure}):\n${lastLines(output)}`)
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-5).join('\n')
}
