import type { AcceptOutcome, AcceptResult } from '../../services/producer/outcome'
import type { MessageType } from '../../shared/messages/message'
import { behaviours, confirmedOnly, doneOnce, happened, nobodyWants, storedFirst, type Behaviour } from './domain'
import type { SupervisedProcess } from './process'
import type { RunningProducer } from './producer'
import type { World } from './world'

/** A message that a client wants to have accepted, and what it was told. */
export interface Sent {
  readonly n: number
  readonly id: string
  readonly type: MessageType
  readonly behaviour: Behaviour
  readonly key: string | undefined
  /** `no answer`: its producer ended before. */
  readonly answers: (AcceptOutcome | 'no answer')[]
  /** How often its client repeats it at most. */
  readonly repeats: number
  /** Its place among all that were accepted. */
  acceptedAs: number | undefined
}

const source = '/simulation'
const answerWithinMs = 10_000
const giveUpMs = 15_000

/** Clients of the producer: some send one message, some one after the other under an ordering key. */
export class Driver {
  readonly sent: Sent[] = []
  readonly #world: World
  readonly #producer: SupervisedProcess<RunningProducer>
  #accepted = 0
  #atWork = 0

  constructor(world: World, producer: SupervisedProcess<RunningProducer>) {
    this.#world = world
    this.#producer = producer
  }

  get isDone(): boolean {
    return this.#atWork === 0
  }

  /** Sends so many messages within this time. */
  start(count: number, withinMs: number): void {
    const { chance } = this.#world
    const keyed = chance.pick([0, 0.3, 0.8])
    const lanes = new Map<string, Sent[]>()
    for (let n = 1; n <= count; n++) {
      const sent = this.#message(n, chance.hits(keyed) ? chance.pick(['a', 'b']) : undefined)
      this.sent.push(sent)
      if (sent.key !== undefined) lanes.set(sent.key, [...(lanes.get(sent.key) ?? []), sent])
      else this.#begin(chance.between(0, withinMs), [sent])
    }
    for (const lane of lanes.values()) this.#begin(chance.between(0, withinMs / 2), lane)
  }

  #message(n: number, key: string | undefined): Sent {
    const { chance } = this.#world
    const type = chance.pick([doneOnce, doneOnce, confirmedOnly, storedFirst, happened, happened, nobodyWants])
    const behaviour = chance.hits(0.3) ? chance.pick(behaviours) : 'works'
    const repeats = chance.hits(0.4) ? 0 : chance.whole(1, 12)
    return { n, id: `message-${n}`, type, behaviour, key, repeats, answers: [], acceptedAs: undefined }
  }

  #begin(ms: number, lane: readonly Sent[]): void {
    this.#atWork++
    this.#world.time.afterInWorld(ms, () => this.#send(lane, 0))
  }

  /** The first of these; the others when it has been accepted, or given up. */
  #send([first, ...others]: readonly Sent[], attempts: number): void {
    if (first === undefined) return void this.#atWork--
    const { chance, time } = this.#world
    this.#attempt(first, (answer) => {
      first.answers.push(answer)
      this.#world.tell(`${first.id} (${first.type.name}, ${first.behaviour}): ${answer}`)
      const isAccepted = answer === 'confirmed' || answer === 'stored'
      if (isAccepted) first.acceptedAs ??= this.#accepted++
      const next = chance.between(1, 300)
      if (isAccepted || attempts >= first.repeats) time.afterInWorld(next, () => this.#send(others, 0))
      else time.afterInWorld(next * 5, () => this.#send([first, ...others], attempts + 1))
    })
  }

  #attempt(sent: Sent, answered: (answer: AcceptOutcome | 'no answer') => void): void {
    const { time } = this.#world
    const { running, life, isStopping } = this.#producer
    if (running === undefined || isStopping) return void time.afterInWorld(200, () => this.#attempt(sent, answered))
    let isOpen = true
    const once = (answer: AcceptOutcome | 'no answer') => {
      if (!isOpen) return
      isOpen = false
      time.afterInWorld(0, () => answered(answer))
    }
    life.onEnd(() => once('no answer'))
    const late = time.afterInWorld(giveUpMs, () => {
      if (!isOpen) return
      this.#world.wrongs.push(`${sent.id} had no answer within ${giveUpMs} ms`)
      once('no answer')
    })
    const result = time.as(life, () => running.accept(this.#posting(sent)))
    void result.then(({ outcome }: AcceptResult) => {
      late()
      if (life.isAlive) once(outcome)
    })
  }

  #posting({ n, id, type, behaviour, key }: Sent) {
    const extensions = key === undefined ? {} : { partitionkey: key }
    const data = Buffer.from(JSON.stringify({ n, behaviour }))
    const time = new Date(this.#world.time.wallMs).toISOString()
    const envelope = { id, source, type: type.name, time, contentType: 'application/json', data, extensions }
    const answerBy = this.#world.time.now + answerWithinMs
    return { envelope, route: { kind: type.kind }, acceptance: type.acceptance, answerBy }
  }
}
