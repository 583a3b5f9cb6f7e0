import type { Row, Stage } from '../stage'

const countEnded = "select count(*) as ended from sagas where state in ('completed', 'cancelled')"
const selectSteps = 'select order_id, because, state from saga_steps order by order_id, step'
const compare = `
  select sagas.order_id, sagas.state,
    (select count(*) from payments where payments.order_id = sagas.order_id and payments.state = 'taken') as taken,
    (select count(*) from payments where payments.order_id = sagas.order_id and payments.state = 'refunded') as refunded,
    (select count(*) from reservations where reservations.order_id = sagas.order_id) as reserved
  from sagas`

/** How many sagas are at their end. */
export async function endedSagas({ rows }: Stage): Promise<number> {
  const [row] = await rows(countEnded)
  return Number(row?.['ended'])
}

/** The course of each order, in words: `placed → paid (payment.taken) → …`. */
export async function coursesOf({ rows }: Stage): Promise<ReadonlyMap<string, string>> {
  const courses = new Map<string, string>()
  for (const { order_id: id, because, state } of await rows(selectSteps)) {
    const before = courses.get(String(id))
    const step = before === undefined ? String(state) : `${before} → ${String(state)} (${String(because)})`
    courses.set(String(id), step)
  }
  return courses
}

/** Orders whose end does not agree with what the payments and the stock have written down for themselves. */
export async function inconsistencies({ rows }: Stage): Promise<readonly Row[]> {
  return (await rows(compare)).filter(({ state, taken, refunded, reserved }) =>
    state === 'completed'
      ? taken !== 1 || refunded !== 0 || reserved !== 1
      : taken !== 0 || Number(refunded) > 1 || reserved !== 0,
  )
}
