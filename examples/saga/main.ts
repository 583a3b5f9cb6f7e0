import { join } from 'node:path'
import type { Example } from '../example'
import type { RunningProcess } from '../stage'
import { groups } from './groups'
import { handlers } from './handlers'
import { coursesOf, inconsistencies, endedSagas } from './look'
import { placeOrder } from './messages'

const lamps = 8
const orders = Array.from({ length: 16 }, (_, at) => ({
  orderId: `S-${String(at + 1).padStart(2, '0')}`,
  amountCents: 4200,
  card: at % 4 === 3 ? 'declined' : 'good',
}))
const paid = orders.filter(({ card }) => card === 'good').length

export const saga: Example = {
  name: 'saga',
  about: 'order, payment, stock: each step may fail, and what was done before is undone',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { say, until, expect } = stage
    const [first] = (await Promise.all([stage.startConsumer(), stage.startConsumer()])) as [RunningProcess, unknown]
    const producer = await stage.openProducer()
    // Each twice with the same id, as a client repeats it, and once more under another, as by a second click.
    for (const order of orders)
      for (const id of [order.orderId, order.orderId, `${order.orderId}-again`])
        await producer.emit(placeOrder, order, { id })
    say(`placed ${orders.length} orders, each three times; ${paid} can be paid, and there are ${lamps} lamps`)

    await until('some sagas are at their end', async () => (await endedSagas(stage)) >= 2)
    await first.kill()
    const open = orders.length - (await endedSagas(stage))
    say(`killed a consumer (process ${first.pid}) while ${open} sagas were not at their end`)
    await until('every saga is at its end', async () => (await endedSagas(stage)) === orders.length)

    const courses = await coursesOf(stage)
    for (const [orderId, course] of courses) say(`${orderId}  ${course}`)
    const ends = [...courses.values()].map((course) => course.split(' → ').at(-1))
    const count = (end: string) => ends.filter((each) => each?.startsWith(end)).length
    expect('there were open sagas when it was killed', { found: open > 0, wanted: true })
    expect('every order has one saga', { found: courses.size, wanted: orders.length })
    expect('there are as many completed orders as lamps', { found: count('completed'), wanted: lamps })
    expect('the others are cancelled', { found: count('cancelled'), wanted: orders.length - lamps })
    expect('payments and stock agree with every saga', { found: await inconsistencies(stage), wanted: [] })
    for (const { name } of groups)
      expect(`nothing is parked for ${name}`, { found: await stage.deadLetters(name), wanted: [] })
  },
}
