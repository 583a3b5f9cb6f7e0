import { Type } from 'typebox'
import { group } from '../messages/group'
import { command, event } from '../messages/message'

/** What the handler of a group does with the message. */
export const fates = ['done', 'fails once', 'rejected'] as const

const data = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 64, description: 'Of which run and which sequence number it is.' }),
    fate: Type.Union(fates.map((fate) => Type.Literal(fate))),
    facts: Type.String({ maxLength: 1_000, description: 'What the effect must say.' }),
  },
  { additionalProperties: false },
)
// More attempts than the one that is asked for: a fault may take some.
const delivery = { attempts: 8, delaysMs: [500, 2_000] }

/** A command of the verification's own domain. */
export const verifyOnce = command('verify.once', data, { description: 'Done by one group.', examples: [], delivery })

/** An event of the verification's own domain. */
export const verifyTwice = event('verify.twice', data, { description: 'Done by two groups.', examples: [], delivery })

/** Who takes what, where a verification runs a pair of its own. */
export const verifiedGroups = [group('once', [verifyOnce]), group('left', [verifyTwice]), group('right', [verifyTwice])]
