import { Command, CommanderError } from 'commander'
import { SettingsError } from '../shared/runtime/settings-error'
import { deadDiscard } from './dead-discard'
import { deadEdit } from './dead-edit'
import { deadExport } from './dead-export'
import { deadGroups } from './dead-groups'
import { deadImport } from './dead-import'
import { deadList } from './dead-list'
import { deadReplay } from './dead-replay'
import { deadShow } from './dead-show'
import { EndsWith } from './ends-with'
import { OutputError } from './output'
import { plain } from './plain'
import { routesExplain } from './routes-explain'
import { send } from './send'
import { status } from './status'
import type { Surroundings } from './surroundings'
import { topologyApply } from './topology-apply'
import { topologyMigrate } from './topology-migrate'
import { topologyPlan } from './topology-plan'
import { UsageError } from './usage-error'
import { verify } from './verify'

const exitCodes = `
Exit codes:
  0  done
  1  refused or failed; standard error says why
  2  the command line is wrong; nothing was done
  3  topology plan: something is not as it is declared

The broker and the namespace are those of BROKER_URL and NAMESPACE, from the environment or .env.`

/** Commands that change nothing: who has read enough of what they say has lost nothing, as with `head`. */
const onlyLooking = ['list', 'groups', 'show', 'status', 'plan', 'explain']

/** Runs one command line and answers with its exit code. Never rejects. */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = programOf(surroundings)
  // Until one acts there is only help to be told.
  let acting = 'list'
  program.hook('preAction', (_, command) => void (acting = command.name()))
  let code = 0
  try {
    code = await ran(program, args)
    // The last lines may be refused after the command has said them.
    await surroundings.taken()
    return code
  } catch (error) {
    if (error instanceof OutputError && error.isReaderGone && onlyLooking.includes(acting)) return code
    const lines = error instanceof SettingsError ? error.lines : [(error as Error).message]
    // They may name what a letter says of itself.
    for (const line of lines) surroundings.err(`handoff: ${plain(line, 'block')}`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function ran(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof EndsWith) return error.code
    throw error
  }
}

function programOf(surroundings: Surroundings): Command {
  const program = silent(new Command('handoff'), surroundings)
    .description('Sends messages, shows what becomes of them, and looks after dead letters and broker objects.')
    .addHelpText('after', exitCodes)
  const dead = silent(program.command('dead'), surroundings)
    .description('dead letters of a group')
    .addHelpText('after', exitCodes)
  for (const add of [deadList, deadGroups, deadShow, deadReplay, deadEdit, deadDiscard, deadExport, deadImport])
    silent(add(dead, surroundings), surroundings).addHelpText('after', exitCodes)
  const topology = silent(program.command('topology'), surroundings)
    .description('what stands at the broker, against what is declared')
    .addHelpText('after', exitCodes)
  for (const add of [topologyPlan, topologyApply, topologyMigrate])
    silent(add(topology, surroundings), surroundings).addHelpText('after', exitCodes)
  const routes = silent(program.command('routes'), surroundings)
    .description('where events go, and by which rules')
    .addHelpText('after', exitCodes)
  silent(routesExplain(routes, surroundings), surroundings).addHelpText('after', exitCodes)
  for (const add of [send, status, verify])
    silent(add(program, surroundings), surroundings).addHelpText('after', exitCodes)
  return program
}

/** Leaves the end of the process, and what is written, to us. */
function silent(command: Command, { out, err }: Surroundings): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => out(text.trimEnd()),
    writeErr: (text) => err(text.trimEnd().replace(/^error: /, 'handoff: ')),
  })
}
