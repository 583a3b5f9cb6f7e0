import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../terminal/run-command'

/** The gates, longest first. Each is an npm script of the same name, so that one can be run alone. */
const gates = ['lint', 'types', 'dead-code', 'arrows', 'format:check', 'page-size']

/** Two at once: type-aware lint and the compiler each want a core and some hundred megabytes. */
const lanes = 2

/** Runs every gate, tells one line for each and all words of those that failed; answers with the failed ones' names. */
export async function checkAll(root: string, out: NodeJS.WritableStream): Promise<string[]> {
  const commands = commandsIn(root)
  const waiting = [...gates]
  const failed: string[] = []
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      if (!(await passes(name, commandOf(commands, name), out))) failed.push(name)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return failed
}

async function passes(name: string, command: string, out: NodeJS.WritableStream): Promise<boolean> {
  const startedAt = performance.now()
  const { failure, output } = await runCommand(command)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  out.write(`check  ${name.padEnd(12)} ${failure === undefined ? 'passed' : 'FAILED'}  ${seconds.padStart(5)} s\n`)
  if (failure !== undefined) out.write(`${output.trimEnd()}\n(${name}: ${failure}; alone: npm run ${name})\n\n`)
  return failure === undefined
}

function commandsIn(root: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  return manifest.scripts
}

function commandOf(commands: Readonly<Record<string, string>>, name: string): string {
  const command = commands[name]
  if (command === undefined) throw new Error(`package.json has no script "${name}", which is a gate of npm run check`)
  return command
}
