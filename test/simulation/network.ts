import type { Socket } from 'node:net'
import type { Chance } from './chance'
import { SimulatedSocket } from './simulated-socket'
import type { VirtualTime } from './virtual-time'

/** What stands at the other end of a connection. */
export interface Peer {
  receive(bytes: Buffer): void
  /** The client's end is gone. */
  gone(): void
}

/** How a peer speaks to its client. */
export interface Line {
  send(bytes: Buffer): void
  /** Ends the connection, in order or by a reset. */
  end(how: 'closed' | 'reset'): void
}

/** What a network does to its connections while it lasts. */
export interface Weather {
  /** Of one way, for each piece of bytes. */
  readonly leastMs: number
  readonly mostMs: number
  /** How probably a write arrives in pieces. */
  readonly torn: number
}

export const calm: Weather = { leastMs: 0.1, mostMs: 1, torn: 0 }

/** The only way from a client to the broker, which can do what networks do. */
export class Network {
  weather: Weather = calm
  readonly #time: VirtualTime
  readonly #chance: Chance
  readonly #links = new Set<Cable>()
  /** The broker, as long as it listens. */
  #listener: ((line: Line) => Peer) | undefined

  constructor(time: VirtualTime, chance: Chance) {
    this.#time = time
    this.#chance = chance
  }

  listen(listener: ((line: Line) => Peer) | undefined): void {
    this.#listener = listener
  }

  /** For `net.connect`. */
  connect(connected: () => void): Socket {
    const { life } = this.#time
    const socket = new SimulatedSocket(this.#time, life)
    const listener = this.#listener
    this.#time.after(this.#latency(), () => {
      if (socket.destroyed) return
      if (listener === undefined || listener !== this.#listener)
        return void socket.destroy(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      const cable = new Cable({
        time: this.#time,
        socket,
        latency: () => this.#latency(),
        pieces: (b) => this.#pieces(b),
      })
      this.#links.add(cable)
      life?.onEnd(() => cable.cut('closed'))
      cable.peer = listener(cable)
      socket.plug(cable)
      socket.emit('connect')
      connected()
    })
    return socket as unknown as Socket
  }

  /** The cables that are in use; of some, one after so many further bytes in that direction. */
  get cables(): readonly Cable[] {
    const used = [...this.#links].filter(({ isCut }) => !isCut)
    this.#links.clear()
    for (const cable of used) this.#links.add(cable)
    return used
  }

  #latency(): number {
    return this.#chance.between(this.weather.leastMs, this.weather.mostMs)
  }

  #pieces(bytes: Buffer): readonly Buffer[] {
    if (bytes.length < 2 || !this.#chance.hits(this.weather.torn)) return [bytes]
    const at = this.#chance.whole(1, bytes.length - 1)
    return [bytes.subarray(0, at), bytes.subarray(at)]
  }
}

interface CableParts {
  readonly time: VirtualTime
  readonly socket: SimulatedSocket
  readonly latency: () => number
  readonly pieces: (bytes: Buffer) => readonly Buffer[]
}

type Direction = 'to broker' | 'to client'

/** One connection: two streams of bytes that arrive late, and until it is cut or falls silent. */
export class Cable implements Line {
  peer: Peer | undefined
  isCut = false
  /** Swallows everything, both ways; each end believes that the other is there. */
  isSilent = false
  readonly #parts: CableParts
  readonly #arrival: Record<Direction, number> = { 'to broker': 0, 'to client': 0 }
  #bytesLeft = Infinity

  constructor(parts: CableParts) {
    this.#parts = parts
  }

  /** Lets so many bytes pass, in both directions together, and resets then: inside a frame, as often as not. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes
  }

  /** From the client. */
  carry(bytes: Buffer): void {
    this.#carry('to broker', bytes, (piece) => this.peer?.receive(piece))
  }

  send(bytes: Buffer): void {
    this.#carry('to client', bytes, (piece) => this.#parts.socket.arrive(piece))
  }

  end(how: 'closed' | 'reset'): void {
    if (how === 'reset') return this.cut('reset')
    this.#plan('to client', () => this.cut('closed'))
  }

  /** What is under way is lost; both ends learn of it when the news has travelled. */
  cut(how: 'closed' | 'reset'): void {
    if (this.isCut) return
    this.isCut = true
    const { time, socket, latency } = this.#parts
    if (this.isSilent) return
    time.afterInWorld(latency(), () => this.peer?.gone())
    time.after(latency(), () => socket.lose(how), socket.life)
  }

  #carry(direction: Direction, bytes: Buffer, arrive: (piece: Buffer) => void): void {
    if (this.isCut || this.isSilent) return
    const passing = bytes.subarray(0, this.#bytesLeft)
    this.#bytesLeft -= passing.length
    for (const piece of this.#parts.pieces(passing)) if (piece.length > 0) this.#plan(direction, () => arrive(piece))
    if (this.#bytesLeft <= 0) this.#plan(direction, () => this.cut('reset'))
  }

  #plan(direction: Direction, run: () => void): void {
    const { time, socket, latency } = this.#parts
    const at = Math.max(this.#arrival[direction], time.now + latency())
    this.#arrival[direction] = at
    const unlessCut = () => {
      if (!this.isCut && !this.isSilent) run()
    }
    if (direction === 'to client') time.after(at - time.now, unlessCut, socket.life)
    else time.afterInWorld(at - time.now, unlessCut)
  }
}
