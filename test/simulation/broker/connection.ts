import type { Line, Peer } from '../network'
import type { BrokerState } from './broker-state'
import { Channel } from './channel'
import {
  contentFrames,
  heartbeat,
  methodFrame,
  methods,
  protocolHeader,
  takeFrame,
  type Fields,
  type Frame,
} from './protocol'

interface Incoming {
  readonly method: Fields
  properties?: Fields
  size: number
  readonly parts: Buffer[]
}

const heartbeatSeconds = 60
const frameMax = 131_072
const deafAfterMs = 20_000

/** One connection as the broker sees it: bytes to frames, frames to channels. */
export class BrokerConnection implements Peer {
  readonly channels = new Map<number, Channel>()
  readonly #broker: BrokerState
  readonly #line: Line
  readonly #incoming = new Map<number, Incoming>()
  #bytes: Buffer = Buffer.alloc(0)
  #state: 'greeting' | 'open' | 'closing' | 'gone' = 'greeting'
  /** Not read any more, because it publishes while the broker is in alarm. */
  #isBlocked = false
  #hasPublished = false
  #heardAt: number
  #cancelBeat: () => void = () => {}

  constructor(broker: BrokerState, line: Line) {
    this.#broker = broker
    this.#line = line
    this.#heardAt = broker.time.now
    this.#beat()
  }

  receive(bytes: Buffer): void {
    if (this.#state === 'gone') return
    this.#heardAt = this.#broker.time.now
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    this.#read()
  }

  gone(): void {
    if (this.#state === 'gone') return
    this.#state = 'gone'
    this.#cancelBeat()
    this.#broker.forget(this)
    for (const channel of this.channels.values()) channel.end()
  }

  /** Tells the client to go, as a broker that stops in order does. */
  close(replyCode: number, replyText: string): void {
    if (this.#state === 'gone') return
    this.#state = 'closing'
    this.#send(0, methods.ConnectionClose, { replyCode, replyText, classId: 0, methodId: 0 })
    this.#endChannels()
    this.#line.end('closed')
  }

  /** As when the broker's process is gone. */
  break(): void {
    this.#line.end('reset')
    this.gone()
  }

  alarmChanged(): void {
    if (this.#broker.alarm !== undefined && this.#hasPublished) this.#block(this.#broker.alarm)
    if (this.#broker.alarm !== undefined || !this.#isBlocked) return
    this.#isBlocked = false
    this.#send(0, methods.ConnectionUnblocked, {})
    this.#read()
  }

  #block(reason: string): void {
    if (this.#isBlocked) return
    this.#isBlocked = true
    this.#send(0, methods.ConnectionBlocked, { reason })
  }

  #read(): void {
    while (!this.#isBlocked && this.#state !== 'gone') {
      if (this.#state === 'greeting') {
        if (this.#bytes.length < protocolHeader.length) return
        this.#bytes = this.#bytes.subarray(protocolHeader.length)
        this.#state = 'open'
        this.#greet()
        continue
      }
      const taken = takeFrame(this.#bytes)
      if (taken === undefined) return
      this.#bytes = taken.rest
      this.#handle(taken.frame)
    }
  }

  #greet(): void {
    const capabilities = {
      publisher_confirms: true,
      'basic.nack': true,
      'connection.blocked': true,
      consumer_cancel_notify: true,
      exchange_exchange_bindings: true,
      authentication_failure_close: true,
    }
    const serverProperties = { product: 'Simulated', version: '3.10.0', capabilities }
    this.#send(0, methods.ConnectionStart, {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties,
      mechanisms: Buffer.from('PLAIN'),
      locales: Buffer.from('en_US'),
    })
  }

  #handle(frame: Frame): void {
    if (frame.channel === 0) return this.#handleOwn(frame)
    if (frame.id === methods.ChannelOpen) return this.#openChannel(frame.channel)
    const channel = this.channels.get(frame.channel)
    if (channel === undefined || this.#state !== 'open') return
    if (frame.id === methods.ChannelCloseOk) return void this.channels.delete(frame.channel)
    if (frame.id === methods.BasicPublish)
      return void this.#incoming.set(frame.channel, { method: frame.fields ?? {}, size: -1, parts: [] })
    if (frame.content !== undefined || frame.size !== undefined) return this.#content(channel, frame)
    channel.handle(frame.id as number, frame.fields ?? {})
    if (frame.id === methods.ChannelClose) this.channels.delete(frame.channel)
  }

  #handleOwn({ id }: Frame): void {
    if (id === methods.ConnectionStartOk)
      return this.#send(0, methods.ConnectionTune, { channelMax: 2_047, frameMax, heartbeat: heartbeatSeconds })
    if (id === methods.ConnectionOpen) return this.#send(0, methods.ConnectionOpenOk, {})
    if (id !== methods.ConnectionClose) return
    this.#send(0, methods.ConnectionCloseOk, {})
    this.#endChannels()
    this.#line.end('closed')
  }

  #openChannel(number: number): void {
    const channel = new Channel(this.#broker, {
      method: (id, fields) => this.#send(number, id, fields),
      content: (id, fields, content) => this.#line.send(contentFrames(id, number, fields, content)),
    })
    this.channels.set(number, channel)
    this.#send(number, methods.ChannelOpenOk, { channelId: Buffer.alloc(0) })
  }

  #content(channel: Channel, { channel: number, size, fields, content }: Frame): void {
    const incoming = this.#incoming.get(number)
    if (incoming === undefined) return
    if (size !== undefined) Object.assign(incoming, { size, properties: fields })
    if (content !== undefined) incoming.parts.push(content)
    const body = Buffer.concat(incoming.parts)
    if (body.length < incoming.size) return
    this.#incoming.delete(number)
    this.#hasPublished = true
    channel.publish(incoming.method, { properties: incoming.properties ?? {}, body })
    if (this.#broker.alarm !== undefined) this.#block(this.#broker.alarm)
  }

  #endChannels(): void {
    for (const channel of this.channels.values()) channel.end()
    this.channels.clear()
  }

  #send(channel: number, id: number, fields: Fields): void {
    if (this.#state !== 'gone') this.#line.send(methodFrame(id, channel, fields))
  }

  #beat(): void {
    const { time } = this.#broker
    this.#cancelBeat = time.afterInWorld(5_000, () => {
      if (!this.#isBlocked && time.now - this.#heardAt > deafAfterMs) return this.break()
      this.#line.send(heartbeat)
      this.#beat()
    })
  }
}
