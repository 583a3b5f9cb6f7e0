import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { LogLevel } from '../../shared/runtime/settings'
import { faultNames, type FaultName } from './faults/all'

export interface VerificationOptions {
  /** At least so many; the sending goes on until the last fault is over. */
  readonly messages: number
  /** New messages in a second, at most. */
  readonly rate: number
  /** The sending goes on for at least so long. */
  readonly seconds: number
  readonly faults: number
  readonly kinds: readonly FaultName[]
  readonly seed: number
  /** In seconds: how long nothing may change at the end before what is missing counts as lost. */
  readonly patience: number
  /** The share of messages whose steps are told to the journal, from 0 to 1. */
  readonly journal: number
  /** What the services log. */
  readonly logLevel: LogLevel
  /** A module that both services load first, such as one that traces; undefined for none. */
  readonly preload: string | undefined
  /** The report's folder, which must be new; undefined for one below `.handoff/verify`. */
  readonly report: string | undefined
}

/** The command line is wrong: exit code 2. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

const known = {
  messages: { type: 'string', default: '2000' },
  rate: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '0' },
  faults: { type: 'string', default: String(faultNames.length) },
  kinds: { type: 'string', default: faultNames.join(',') },
  seed: { type: 'string' },
  patience: { type: 'string', default: '60' },
  journal: { type: 'string', default: '1' },
  'log-level': { type: 'string', default: 'info' },
  preload: { type: 'string' },
  report: { type: 'string' },
} as const

const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

const usage = `use --messages COUNT (2000), --rate PER_SECOND (100), --seconds SECONDS (0), --faults COUNT (${faultNames.length}), --kinds A,B, --seed SEED, --patience SECONDS (60), --journal SHARE (1), --log-level LEVEL (info), --preload FILE, --report FOLDER`

/** Reads the command line; throws an {@link OptionsError} for anything that it cannot mean, naming what there is. */
export function parseVerificationOptions(args: readonly string[]): VerificationOptions {
  const { messages, rate, seconds, faults, kinds, seed, patience, journal, preload, report, ...rest } = read(args)
  return {
    messages: whole('--messages', messages, 1),
    rate: whole('--rate', rate, 1),
    seconds: whole('--seconds', seconds, 0),
    faults: whole('--faults', faults, 0),
    kinds: kindsIn(kinds),
    seed: seed === undefined ? randomInt(1, 1_000_000) : whole('--seed', seed, 1),
    patience: whole('--patience', patience, 1),
    journal: shareIn(journal),
    logLevel: levelIn(rest['log-level']),
    preload,
    report,
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known }).values
  } catch (error) {
    throw new OptionsError(`${(error as Error).message}; ${usage}`, { cause: error })
  }
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= 4_294_967_295) return value
  throw new OptionsError(`${option} is "${text}"; give a whole number from ${least} to 4294967295`)
}

function shareIn(text: string): number {
  const share = Number(text)
  if (text.trim() !== '' && share >= 0 && share <= 1) return share
  throw new OptionsError(`--journal is "${text}"; give a share from 0 to 1, such as 0.01`)
}

function levelIn(text: string): LogLevel {
  const level = logLevels.find((known) => known === text)
  if (level !== undefined) return level
  throw new OptionsError(`--log-level is "${text}"; there are ${logLevels.join(', ')}`)
}

function kindsIn(text: string): readonly FaultName[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !(faultNames as readonly string[]).includes(name))
  if (unknown.length === 0) return names as FaultName[]
  throw new OptionsError(`--kinds names "${unknown.join('", "')}"; there are ${faultNames.join(', ')}`)
}
