import type { GetMessage, Options } from 'amqplib'
import { failpoint } from '../../runtime/failpoints'
import type { DeadLetter, Replacement } from '../dead-letters'
import { partitionIn } from '../partition'
import { laneIn } from '../priority'
import type { GroupTopology, MessageName, PublishResult } from '../transport'
import { bareProperties } from './copies'
import { DeadLettersError } from './dead-letters-error'
import { journalEntry } from './journal-entry'
import type { Link } from './link'
import { discardedHeaders } from './place-in-order'
import { Publisher } from './publisher'
import { readDeadLetter } from './read-dead-letter'
import { replayProperties } from './replayed-copy'
import type { Names } from './names'
import { toProperties } from './wire'

const nothing = Buffer.alloc(0)

interface Publishing {
  readonly link: Link
  readonly publisher: Publisher
}

/**
 * What is put somewhere for a dead letter's sake, each with a confirm: its copy or what replaces it into the queue that it
 * belongs to, that it is gone into the same one where others wait behind it, a kept one into the dead letters, what was done into the journal. Connects when it is first needed.
 */
export class DeadLetterPuts {
  readonly #connect: (role: string) => Promise<Link>
  readonly #names: Names
  readonly #appId: string
  #publishing: Publishing | undefined
  #journaling: Publishing | undefined

  constructor(
    connect: (role: string) => Promise<Link>,
    { names, appId }: { readonly names: Names; readonly appId: string },
  ) {
    this.#connect = connect
    this.#names = names
    this.#appId = appId
  }

  /** Rejects, with what that means for the letter, when its copy is not confirmed. */
  async replay(letter: GetMessage, group: GroupTopology): Promise<void> {
    const properties = replayProperties(letter, group)
    const copy = { queue: this.queueOf(readDeadLetter(letter, group), group), body: letter.content }
    const first = await this.put({ ...copy, properties })
    const result = first.unsendable ? await this.put({ ...copy, properties: bareProperties(properties) }) : first
    this.#expectConfirmed(result, { letter, group, done: 'replayed' })
  }

  /** Rejects as {@link replay} does. */
  async replace(letter: GetMessage, group: GroupTopology, { by }: Replacement): Promise<void> {
    await this.#tellOfDiscard(letter, group, by)
    const properties = toProperties(by, this.#appId)
    const result = await this.put({ queue: this.queueOf(by, group), body: by.data, properties })
    this.#expectConfirmed(result, { letter, group, done: `sent as ${by.id}` })
  }

  /** Says so to whom it blocks, where it has a key; nothing is put for any other. Rejects as {@link replay} does. */
  discard(letter: GetMessage, group: GroupTopology): Promise<void> {
    return this.#tellOfDiscard(letter, group, undefined)
  }

  /** Where a message belongs that comes back to its group. */
  queueOf({ type, extensions }: Pick<DeadLetter, 'type' | 'extensions'>, group: GroupTopology): string {
    if (type === undefined) return this.#names.work(group)
    const partition = partitionIn(group, { type, extensions })
    if (partition !== undefined) return this.#names.partition(group, partition)
    const lane = laneIn(group, { type, extensions })
    return lane === undefined ? this.#names.work(group) : this.#names.lane(group, lane)
  }

  async #tellOfDiscard(letter: GetMessage, group: GroupTopology, by: MessageName | undefined): Promise<void> {
    const { id, source, type, extensions } = readDeadLetter(letter, group)
    if (id === undefined || source === undefined || type === undefined) return
    if (partitionIn(group, { type, extensions }) === undefined) return
    const { partitionkey = '' } = extensions
    const envelope = { id, source, type, time: undefined, contentType: undefined, data: nothing }
    const known = toProperties({ ...envelope, extensions: { partitionkey } }, this.#appId)
    const headers = { ...(known.headers as Record<string, string>), ...discardedHeaders(by) }
    const properties = { ...known, headers }
    const result = await this.put({ queue: this.queueOf({ type, extensions }, group), body: nothing, properties })
    this.#expectConfirmed(result, { letter, group, done: by === undefined ? 'discarded' : `sent as ${by.id}` })
  }

  async put({ queue, body, properties }: Put): Promise<PublishResult> {
    const { requeue } = this.#names
    const publisher = await this.#publisher()
    return publisher.publish({ exchange: requeue, routingKey: queue, body, properties, nackMeans: 'not_accepted' })
  }

  /**
   * On a connection of its own, as in the services: a namespace whose services are older has no journal, which must not
   * be a replay's fault.
   */
  async append(body: Buffer): Promise<PublishResult> {
    try {
      this.#journaling ??= await this.#connectPublisher('journal')
      return await this.#journaling.publisher.publish(journalEntry(this.#names.journal, body, this.#appId))
    } catch (error) {
      return { outcome: 'not_accepted', detail: (error as Error).message }
    }
  }

  async close(): Promise<void> {
    await this.#publishing?.link.close()
    await this.#journaling?.link.close()
    this.#journaling?.publisher.abandon()
  }

  #expectConfirmed({ outcome, detail }: PublishResult, { letter, group, done }: Intent): void {
    if (outcome === 'confirmed') return failpoint('copy.confirmed')
    const dead = readDeadLetter(letter, group)
    const { id = 'without id' } = dead
    const meaning = outcome === 'unknown' ? `may have been ${done} and` : `was not ${done} and`
    throw new DeadLettersError(
      `dead letter ${id} ${meaning} stays: ${this.queueOf(dead, group)} did not take it (${detail}); repeat the command when that is mended`,
      { stays: outcome === 'unknown' ? undefined : 'for certain' },
    )
  }

  /** On a connection of its own: a broker in alarm stops reading from those that publish, acks and all. */
  async #publisher(): Promise<Publisher> {
    this.#publishing ??= await this.#connectPublisher('publisher')
    return this.#publishing.publisher
  }

  async #connectPublisher(name: 'publisher' | 'journal'): Promise<Publishing> {
    const link = await this.#connect(name === 'publisher' ? 'publish' : name)
    const publisher = new Publisher(() => Promise.resolve(), undefined, name)
    await publisher.open(link)
    return { link, publisher }
  }
}

export interface Put {
  /** That the requeue exchange leads to. */
  readonly queue: string
  readonly body: Buffer
  readonly properties: Options.Publish
}

interface Intent {
  readonly letter: GetMessage
  readonly group: GroupTopology
  /** In the past tense. */
  readonly done: string
}
