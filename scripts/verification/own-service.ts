import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serviceArguments } from '../service-arguments'
import { untilReady } from '../supervise/until-ready'
import { dieWithUs } from '../system/die-with-us'

export interface ServiceFacts {
  readonly name: 'producer' | 'consumer'
  readonly url: string
  readonly env: NodeJS.ProcessEnv
  /** The project's folder. */
  readonly root: string
  /** Where it runs and writes its log; no `.env` may lie there. */
  readonly folder: string
  /** A module that it loads first. */
  readonly preload: string | undefined
  readonly say: (line: string) => void
}

/** How a process has ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const againAfterMs = 500
const answersWithinMs = 1_000

/** A built service with the verification's domain. One that ends without being told to is started again, as anywhere. */
export class OwnService {
  /** How often it has ended without being told to. */
  ownEnds = 0
  readonly #facts: ServiceFacts
  #child: ChildProcess | undefined
  #ended: Promise<Ending> = Promise.resolve({ code: 0, signal: null })
  #wanted: 'up' | 'down' = 'down'

  constructor(facts: ServiceFacts) {
    this.#facts = facts
  }

  get name(): ServiceFacts['name'] {
    return this.#facts.name
  }

  get url(): string {
    return this.#facts.url
  }

  /** Undefined before the first start. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Returns as soon as the process is there; with these settings beside its own until it ends. */
  start(settings: NodeJS.ProcessEnv = {}): void {
    this.#wanted = 'up'
    const child = this.#spawn(settings)
    const release = child.pid === undefined ? () => {} : dieWithUs(child.pid)
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve({ code: 1, signal: null }))
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    void this.#ended.then(({ code }) => {
      release()
      if (this.#child === child && this.#wanted === 'up') void this.#startAgain(code)
    })
  }

  /** Ends it by this signal and keeps it down; resolves when it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    this.signal(signal)
    return this.endsByItself()
  }

  /** Resolves when it has ended; it stays down then. */
  endsByItself(): Promise<Ending> {
    this.#wanted = 'down'
    return this.#ended
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Whether a new connection gets an answer within a second, whatever it says. */
  async answers(): Promise<boolean> {
    const asked = fetch(`${this.url}/livez`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(answersWithinMs),
    })
    return asked.then(
      async (answer) => (await answer.arrayBuffer(), true),
      () => false,
    )
  }

  /** Whether it answers that it is ready before this long has passed. */
  async isReadyWithin(ms: number): Promise<boolean> {
    return untilReady(`${this.url}/readyz`, AbortSignal.timeout(ms), (missing) =>
      this.#facts.say(`${this.name}: not ready yet: ${missing}`),
    )
  }

  #spawn(settings: NodeJS.ProcessEnv): ChildProcess {
    const { name, env, root, folder, preload } = this.#facts
    const log = openSync(join(folder, `${name}.log`), 'a')
    const domain = join(root, 'scripts', 'verification', 'own-domain.mjs')
    const main = join(root, 'dist', 'services', name, 'main.js')
    const loaded = [domain, ...(preload === undefined ? [] : [resolve(root, preload)])].flatMap((file) => [
      '--import',
      file,
    ])
    const args = [...serviceArguments, ...loaded, main]
    const child = spawn(process.execPath, args, {
      env: { ...env, ...settings },
      cwd: folder,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    return child
  }

  async #startAgain(code: number | null): Promise<void> {
    this.ownEnds++
    this.#facts.say(`${this.name}: ended by itself (exit code ${code}); starting it again`)
    await pause(againAfterMs)
    if (this.#wanted === 'up') this.start()
  }
}
