import { SimulatedBroker } from './broker/simulated-broker'
import { Chance } from './chance'
import { Database } from './database'
import { Disk } from './disk'
import { Network } from './network'
import { enter } from './take-over'
import { VirtualTime } from './virtual-time'

/** All that the services stand on, made from one seed. */
export class World {
  readonly time = new VirtualTime()
  readonly network: Network
  readonly broker: SimulatedBroker
  readonly disk: Disk
  readonly database: Database
  /** For what the test itself chooses. */
  readonly chance: Chance
  /** How many consumers share the work. */
  readonly consumers: number
  /** What has gone wrong in a way that no fault excuses. */
  readonly wrongs: string[] = []
  /** Ids of dead letters that were replayed. */
  readonly replayed = new Set<string>()
  /** How often a handler ended its process, by message and group. */
  readonly kills = new Map<string, number>()
  /** Those that have been, by name. */
  readonly faults = new Set<string>()
  readonly story: string[] = []

  constructor(seed: number) {
    const { time } = this
    const root = new Chance(seed)
    const part = () => new Chance(root.seed())
    this.chance = part()
    this.consumers = this.chance.whole(1, 2)
    this.network = new Network(time, part())
    this.broker = new SimulatedBroker({ time, chance: part(), network: this.network })
    this.disk = new Disk(time, part())
    this.database = new Database({ time, chance: part(), tell: (line) => this.tell(line) })
    time.onFault = (life, error) => this.wrongs.push(`${life?.name ?? 'the world'}: ${error.stack ?? error.message}`)
    enter({ time, chance: part(), network: this.network })
  }

  /** A handler has ended its process. */
  noteKill(group: string, n: number): void {
    const text = `message-${n} in ${group}`
    this.kills.set(text, (this.kills.get(text) ?? 0) + 1)
  }

  /** A line of what happens, for whoever has to find out why. */
  tell(line: string): void {
    this.story.push(`${(this.time.now / 1_000).toFixed(3)} ${line}`)
  }
}
