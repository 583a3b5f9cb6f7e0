import { setTimeout as wait } from 'node:timers/promises'
import type { Ended, NextStep } from './after-exit'
import type { Program } from './program'
import { startRun, type Exit, type Run } from './run'

/** How the supervision ended: by our own stop with the last exit, or because starting again is pointless. */
export type Outcome =
  { readonly kind: 'stopped'; readonly exit: Exit | undefined } | { readonly kind: 'gave_up'; readonly why: string }

export interface Supervised {
  readonly name: string
  readonly outcome: Promise<Outcome>
  /** Stops the present run and starts the next one at once. */
  restart(): void
  /** Asks the program to stop, and kills it after `graceMs`. */
  stop(graceMs: number): Promise<Outcome>
  kill(): void
}

export interface Rules {
  readonly say: (line: string) => void
  readonly afterExit: (ended: Ended) => NextStep
  /** Looks, after an exit, for a reason that another start cannot change. */
  readonly findObstacle: () => Promise<string | undefined>
}

/** What the loop and its handle share. */
interface State {
  run: Run | undefined
  stopped: boolean
  /** The present run is being replaced on purpose, so its exit is no failure. */
  again: boolean
  /** Cuts a back-off wait short. */
  nudge: AbortController
}

/** Keeps a program running until it is stopped or its rules give it up. */
export function supervise(program: Program, rules: Rules): Supervised {
  const state: State = { run: undefined, stopped: false, again: false, nudge: new AbortController() }
  const outcome = keepRunning(program, rules, state)
  const end = (how: 'stop' | 'kill') => {
    state.stopped = true
    state.run?.[how]()
    state.nudge.abort()
  }
  return {
    name: program.name,
    outcome,
    restart: () => restart(state),
    stop: (graceMs) => {
      end('stop')
      const timer = setTimeout(() => end('kill'), graceMs)
      return outcome.finally(() => clearTimeout(timer))
    },
    kill: () => end('kill'),
  }
}

async function keepRunning(program: Program, rules: Rules, state: State): Promise<Outcome> {
  let failures = 0
  let everReady = false
  for (;;) {
    const exit = await runOnce(program, state)
    everReady ||= exit.readyForMs !== undefined
    const next = await stepAfter(exit, { everReady, failures }, rules, state)
    if (next.kind !== 'restart') return next
    if (!state.again) {
      rules.say(`${program.name} ended (${exit.how}); starting it again in ${(next.afterMs / 1000).toFixed(1)} s`)
      await wait(next.afterMs, undefined, { signal: state.nudge.signal }).catch(() => undefined)
    }
    if (state.stopped) return { kind: 'stopped', exit: undefined }
    failures = state.again ? 0 : next.failures
  }
}

async function stepAfter(
  exit: Exit,
  past: Pick<Ended, 'everReady' | 'failures'>,
  rules: Rules,
  state: State,
): Promise<Outcome | Extract<NextStep, { kind: 'restart' }>> {
  const obstacle = state.stopped || state.again ? undefined : await rules.findObstacle()
  if (state.stopped) return { kind: 'stopped', exit }
  if (state.again) return { kind: 'restart', afterMs: 0, failures: 0 }
  const next = rules.afterExit({ exit, obstacle, ...past })
  return next.kind === 'restart' ? next : { kind: 'gave_up', why: next.why }
}

async function runOnce(program: Program, state: State): Promise<Exit> {
  state.again = false
  state.nudge = new AbortController()
  state.run = startRun(program)
  const exit = await state.run.exited
  state.run = undefined
  return exit
}

function restart(state: State): void {
  state.again = true
  state.run?.stop()
  state.nudge.abort()
}
