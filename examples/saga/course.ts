/** How far an order has come. The last two are its ends. */
export type State = 'placed' | 'paid' | 'refunding' | 'completed' | 'cancelled'

export interface Step {
  readonly state: State
  /** What is asked for next; nothing at an end. */
  readonly next?: 'stock.reserve' | 'payment.refund'
}

const course: Readonly<Record<State, Readonly<Record<string, Step>>>> = {
  placed: {
    'payment.taken': { state: 'paid', next: 'stock.reserve' },
    'payment.declined': { state: 'cancelled' },
  },
  paid: {
    'stock.reserved': { state: 'completed' },
    'stock.refused': { state: 'refunding', next: 'payment.refund' },
  },
  refunding: { 'payment.refunded': { state: 'cancelled' } },
  completed: {},
  cancelled: {},
}

/** What an event makes of an order; undefined where it changes nothing, such as one that comes late. */
export function stepOf(state: State, event: string): Step | undefined {
  return course[state][event]
}
