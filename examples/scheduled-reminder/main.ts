import { join } from 'node:path'
import type { Example } from '../example'
import type { RunningProcess } from '../stage'
import { groups } from './groups'
import { handlers } from './handlers'
import { digests, early, firedBy, reminded } from './look'
import { cancel, remindIn, remindUntil } from './reminders'
import { schedules } from './schedules'

const dropped = ['book the train', 'order cake']
const kept = ['call the bank', 'pay the rent', 'water the plants']
const late = 'leave for the train'

export const scheduledReminder: Example = {
  name: 'scheduled-reminder',
  about: 'reminders that wait, are cancelled or come too late, and a digest by the clock',
  groups,
  handlers,
  schedules,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { folder, say, until, expect } = stage
    // They share the store, which decides; what waits for the broker each keeps for itself.
    const spools = ['first', 'second'].map((name) => join(folder, name))
    const starting = spools.map((SPOOL_PATH) => stage.startProducer({ settings: { SPOOL_PATH } }))
    const [consumer, ...producers] = await Promise.all([stage.startConsumer(), ...starting])
    const [first, second] = producers as [RunningProcess, RunningProcess]

    const cancelled = await Promise.all(dropped.map((reminder) => remindIn(first.url, reminder, 10)))
    const posted = await Promise.all(kept.map((reminder) => remindIn(first.url, reminder, 3)))
    const answers = await Promise.all(cancelled.map((each) => cancel(second.url, each)))
    say(`posted ${kept.length + dropped.length} reminders, and took back two: ${answers.join(', ')}`)
    await until('it was reminded of the others', async () => (await reminded(stage)).length >= kept.length)
    for (const { reminder } of await reminded(stage)) say(`reminded: ${reminder}`)

    await consumer.stop()
    const expiresMs = Date.now() + 1_000
    await remindUntil(first.url, late, expiresMs)
    say(`posted "${late}", which is of use for a second, while no consumer runs`)
    await until('it is too late', () => Date.now() > expiresMs)
    await stage.startConsumer()
    await until('it is parked', async () => (await stage.deadLetters('reminders')).length > 0)
    await until('the digest is written', async () => (await digests(stage)).length > 0)
    await until('it is counted', async () => (await firedBy(producers)) > 0)
    const fired = await firedBy(producers)
    say(`planned times that two producers have fired: ${fired}, ${(await digests(stage)).join(', ')}`)

    // What comes a second late still comes: only then is it known that nothing does.
    const passedMs = Math.max(...cancelled.map(({ dueMs }) => dueMs)) + 2_000
    await until('those taken back would have come', () => Date.now() > passedMs)
    const found = await reminded(stage)
    expect('nothing reminds before it is due', { found: early(posted, found), wanted: [] })
    expect('what is cancelled in time is cancelled', { found: answers, wanted: dropped.map(() => 'cancelled') })
    expect('everything else reminds once', { found: found.map(({ reminder }) => reminder), wanted: kept })
    const parked = (await stage.deadLetters('reminders')).map(({ id, reason }) => ({ id, reason }))
    expect('what comes too late is parked', { found: parked, wanted: [{ id: 'late', reason: 'expired' }] })
    expect('each planned time is fired once, by two producers', { found: (await digests(stage)).length, wanted: fired })
  },
}
