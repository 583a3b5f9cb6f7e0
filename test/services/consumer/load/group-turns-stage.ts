import { setImmediate as turn } from 'node:timers/promises'
import { GroupTurns } from '../../../../services/consumer/load/group-turns'
import { NotNow } from '../../../../services/consumer/load/not-now'
import type { Claim } from '../../../../services/consumer/load/waiting-line'
import { ManualClock } from '../../../support/manual-clock'

/** What is not said of a claim: by default it is a normal one, and may change its place. */
export type How = Partial<Omit<Claim, 'type'>>

/** A group's turns, whose handlers end when the test says so. The first word of a name is the type. */
export function stage({ limit = 4, types = 2, window = 16, laneWindow = 16 } = {}) {
  const clock = new ManualClock()
  const state = { limit }
  const windows = { urgent: laneWindow, normal: window, low: laneWindow }
  const turns = new GroupTurns({ limit: () => state.limit, types, windows, clock })
  const begun: string[] = []
  const refused: string[] = []
  const ends = new Map<string, () => void>()
  const take = (name: string, { place = 'may change', urgency = 'normal' }: How = {}) => {
    const work = () =>
      new Promise<void>((end) => {
        begun.push(name)
        ends.set(name, end)
      })
    const [type = ''] = name.split(' ')
    return turns.take({ type, urgency, place }, work).catch((error: unknown) => {
      if (!(error instanceof NotNow)) throw error
      refused.push(name)
    })
  }
  const takeMany = (type: string, count: number, how?: How) => {
    for (let n = 1; n <= count; n++) void take(`${type} ${n}`, how)
  }
  const end = async (name: string) => {
    ends.get(name)?.()
    ends.delete(name)
    await turn()
  }
  const running = () => [...ends.keys()]
  return { clock, turns, state, begun, running, refused, take, takeMany, end }
}
