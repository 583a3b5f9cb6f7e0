import { Type } from 'typebox'
import { command, event } from '../../shared/messages/message'

const parcel = Type.String({ minLength: 1 })

/** Taken by a program in Python. The data of both is JSON with a schema, which /asyncapi.json shows to whoever writes it. */
export const printLabel = command('label.print', Type.Object({ parcel, destination: Type.String() }), {
  description: 'Print the label of a parcel, once.',
  examples: [{ parcel: 'P-1', destination: 'Bremen' }],
  delivery: { attempts: 3, delaysMs: [500] },
})

/** Sent by that program, taken by a handler of ours. */
export const labelPrinted = event('label.printed', Type.Object({ parcel, label: Type.String() }), {
  description: 'A parcel has its label.',
  examples: [{ parcel: 'P-1', label: 'HB-P-1' }],
})
