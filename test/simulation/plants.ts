import fs from 'node:fs'
import { join } from 'node:path'

/** A fault planted into the product: this text of a file, in place of that. */
export interface Plant {
  readonly file: string
  readonly text: string
  readonly becomes: string
}

const adapter = 'shared/messaging/rabbitmq'
const forwarding = 'shared/forwarding'
const spool = 'shared/store/spool'
const consumer = 'services/consumer'
const producer = 'services/producer'

/** By what is wrong with it. Each has to be found by some seed. */
export const plants: Readonly<Record<string, Plant>> = {
  'a delivery is acked before it is worked on': {
    file: `${adapter}/settler.ts`,
    text: 'const decided = await decide(',
    becomes: 'this.#ack(received, group)\n    const decided = await decide(',
  },
  'a retry is acked before its copy is confirmed': {
    file: `${adapter}/settler.ts`,
    text: 'const { outcome, detail, unsendable } = await',
    becomes: 'this.#ack(received, group)\n      const { outcome, detail, unsendable } = await',
  },
  'a copy that is not confirmed is given up': {
    file: `${adapter}/settler.ts`,
    text: 'await pause(fullJitterMs(failures, copyAgain, this.#parts.random), signal)',
    becomes: 'return',
  },
  'what a closing consumer gives back is acked': {
    file: `${adapter}/settler.ts`,
    text: "case 'release':",
    becomes: "case 'release':\n        this.#ack(received, group)",
  },
  'an ack stands for all before it': {
    file: `${adapter}/ack-frames.ts`,
    text: 'frames[start + frameBytes - 1] = frameEnd',
    becomes: 'frames[start + frameBytes - 2] = 1\n    frames[start + frameBytes - 1] = frameEnd',
  },
  'a retry forgets its attempts': {
    file: `${adapter}/copies.ts`,
    text: "'handoff-attempt': history.failures + 2,",
    becomes: "'handoff-attempt': 1,",
  },
  'messages are not mandatory': {
    file: `${adapter}/publish-frames.ts`,
    text: 'to.byte(mandatory)',
    becomes: 'to.byte(0)',
  },
  'what is written counts as confirmed': {
    file: `${adapter}/publisher.ts`,
    text: '.add(entry.outgoing, confirmed)\n',
    becomes:
      ".add(entry.outgoing, confirmed)\n      this.#finish(entry, { outcome: 'confirmed', detail: 'confirmed' })\n",
  },
  'a nack counts as a confirm': {
    file: `${adapter}/publisher.ts`,
    text: 'failpoint(failpointsOf[this.name].confirmed)',
    becomes: "if (error?.message !== 'channel closed') error = null",
  },
  'a message that was returned counts as confirmed': {
    file: `${adapter}/publisher.ts`,
    text: '(message: Message) => this.#returned(message)',
    becomes: '(message: Message) => void [this.#returned, message]',
  },
  'what was in flight when the connection was lost counts as confirmed': {
    file: `${adapter}/publisher.ts`,
    text: 'this.#inFlight.sendAgain(again)\n    for',
    becomes: "for (const entry of again) this.#finish(entry, { outcome: 'confirmed', detail: 'confirmed' })\n    for",
  },
  'what has no confirm in time counts as not accepted': {
    file: `${adapter}/publisher.ts`,
    text: "? { outcome: 'unknown', detail: `no confirm",
    becomes: "? { outcome: 'not_accepted', detail: `no confirm",
  },
  'a lost channel is not opened again': {
    file: `${adapter}/session.ts`,
    text: 'const reason = await closed\n',
    becomes: 'const reason = await closed\n        if (link.lostReason === undefined) return settled()\n',
  },
  'the spool answers before it has flushed': {
    file: `${spool}/spool-writer.ts`,
    text: 'await segment.flush(bytes.length)',
    becomes: 'segment.size += bytes.length',
  },
  'the spool forgets a message when it is sent': {
    file: `${forwarding}/drain.ts`,
    text: 'const result = await this.#parts.transport',
    becomes: 'this.#parts.from.done(item.stored)\n    const result = await this.#parts.transport',
  },
  'the spool keeps no order': {
    file: `${forwarding}/stored-message.ts`,
    text: "return lane.startsWith('key ') ? 'kept' : 'free'",
    becomes: "return 'free'",
  },
  'the spool is overtaken': {
    file: `${producer}/spool/accept-by-spool.ts`,
    text: 'if (this.#isOccupied(lane)) return',
    becomes: 'if (this.#isOccupied(`not ${lane}`)) return',
  },
  'what an earlier process left in the spool is forgotten': {
    file: `${producer}/spool/accepting-by-spool.ts`,
    text: 'for (const kept of found) drain.add(kept)',
    becomes: 'void found',
  },
  'a stored message is sent under another id': {
    file: `${producer}/spool/spooled-message.ts`,
    text: 'envelope: { id,',
    becomes: 'envelope: { id: `${id}-again`,',
  },
  'the inbox does not know a message again': {
    file: `${consumer}/around/once.ts`,
    text: 'store.apply(key, unit.seal())',
    becomes: 'store.apply({ ...key, id: `${key.id}-${Math.random()}` }, unit.seal())',
  },
  'a handler that failed has its effect': {
    file: `${consumer}/around/once.ts`,
    text: '} finally {\n      unit.seal()\n    }',
    becomes: '} catch (error) {\n      await store.apply(key, unit.seal())\n      throw error\n    }',
  },
  'a handler that failed is acked': {
    file: `${consumer}/dispatch.ts`,
    text: 'return inPlace(delivery, afterFailure(asError(error), job, random))',
    becomes: "return { kind: 'ack', effect: 'applied' }",
  },
  'a rejection is not noted': {
    file: `${consumer}/around/parked-once.ts`,
    text: 'await leniently(() => store.noteParked(key, JSON.stringify(verdict.failure)))',
    becomes: "await Promise.resolve<string>('parked')",
  },
  'what has its effect is parked as well': {
    file: `${consumer}/around/parked-once.ts`,
    text: "return noted === 'done' ? { kind: 'ack', effect: 'duplicate' } : verdict",
    becomes: 'return verdict',
  },
  'nobody is suspected': {
    file: `${consumer}/around/suspected.ts`,
    text: 'const parkedFrom = 3',
    becomes: 'const parkedFrom = 1_000_000',
  },
  'a suspect does not run alone': {
    file: `${consumer}/around/suspected.ts`,
    text: 'const aloneFrom = 2',
    becomes: 'const aloneFrom = 1_000_000',
  },
  'a handler has no time limit': {
    file: `${consumer}/around/timed.ts`,
    text: 'setTimeout(abort, job.handler.type.delivery.timeLimitMs)',
    becomes: 'setTimeout(abort, 1e9)',
  },
  'attempts have no end': {
    file: `${consumer}/retry-policy.ts`,
    text: 'if (attempt >= attempts) return undefined',
    becomes: 'void attempts',
  },
  'a message has one attempt less': {
    file: `${consumer}/retry-policy.ts`,
    text: 'if (attempt >= attempts) return undefined',
    becomes: 'if (attempt >= attempts - 1) return undefined',
  },
}

/**
 * From now on the file is read with the fault in it. To be called before it is loaded. Throws when there is no such
 * fault, or when the file no longer holds what it is to take the place of.
 */
export function plant(name: string, root: string): void {
  const fault = plants[name]
  if (fault === undefined)
    throw new Error(`there is no planted fault "${name}"; there are: ${Object.keys(plants).join('; ')}`)
  const path = join(root, fault.file)
  const source = fs.readFileSync(path, 'utf8')
  if (source.split(fault.text).length !== 2)
    throw new Error(`the fault "${name}" does not fit: "${fault.text}" does not stand in ${fault.file} once`)
  const altered = source.replace(fault.text, () => fault.becomes)
  const { readFileSync } = fs
  fs.readFileSync = ((file: fs.PathOrFileDescriptor, ...rest: [never]) =>
    file === path ? altered : readFileSync(file, ...rest)) as typeof fs.readFileSync
}
