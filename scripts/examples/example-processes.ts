import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunningProcess, StartFacts } from '../../examples/stage'
import { freePorts } from '../broker/free-ports'
import { untilReady } from '../supervise/until-ready'
import { dieWithUs } from '../system/die-with-us'
import type { Say } from '../terminal/say'

interface ProcessesFacts {
  /** The example's name. */
  readonly example: string
  readonly environment: NodeJS.ProcessEnv
  /** Where their logs are. */
  readonly folder: string
  readonly say: Say
}

const readyWithinMs = 60_000
const stopWithinMs = 20_000
const wordsToTell = 5

/** The processes of an example, all of which end with it. */
export class ExampleProcesses {
  readonly #facts: ProcessesFacts
  readonly #running: RunningProcess[] = []
  readonly #logs: string[] = []
  #isOver = false

  constructor(facts: ProcessesFacts) {
    this.#facts = facts
  }

  /** Starts the example's producer or consumer; rejects when it is not ready within a minute. */
  async startService(
    name: 'producer' | 'consumer',
    { groups = [], settings = {} }: StartFacts = {},
  ): Promise<RunningProcess> {
    const { example, environment, folder, say } = this.#facts
    const [port = 0] = await freePorts(1)
    this.#refuseWhenOver(name)
    const log = join(folder, `${this.#logs.length}-${name}.log`)
    this.#logs.push(log)
    const file = join(__dirname, '..', '..', 'examples', `${name}.ts`)
    const output = openSync(log, 'a')
    const child = spawn(process.execPath, [...process.execArgv, file, example, ...groups.map((group) => group.name)], {
      env: { ...environment, [`${name.toUpperCase()}_PORT`]: String(port), ...settings },
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    const running = this.#kept(child, `http://127.0.0.1:${port}`)
    if (!(await isReady(child, running)))
      throw new Error(`the ${name} ended, or was not ready within ${readyWithinMs / 1_000} s; its last words are above`)
    say(`started a ${name} (process ${running.pid})`)
    return running
  }

  /** What it prints is said, line by line. Throws when the example is over. */
  startProgram(command: string, args: readonly string[]): RunningProcess {
    const { environment, say } = this.#facts
    this.#refuseWhenOver(command)
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface({ input: child.stdout }).on('line', say)
    return this.#kept(child, '')
  }

  lastWords(): readonly string[] {
    return this.#logs.flatMap((log) => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-wordsToTell))
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running.map((each) => each.stop()))
  }

  /** Whoever was asked to stop meanwhile would leave it behind. */
  #refuseWhenOver(name: string): void {
    if (this.#isOver) throw new Error(`the example is over; no ${name} is started any more`)
  }

  #kept(child: ChildProcess, url: string): RunningProcess {
    const running = runningOf(child, url)
    this.#running.push(running)
    return running
  }
}

function runningOf(child: ChildProcess, url: string): RunningProcess {
  const release = child.pid === undefined ? () => {} : dieWithUs(child.pid)
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).finally(release)
  const endBy = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  const stop = async () => {
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await endBy('SIGTERM')
    clearTimeout(late)
  }
  return { pid: child.pid ?? 0, url, stop, kill: () => endBy('SIGKILL') }
}

function isReady(child: ChildProcess, { url }: RunningProcess): Promise<boolean> {
  const gone = new AbortController()
  child.once('exit', () => gone.abort())
  const late = setTimeout(() => gone.abort(), readyWithinMs)
  return untilReady(`${url}/readyz`, gone.signal, () => undefined).finally(() => clearTimeout(late))
}
