/** Requests that are at work at once, or when the time is over, or when the console stops. */
import { setImmediate as turn } from 'node:timers/promises'
import { groups } from '../../../shared/messages/groups'
import { ShelvedLetters, shelvedLetter } from '../../support/shelved-letters'
import { groupPath, openConsoleDoor } from './door'

interface Listed {
  readonly seen: string
  readonly letters: readonly unknown[]
}

/** Whatever the first group takes, so that another domain may stand in place of the sample. */
const [group] = groups
const type = group?.types[0]
const data = type?.examples[0]

async function consoleWith(ids: readonly string[]) {
  const letters = ids.map((id) => shelvedLetter(JSON.stringify(data), { id, type: type?.name, source: '/test' }))
  const shelved = new ShelvedLetters(letters)
  const door = await openConsoleDoor({}, shelved)
  return { ...door, shelved }
}

/** A place where what goes by waits until it is opened; `reached` resolves when somebody waits. */
function gate() {
  const opened = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const wait = () => {
    reached.resolve()
    return opened.promise
  }
  return { wait, reached: reached.promise, open: opened.resolve }
}

/** Of the clock alone: what Fastify does in the next turns goes on. */
function stopClock() {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'performance'] })
}

afterEach(() => void jest.useRealTimers())

async function turns() {
  for (let each = 0; each < 20; each++) await turn()
}

test('two exports at once are both whole, however slowly the first goes', async () => {
  stopClock()
  const { app, shelved } = await consoleWith(['a', 'b', 'c'])
  const { wait, reached, open } = gate()
  shelved.meeting = (walk, at) => (walk === 1 && at === 2 ? wait() : undefined)
  const first = app.inject(`${groupPath}/export`)
  await reached
  const second = app.inject(`${groupPath}/export`)
  jest.advanceTimersByTime(10_000)
  await turns()
  open()
  const lines = (await Promise.all([first, second])).map(({ body }) => body.split('\n').filter(Boolean).length)
  expect(lines).toEqual([3, 3])
})

test('while a discard holds letters, a list says that it sees a part, and an export is refused', async () => {
  const { app, post, shelved } = await consoleWith(['a', 'b', 'c'])
  const { wait, reached, open } = gate()
  shelved.meeting = (walk, at) => (walk === 2 && at === 3 ? wait() : undefined)
  const discard = post(`${groupPath}/discard`, { selection: { ids: ['c'] }, reason: 'a test' })
  await reached
  expect((await app.inject(groupPath)).json<Listed>()).toMatchObject({ seen: 'in part', letters: [] })
  expect((await app.inject(`${groupPath}/failures`)).json<Listed>().seen).toBe('in part')
  const dryRun = { selection: { all: true }, dryRun: true }
  expect((await post(`${groupPath}/replay`, dryRun)).json<Listed>().seen).toBe('in part')
  const refused = await app.inject(`${groupPath}/export`)
  expect(refused.json()).toMatchObject({ status: 503, code: 'dead-letters-away' })
  open()
  expect((await discard).body).toContain('"moved":1')
  expect((await app.inject(groupPath)).json<Listed>().seen).toBe('all')
  expect((await app.inject(`${groupPath}/export`)).statusCode).toBe(200)
})

test('the audit tells who exported what and how many, also of an export that is cut off; a refused one leaves no line', async () => {
  const { app, logged, shelved } = await consoleWith(['a', 'b', 'c'])
  const audits = () => logged().filter(({ msg }) => msg === 'audit: dead export')
  await app.inject(`${groupPath}/export?id=b`)
  const facts = { user: 'anonymous', broker: 'the shelf', group: group?.name, selection: { by: 'ids', ids: ['b'] } }
  expect(audits()).toMatchObject([
    { ...facts, step: 'begin', exported: 0 },
    { ...facts, step: 'end', exported: 1 },
  ])
  // Somebody else takes what is left.
  shelved.meeting = (_, at) => void (at === 2 && (shelved.left = []))
  await app.inject(`${groupPath}/export`).catch(() => {})
  expect(audits().slice(2)).toMatchObject([{ step: 'begin' }, { step: 'end', exported: 2 }])
  await app.inject('/dead-letters/nobody/export')
  expect(audits()).toHaveLength(4)
})

test('an edit that has begun is answered with what was sent, although its time is over by then', async () => {
  stopClock()
  const { post, shelved } = await consoleWith(['a'])
  const { wait, reached, open } = gate()
  shelved.taking = wait
  const edit = post(`${groupPath}/a/edit`, { data })
  await reached
  jest.advanceTimersByTime(31_000)
  await turns()
  open()
  expect((await edit).json()).toMatchObject({ id: 'a', sentAs: expect.any(String) as string, moved: 1 })
})

test('an edit whose time is over before it has touched the letter says so', async () => {
  stopClock()
  const { post, shelved } = await consoleWith(['a'])
  const { wait, reached, open } = gate()
  shelved.meeting = (walk) => (walk === 2 ? wait() : undefined)
  const edit = post(`${groupPath}/a/edit`, { data })
  await reached
  jest.advanceTimersByTime(31_000)
  open()
  expect((await edit).json()).toMatchObject({ status: 503, code: 'took-too-long' })
  expect(shelved.left).toHaveLength(1)
})

test('a stop waits for what is at work, audit and all, and nothing begins any more', async () => {
  const { app, post, drain, logged, shelved } = await consoleWith(['a'])
  const { wait, reached, open } = gate()
  shelved.taking = wait
  const edit = post(`${groupPath}/a/edit`, { data })
  await reached
  const told: string[] = []
  const drained = drain().then(() => told.push('drained'))
  await turns()
  expect(told).toEqual([])
  expect((await app.inject(groupPath)).json()).toMatchObject({ status: 503, reason: 'the console stops' })
  open()
  await drained
  expect(logged().filter(({ msg }) => msg === 'audit: dead edit')).toMatchObject([{ step: 'begin' }, { step: 'end' }])
  expect((await edit).statusCode).toBe(200)
})
