import { Life, type End } from './life'
import type { World } from './world'

/** A part of a process that runs, and how it ends in order. */
export interface Running {
  readonly stop: () => Promise<void>
}

/** A simulated process that is started again whenever it has ended, as a supervisor would. */
export class SupervisedProcess<R extends Running> {
  readonly name: string
  life: Life
  /** Undefined while it starts or is down. */
  running: R | undefined
  #isStopping = false
  readonly #world: World
  readonly #start: (life: Life) => Promise<R>

  constructor(name: string, world: World, start: (life: Life) => Promise<R>) {
    this.name = name
    this.#world = world
    this.#start = start
    this.life = this.#born()
  }

  /** Takes nothing new any more. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /** As by SIGTERM. */
  stop(): void {
    const { life, running } = this
    if (running === undefined || this.#isStopping) return
    this.#isStopping = true
    this.#world.tell(`${this.name} is told to stop`)
    const ended = this.#world.time.as(life, () => running.stop())
    void ended.then(() => life.end('left'))
  }

  #born(): Life {
    const { time } = this.#world
    const life = new Life(this.name)
    this.#isStopping = false
    life.onEnd((how) => this.#ended(how))
    time.as(life, () => {
      void this.#start(life).then((running) => {
        if (!life.isAlive) return
        this.#world.tell(`${this.name} is up`)
        this.running = running
      })
    })
    return life
  }

  #ended(how: End): void {
    const { time, chance, disk } = this.#world
    this.#world.tell(`${this.name}: ${how}`)
    this.running = undefined
    if (how === 'power lost') disk.losePower()
    time.afterInWorld(chance.between(50, 3_000), () => (this.life = this.#born()))
  }
}
