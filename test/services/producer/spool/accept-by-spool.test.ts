import type { Posting } from '../../../../services/producer/accept'
import { SpoolAcceptance } from '../../../../services/producer/spool/accept-by-spool'
import { spooledMessages } from '../../../../services/producer/spool/spooled-messages'
import { Drain } from '../../../../shared/forwarding/drain'
import type { PublishResult } from '../../../../shared/messaging/transport'
import type { SpoolEntry } from '../../../../shared/store/spool'
import { ManualClock } from '../../../support/manual-clock'
import type { SimulatedFolder } from '../../../support/simulated-folder'
import { postingOf } from './messages'
import { openInMemory } from './open-in-memory'

const result = (outcome: PublishResult['outcome']): PublishResult => ({ outcome, detail: `was ${outcome}` })

async function acceptanceOf(publish: (posting: Posting) => PublishResult | Promise<PublishResult>) {
  const { spool, folder } = await openInMemory()
  const clock = new ManualClock()
  const broker = { takes: true }
  const stored: string[] = []
  const sent: string[] = []
  const drained: PublishResult = result('confirmed')
  const drain = new Drain({
    transport: {
      publish: (envelope) => {
        sent.push(envelope.id)
        return Promise.resolve(drained)
      },
    },
    canPublish: () => broker.takes,
    from: spooledMessages(spool),
    events: { left: () => {}, parked: () => {}, fault: () => {} },
    clock,
    random: () => 1,
  })
  const append = (entry: SpoolEntry) => {
    stored.push(/"id":"(.*?)"/.exec(entry.bytes.toString())?.[1] ?? '')
    return spool.append(entry)
  }
  const published: string[] = []
  const acceptance = new SpoolAcceptance({
    publish: (posting) => {
      published.push(posting.envelope.id)
      return Promise.resolve(publish(posting))
    },
    canPublish: () => broker.takes,
    spool: { append },
    drain,
    clock,
  })
  const full = () => {
    folder.fails = (operation) => {
      if (operation === 'write' || operation === 'create') throw new Error('ENOSPC')
    }
  }
  return { accept: acceptance.accept, clock, broker, stored, sent, published, full, folder, spool }
}

/** Its disk takes nothing until told to go on. */
function hang(folder: SimulatedFolder): () => void {
  const hanging = Promise.withResolvers<void>()
  folder.before = (operation) => (operation === 'datasync' ? hanging.promise : undefined)
  return () => hanging.resolve()
}

test.each(['confirmed', 'unroutable'] as const)('what is %s needs no spool', async (outcome) => {
  const { accept, stored } = await acceptanceOf(() => result(outcome))
  expect(await accept(postingOf('A'))).toEqual(result(outcome))
  expect(stored).toEqual([])
})

test.each(['not_accepted', 'unknown'] as const)('what is %s is stored, and sent under its id', async (outcome) => {
  const { accept, clock, sent } = await acceptanceOf(() => result(outcome))
  expect(await accept(postingOf('A'))).toMatchObject({ outcome: 'stored' })
  await clock.pass(10)
  expect(sent).toEqual(['A'])
})

test('what can never be sent is refused, not stored', async () => {
  const { accept, stored } = await acceptanceOf(() => ({ ...result('not_accepted'), unsendable: true }))
  expect(await accept(postingOf('A'))).toMatchObject({ outcome: 'not_accepted' })
  expect(stored).toEqual([])
})

test('with the policy confirm nothing is stored', async () => {
  const { accept, stored } = await acceptanceOf(() => result('not_accepted'))
  expect(await accept(postingOf('A', { acceptance: 'confirm' }))).toEqual(result('not_accepted'))
  expect(stored).toEqual([])
})

test('with the policy spool-first it is stored before anything is published', async () => {
  const { accept, published, sent, clock } = await acceptanceOf(() => result('confirmed'))
  expect(await accept(postingOf('A', { acceptance: 'spool-first' }))).toMatchObject({ outcome: 'stored' })
  expect(published).toEqual([])
  await clock.pass(10)
  expect(sent).toEqual(['A'])
})

test('and confirmed by the broker where the spool takes nothing', async () => {
  const { accept, full } = await acceptanceOf(() => result('confirmed'))
  full()
  expect(await accept(postingOf('A', { acceptance: 'spool-first' }))).toEqual(result('confirmed'))
})

test('a confirm that takes long is not waited for, and comes to count', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const { accept, clock, sent, spool } = await acceptanceOf(() => gate.promise)
  const accepted = accept(postingOf('A'))
  await clock.pass(900)
  expect(spool.status().messages).toBe(0)
  await clock.pass(200)
  expect(await accepted).toMatchObject({ outcome: 'stored' })
  gate.resolve(result('confirmed'))
  await clock.pass(10)
  expect([sent, spool.status().messages]).toEqual([[], 0])
})

test('when the broker goes, what is in flight is stored at once', async () => {
  const { accept, clock, broker, stored } = await acceptanceOf(() => new Promise(() => {}))
  const accepted = Promise.all([accept(postingOf('A')), accept(postingOf('B'))])
  await clock.pass(10)
  broker.takes = false
  await clock.pass(50)
  expect(await accepted).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }])
  expect(stored).toEqual(['A', 'B'])
})

