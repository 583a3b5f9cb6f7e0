import { Type, type Static } from 'typebox'
import type { FaultName, FaultTarget } from '../views/faults'
import type { TrialPlan } from './trial-record'

/** Who can suffer what. */
export const targetsOf: Readonly<Record<FaultName, readonly [FaultTarget, ...FaultTarget[]]>> = {
  'drop-link': ['producer', 'consumer'],
  'close-channel': ['producer', 'consumer'],
  'block-memory': ['broker'],
  poison: ['producer'],
  hang: ['consumer'],
  duplicate: ['producer'],
  kill: ['producer', 'consumer'],
}

export const faultNames = Object.keys(targetsOf) as readonly FaultName[]

const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ anyOf: values.map((value) => ({ const: value })), description })

export const trialBody = Type.Object(
  {
    fault: oneOf(faultNames, 'What is to happen.'),
    target: Type.Optional(
      oneOf(['producer', 'consumer', 'broker'], 'To whom; by default the first that can suffer it.'),
    ),
    type: Type.Optional(Type.String({ minLength: 1, description: 'The message type that is sent meanwhile.' })),
    body: Type.Optional(oneOf(['no JSON', 'wrong shape'], 'Of a poisoned message.')),
    copies: Type.Optional(Type.Integer({ minimum: 2, maximum: 20, description: 'Of a duplicate.' })),
    perSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    seconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 60, description: 'How long messages are sent.' })),
    strikeAfterSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
    holdSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 30, description: "How long the broker's memory is blocked." }),
    ),
  },
  { additionalProperties: false },
)

export type TrialAsked = Static<typeof trialBody>

/** What takes its time has to be seen to end. */
const afterwardsMs = 2_000

/** What is asked for, with what is usual where nothing is said. */
export function planOf(asked: TrialAsked, usualType: string): TrialPlan {
  const { fault, target = targetsOf[fault][0], type = usualType } = asked
  const { body = 'no JSON', copies = 5, perSecond = 20, seconds = 15, strikeAfterSeconds = 3, holdSeconds = 10 } = asked
  const strikesAtMs = Math.min(strikeAfterSeconds, seconds - 1) * 1_000
  const holdMs = holdSeconds * 1_000
  return {
    ...{ fault, target, type, body, copies, perSecond },
    strikesAtMs,
    goesOnForMs: Math.max(seconds * 1_000 - strikesAtMs, fault === 'block-memory' ? holdMs + afterwardsMs : 0),
    holdMs,
  }
}
