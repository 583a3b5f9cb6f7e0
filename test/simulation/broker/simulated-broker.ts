import type { Chance } from '../chance'
import type { Network, Peer } from '../network'
import type { VirtualTime } from '../virtual-time'
import type { BrokerState } from './broker-state'
import { BrokerConnection } from './connection'
import { Exchanges } from './exchanges'
import type { Content, Fields } from './protocol'
import { Queue } from './queue'

/** A RabbitMQ as its clients see it: what it promises, and what it may do when it is in trouble. */
export class SimulatedBroker implements BrokerState {
  readonly time: VirtualTime
  readonly exchanges = new Exchanges()
  readonly queues = new Map<string, Queue>()
  readonly wrongs: string[] = []
  alarm: string | undefined
  copies = 1
  /** How long a commit takes, in milliseconds. */
  commit = { leastMs: 0.2, mostMs: 5 }
  readonly #chance: Chance
  readonly #network: Network
  readonly #connections = new Set<BrokerConnection>()
  #consumerTags = 0

  constructor({ time, chance, network }: { time: VirtualTime; chance: Chance; network: Network }) {
    this.time = time
    this.#chance = chance
    this.#network = network
    this.start()
  }

  get connections(): readonly BrokerConnection[] {
    return [...this.#connections]
  }

  start(): void {
    for (const queue of this.queues.values()) queue.revive()
    this.#network.listen((line) => {
      const connection = new BrokerConnection(this, line)
      this.#connections.add(connection)
      return connection
    })
  }

  /** As by SIGKILL. */
  kill(): void {
    this.#stop((connection) => connection.break())
  }

  /** As by SIGTERM: with a word to each client. */
  stop(): void {
    this.#stop((connection) => {
      connection.close(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'")
      connection.gone()
    })
  }

  setAlarm(reason: string | undefined): void {
    this.alarm = reason
    for (const connection of this.connections) connection.alarmChanged()
  }

  forget(connection: Peer): void {
    this.#connections.delete(connection as BrokerConnection)
  }

  routed(exchange: string, routingKey: string): readonly Queue[] {
    const names = this.exchanges.route(exchange, routingKey)
    return names.map((name) => this.queues.get(name)).filter((queue) => queue !== undefined)
  }

  declareQueue(name: string, args: Fields): Queue {
    const found = this.queues.get(name)
    if (found !== undefined) return found
    const queue = new Queue({
      name,
      arguments: args,
      time: this.time,
      chance: this.#chance,
      commitMs: () => this.#chance.between(this.commit.leastMs, this.commit.mostMs),
      deadLetter: (...letter) => this.#deadLetter(...letter),
    })
    this.queues.set(name, queue)
    return queue
  }

  nextConsumerTag(): string {
    return `consumer-${++this.#consumerTags}`
  }

  soon(run: () => void): void {
    this.time.afterInWorld(this.#chance.between(0, 2), run)
  }

  #stop(end: (connection: BrokerConnection) => void): void {
    this.#network.listen(undefined)
    this.alarm = undefined
    for (const connection of this.connections) end(connection)
    for (const queue of this.queues.values()) queue.die()
  }

  #deadLetter(exchange: string, routingKey: string, content: Content, kept: () => void): boolean {
    const queues = this.routed(exchange, routingKey)
    if (queues.some(({ isFull }) => isFull)) return false
    let left = queues.length
    for (const queue of queues) queue.put(content, { exchange, routingKey }, () => --left === 0 && kept())
    return left > 0
  }
}
