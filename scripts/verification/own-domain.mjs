/**
 * Loaded before a built service: puts the verification's domain into the place of the project's own, whatever that is, in
 * the lists that the service reads. Nothing else of the service is touched. The table of the effects is there already.
 */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const replace = (list, others) => list.splice(0, list.length, ...others)

const { verifiedGroups } = load('../../dist/shared/verification/domain.js')
const types = [...new Set(verifiedGroups.flatMap((group) => group.types))]
replace(load('../../dist/shared/messages/groups.js').groups, verifiedGroups)
replace(load('../../dist/shared/messages/catalogue.js').catalogue, types)

const { handler } = load('../../dist/services/consumer/handler.js')
const { Reject } = load('../../dist/services/consumer/reject.js')
const insert = 'insert into verified_effects (group_name, subject, message_id, facts) values ($1, $2, $3, $4)'

async function work({ subject, fate, facts }, { db, attempt, group, messageId }) {
  if (fate === 'rejected') throw new Reject('as the message asks')
  if (fate === 'fails once' && attempt === 1) throw new Error('once, as the message asks')
  await db.run(insert, [group, subject, messageId, facts])
}

const handlers = verifiedGroups.flatMap(({ name, types }) => types.map((type) => handler(type, { group: name }, work)))
replace(load('../../dist/services/consumer/handlers/all.js').handlers, handlers)
