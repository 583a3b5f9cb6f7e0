import { handler, type Handler } from '../../services/consumer/handler'
import { labelPrinted } from './messages'

const insertLabel = 'insert into tracked_parcels (parcel, label) values ($1, $2)'

const track = handler(labelPrinted, { group: 'tracking' }, async ({ parcel, label }, { db }) => {
  await db.run(insertLabel, [parcel, label])
})

export const handlers: readonly Handler[] = [track]
