import type { Folder, SpoolFile } from '../../shared/store/spool/folder'
import { SimulatedFolder } from '../support/simulated-folder'
import type { Chance } from './chance'
import type { Life } from './life'
import type { VirtualTime } from './virtual-time'

/** What a disk does while it lasts. */
export interface DiskMood {
  readonly leastMs: number
  readonly mostMs: number
  /** How probably a write or a flush fails. */
  readonly failing: number
}

export const healthy: DiskMood = { leastMs: 0.05, mostMs: 3, failing: 0 }

/** The disk of one machine: what was flushed outlives a power failure, what was written a kill. */
export class Disk {
  mood: DiskMood = healthy
  #folder = new SimulatedFolder()
  readonly #time: VirtualTime
  readonly #chance: Chance

  constructor(time: VirtualTime, chance: Chance) {
    this.#time = time
    this.#chance = chance
    this.#watch()
  }

  losePower(): void {
    this.#folder = this.#folder.afterPowerFailure(this.#chance.random())
    this.#watch()
  }

  /** The folder as a process has it: late, and not at all once that has ended. */
  folderOf(life: Life): Folder {
    const folder = this.#folder
    const late = <T>(work: () => Promise<T>) => this.#late(life, work)
    const handleOf = (file: SpoolFile): SpoolFile =>
      ({
        write: (...args: Parameters<SpoolFile['write']>) => late(() => file.write(...args)),
        read: (...args: Parameters<SpoolFile['read']>) => late(() => file.read(...args)),
        datasync: () => late(() => file.datasync()),
        truncate: (length: number) => late(() => file.truncate(length)),
        close: () => late(() => file.close()),
      }) as unknown as SpoolFile
    return {
      path: folder.path,
      names: () => late(() => folder.names()),
      create: (name) => late(async () => handleOf(await folder.create(name))),
      open: (name) => late(async () => handleOf(await folder.open(name))),
      contents: (name) => late(() => folder.contents(name)),
      remove: (name) => late(() => folder.remove(name)),
    }
  }

  #watch(): void {
    this.#folder.fails = (operation) => {
      const canFail = operation === 'write' || operation === 'datasync' || operation === 'create'
      if (canFail && this.#chance.hits(this.mood.failing))
        throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
      if (operation === 'write' && this.#chance.hits(this.mood.failing)) return 1
    }
  }

  /** A process may be killed before it asks, before the disk has done it, and before it knows. */
  #late<T>(life: Life, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!life.step()) return
      const { leastMs, mostMs } = this.mood
      this.#time.after(
        this.#chance.between(leastMs, mostMs),
        () => {
          if (!life.step()) return
          work().then(
            (value) => life.isAlive && resolve(value),
            (error: Error) => life.isAlive && reject(error),
          )
        },
        life,
      )
    })
  }
}