test.each([
  ['not_accepted', 'not_accepted'],
  ['unknown', 'unknown'],
] as const)('what is %s and cannot be stored is %s', async (outcome, told) => {
  const { accept, full } = await acceptanceOf(() => result(outcome))
  full()
  expect(await accept(postingOf('A'))).toMatchObject({
    outcome: told,
    detail: expect.stringContaining('ENOSPC') as string,
  })
})

test('what is refused but may lie in the spool is unknown', async () => {
  const { accept, folder } = await acceptanceOf(() => result('not_accepted'))
  await accept(postingOf('before'))
  folder.fails = (operation) => {
    if (operation === 'datasync' || operation === 'truncate') throw new Error('EIO')
  }
  expect(await accept(postingOf('A'))).toMatchObject({ outcome: 'unknown' })
})

test('where a late confirm cannot be bridged by the spool, it is waited for', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const { accept, clock, full } = await acceptanceOf(() => gate.promise)
  full()
  const accepted = accept(postingOf('A'))
  await clock.pass(2_000)
  gate.resolve(result('confirmed'))
  expect(await accepted).toEqual(result('confirmed'))
})

test('a disk that hangs leaves the caller an answer in time: unknown', async () => {
  const { accept, clock, folder } = await acceptanceOf(() => result('not_accepted'))
  const goOn = hang(folder)
  const accepted = accept(postingOf('A'))
  await clock.pass(9_900)
  expect(await accepted).toMatchObject({
    outcome: 'unknown',
    detail: expect.stringContaining('does not answer') as string,
  })
  goOn()
})

test('what has a key does not overtake what waits in the spool under the same one', async () => {
  const { accept, clock, broker, sent, published } = await acceptanceOf(() => result('not_accepted'))
  broker.takes = false
  await accept(postingOf('A', { key: 'k' }))
  expect(await accept(postingOf('B', { key: 'k' }))).toMatchObject({ outcome: 'stored' })
  expect(published).toEqual(['A'])
  broker.takes = true
  await clock.pass(200)
  expect(sent).toEqual(['A', 'B'])
})

test('what is refused does not overtake what is in flight under the same key', async () => {
  let first = true
  const { accept, clock, stored } = await acceptanceOf(() => {
    if (!first) return result('not_accepted')
    first = false
    return new Promise(() => {})
  })
  const accepted = Promise.all([accept(postingOf('A', { key: 'k' })), accept(postingOf('B', { key: 'k' }))])
  await clock.pass(10)
  expect(await accepted).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }])
  expect(stored).toEqual(['A', 'B'])
})

test('what has no key goes to the broker although others wait in the spool', async () => {
  let refuse = true
  const { accept, broker } = await acceptanceOf(() => result(refuse ? 'not_accepted' : 'confirmed'))
  broker.takes = false
  await accept(postingOf('A'))
  refuse = false
  expect(await accept(postingOf('B'))).toEqual(result('confirmed'))
})

test.each(['the broker goes', 'each is refused'] as const)(
  'in flight together under one key they are stored in their order: %s',
  async (how) => {
    const results: ((result: PublishResult) => void)[] = []
    const { accept, clock, broker, stored } = await acceptanceOf(
      () => new Promise((resolve) => void results.push(resolve)),
    )
    const accepted = Promise.all(['A', 'B', 'C', 'D'].map((id) => accept(postingOf(id, { key: 'k' }))))
    await clock.pass(10)
    if (how === 'the broker goes') broker.takes = false
    else for (const resolve of [...results].reverse()) resolve(result('not_accepted'))
    await clock.pass(60)
    await accepted
    expect(stored).toEqual(['A', 'B', 'C', 'D'])
  },
)

test('spool-first does not overtake what waits under its key when the spool is full', async () => {
  const { accept, broker, full, published } = await acceptanceOf(() => result('confirmed'))
  broker.takes = false
  await accept(postingOf('A', { key: 'k', acceptance: 'spool-first' }))
  full()
  expect(await accept(postingOf('B', { key: 'k', acceptance: 'spool-first' }))).toMatchObject({
    outcome: 'not_accepted',
  })
  expect(published).toEqual([])
})

test('a confirm that comes while the disk hangs is the answer', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const { accept, clock, folder } = await acceptanceOf(() => gate.promise)
  const goOn = hang(folder)
  const accepted = accept(postingOf('A'))
  await clock.pass(1_100)
  gate.resolve(result('confirmed'))
  expect(await accepted).toEqual(result('confirmed'))
  goOn()
})

test('unroutable, and perhaps in the spool: unknown, for it may be parked later', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const { accept, clock, folder } = await acceptanceOf(() => gate.promise)
  const goOn = hang(folder)
  const accepted = accept(postingOf('A'))
  await clock.pass(1_100)
  gate.resolve(result('unroutable'))
  await clock.pass(9_000)
  expect(await accepted).toMatchObject({ outcome: 'unknown' })
  goOn()
})

test('a publish that breaks its promise is told at once, and leaves nothing behind', async () => {
  const { accept, clock, stored } = await acceptanceOf(() => Promise.reject(new Error('canary')))
  await expect(accept(postingOf('A'))).rejects.toThrow('canary')
  await clock.pass(2_000)
  expect(stored).toEqual([])
})
