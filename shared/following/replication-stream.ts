import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Client, escapeIdentifier, escapeLiteral, type ClientConfig } from 'pg'
import { withDeadline } from '../runtime/deadline'
import type { Lsn } from './lsn'
import { readStreamMessage, standbyStatus, type StreamMessage } from './stream-message'

/** What `pg` does not tell its types of: the connection below its client. */
interface Wire extends EventEmitter {
  readonly stream: Socket
  sendCopyFromChunk(chunk: Buffer): void
}

export interface StreamFacts {
  readonly url: string
  /** The name of the slot and of the publication. */
  readonly slot: string
}

/** How much may have been read and not taken; one read of the socket may go beyond it. */
const mostHeldBytes = 1_048_576
const statusEveryMs = 2_000
/** The server answers each status; the network may be silent for long before it says that it is gone. */
const silenceMs = 30_000
const connectTimeoutMs = 5_000
const answerTimeoutMs = 5_000
// The values' text is what it is by default only as long as nobody sets another one for the database or the role, or by an
// option of the URL, which would win over one of ours.
const textForms = `set datestyle = 'ISO'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set extra_float_digits = 1;
  set bytea_output = 'hex'; set client_encoding = 'UTF8'`

/**
 * A slot's changes, in order. The server keeps its log until {@link confirm} was told, and nothing else tells it, so what was
 * only read comes again. While what has been read is not taken, no more is read: the server waits.
 */
export class ReplicationStream {
  readonly #client: Client
  readonly #wire: Wire
  readonly #facts: StreamFacts
  #held: Buffer[] = []
  #heldBytes = 0
  #wake: (() => void) | undefined
  #end: Error | undefined
  #done: Lsn = 0n
  #heardAt = performance.now()
  #timer: NodeJS.Timeout | undefined

  private constructor(client: Client, facts: StreamFacts) {
    this.#client = client
    this.#wire = (client as unknown as { readonly connection: Wire }).connection
    this.#facts = facts
    client.on('error', (error) => this.#finish(error))
    client.on('end', () => this.#finish(new Error('the connection to the database was closed')))
  }

  /** Connects; rejects where that cannot be had. */
  static async connect(facts: StreamFacts): Promise<ReplicationStream> {
    const config: ClientConfig & { replication: 'database' } = {
      connectionString: facts.url,
      replication: 'database',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: `handoff ${facts.slot}`,
    }
    const client = new Client(config)
    const stream = new ReplicationStream(client, facts)
    await client.connect()
    return stream
  }

  /** Of the database cluster; the same after a restart or a promotion. */
  async systemId(): Promise<string> {
    const identify = this.#client.query<{ systemid: string }>('IDENTIFY_SYSTEM')
    const { rows } = await inTime(identify, 'IDENTIFY_SYSTEM')
    return rows[0]?.systemid ?? ''
  }

  /** Resolves when the server has given us the slot; rejects when it does not, for another process has it for example. */
  async start(): Promise<void> {
    await inTime(this.#client.query(textForms), 'SET')
    const { slot } = this.#facts
    const publications = escapeLiteral(escapeIdentifier(slot))
    this.#wire.on('copyData', ({ chunk }: { readonly chunk: Buffer }) => this.#take(chunk))
    const started = new Promise<void>((resolve) => this.#wire.once('replicationStart', resolve))
    const ended = this.#client.query(
      `START_REPLICATION SLOT ${escapeIdentifier(slot)} LOGICAL 0/0 (proto_version '1', publication_names ${publications})`,
    )
    const refused = ended.then(() => {
      throw new Error('the server has ended the replication')
    })
    refused.catch((error: Error) => this.#finish(error))
    await inTime(Promise.race([started, refused]), 'START_REPLICATION')
    this.#heardAt = performance.now()
    this.#timer = setInterval(() => this.#beat(), statusEveryMs)
  }

  /** All that has come since, as soon as there is something. Rejects when the stream has ended, with why. */
  async next(): Promise<readonly StreamMessage[]> {
    while (this.#held.length === 0) {
      if (this.#end !== undefined) throw this.#end
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const chunks = this.#held
    this.#held = []
    this.#heldBytes = 0
    if (this.#wire.stream.isPaused()) {
      this.#heardAt = performance.now()
      this.#wire.stream.resume()
    }
    return chunks.map(readStreamMessage)
  }

  /** Everything up to there is where it cannot be lost; the server need not keep it. */
  confirm(done: Lsn): void {
    if (done <= this.#done) return
    this.#done = done
    this.#tell()
  }

  /** Tells the server that we are there, which it may have asked. */
  answer(): void {
    this.#tell()
  }

  /** Whoever waits for what comes next is told why there is nothing more. */
  end(why: Error): void {
    this.#finish(why)
  }

  async close(): Promise<void> {
    this.end(new Error('closed'))
    await this.#client.end().catch(() => {})
  }

  #take(chunk: Buffer): void {
    // Without an end of its own, a stream under load would go on for ever.
    if (this.#end !== undefined) return
    this.#heardAt = performance.now()
    // Part of what was read at once, all of which would be kept for as long as one of them.
    this.#held.push(Buffer.from(chunk))
    this.#heldBytes += chunk.length
    if (this.#heldBytes > mostHeldBytes) this.#wire.stream.pause()
    this.#wake?.()
  }

  #beat(): void {
    this.#tell()
    if (this.#wire.stream.isPaused() || performance.now() - this.#heardAt < silenceMs) return
    this.#finish(new Error(`the database was silent for ${silenceMs / 1_000} s`))
    this.#wire.stream.destroy()
  }

  #tell(): void {
    if (this.#end === undefined) this.#wire.sendCopyFromChunk(standbyStatus(this.#done, Date.now()))
  }

  #finish(why: Error): void {
    this.#end ??= why
    clearInterval(this.#timer)
    this.#wake?.()
  }
}

function inTime<T>(answer: Promise<T>, command: string): Promise<T> {
  return withDeadline(answer, answerTimeoutMs, `the database's answer to ${command}`)
}
