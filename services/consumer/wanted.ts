import type { Delivery } from '../../shared/messaging/transport'
import type { Routing } from '../../shared/routing/routing'
import type { Handler } from './handler'
import { understand, type Understood } from './understand'

/** The rules of the groups. */
export type Rules = Pick<Routing, 'accepts'>

type Readable = Extract<Understood, { readonly kind: 'job' }>

/** Whether its group's rules want what was read of a delivery. Throws a `RuleError` when they cannot be asked. */
export function isWanted(delivery: Delivery, { handler, envelope, data }: Readable, rules: Rules): boolean {
  return wasTaken(delivery) || rules.accepts(handler.group, { ...envelope, data })
}

/** Tells what the rules do not want, before anything else is known of it. */
export function unwanted(handlers: readonly Handler[], rules: Rules): (delivery: Delivery) => boolean {
  return (delivery) => {
    const understood = understand(delivery, handlers)
    if (understood.kind === 'refused') return false
    try {
      return !isWanted(delivery, understood, rules)
    } catch {
      // Only a clear no leads to an ack: whatever else it is, it is kept.
      return false
    }
  }
}

// Rules are asked about what comes for the first time. What failed had been taken, and would be lost by rules that have
// changed since; what a person has put back is wanted.
function wasTaken({ attempt, returns, replays }: Delivery): boolean {
  return attempt - returns > 1 || replays > 0
}
