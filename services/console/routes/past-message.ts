import type { Content } from '../../../shared/journal/content'
import { decodeBody } from '../../../shared/messages/body'
import type { MessageType } from '../../../shared/messages/message'
import {
  bareEvent,
  changeBetween,
  withoutGroupRules,
  type ComparedRoutes,
  type Remembered,
} from '../../../shared/operations/routes/compare-routes'
import type { ChangeOfHands } from '../../../shared/operations/routes/hands'
import { canBeTold } from '../../../shared/operations/routes/told-by-journal'
import type { Untold } from '../views/routes'

export interface PastMessage extends Remembered {
  /** When it came, milliseconds since 1970: what it says of its times is held against that. */
  readonly at: number
}

export type Compared =
  | { readonly kind: 'told'; readonly change: ChangeOfHands | undefined }
  | { readonly kind: 'untold'; readonly why: Untold }

export interface ComparedParts extends ComparedRoutes {
  readonly catalogue: readonly MessageType[]
}

interface TypeFacts {
  readonly type: MessageType
  /** The rules about it need neither data nor extensions, or are the same. */
  readonly needs: 'nothing' | 'extensions' | 'data'
}

/** Holds past messages against two sets of rules; what is to be said of a type is found out once. */
export function pastMessages(parts: ComparedParts): (message: PastMessage, kept: Content | undefined) => Compared {
  const known = new Map(parts.catalogue.map((type) => [type.name, factsOf(type, parts)]))
  const bare = { ...parts, parts: withoutGroupRules(parts.parts) }
  return (message, kept) => {
    const facts = known.get(message.type)
    if (facts === undefined) return { kind: 'untold', why: 'unknown type' }
    const { type, needs } = facts
    const told = (compared: ComparedRoutes, more: object): Compared => {
      const event = { ...bareEvent(message), ...more }
      const then = { ...compared, parts: { ...compared.parts, now: () => message.at } }
      return { kind: 'told', change: changeBetween({ type, event }, then) }
    }
    const around = kept && { time: kept.time, extensions: kept.attributes }
    const body = bodyIn(kept, type)
    if (typeof body === 'object') return told(parts, { ...around, data: body.data })
    if (needs === 'nothing' || (needs === 'extensions' && kept !== undefined)) return told(bare, { ...around })
    return { kind: 'untold', why: body }
  }
}

function factsOf(type: MessageType, { before, after }: ComparedRoutes): TypeFacts {
  if (canBeTold(type.name, before, after)) return { type, needs: 'nothing' }
  return { type, needs: before.readsData(type.name) || after.readsData(type.name) ? 'data' : 'extensions' }
}

/** As rules see it when it is published: what cannot be decoded is no data to them. */
function bodyIn(kept: Content | undefined, type: MessageType): { readonly data: unknown } | Untold {
  if (kept === undefined) return 'no content'
  const { data, contentType } = kept
  if (data.kind === 'left out') return 'left out'
  if (data.redacted.length > 0) return 'redacted'
  const body = decodeBody(Buffer.from(data.text), contentType, type)
  return { data: body.kind === 'data' ? body.data : undefined }
}
