import { join } from 'node:path'
import type { Example } from '../example'
import { groups, ours } from './groups'
import { handlers } from './handlers'
import { printLabel } from './messages'
import { pythonWithPika } from './python'

const parcels = [
  { parcel: 'P-1', destination: 'Bremen' },
  { parcel: 'P-2', destination: 'Atlantis' },
  { parcel: 'P-3', destination: 'Lagos' },
  { parcel: 'P-4', destination: 'Quito' },
]
const urgentParcel = { parcel: 'P-5', destination: 'Oslo' }

export const anotherLanguage: Example = {
  name: 'another-language',
  about: 'a group in Python takes and sends the same messages',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { folder, say, rows, until, expect } = stage
    const python = pythonWithPika()
    if (python === undefined)
      throw new Error('python3 with pika is missing; install it: sudo apt-get install python3-pika')
    const settings = { CONSUMER_GROUPS: ours.map(({ name }) => name).join(',') }
    await stage.startConsumer({ settings })
    stage.startProgram(python, [join(__dirname, 'labels.py'), join(folder, 'labels.sqlite')])

    const producer = await stage.openProducer()
    for (const parcel of [...parcels.slice(0, 1), ...parcels])
      await producer.emit(printLabel, parcel, { id: `print-${parcel.parcel}` })
    await producer.emit(printLabel, urgentParcel, { id: 'print-P-5', priority: 9 })
    say(`sent ${parcels.length + 1} commands, the first of them twice, the last one as urgent`)

    const labels = async () =>
      (await rows('select label from tracked_parcels order by label')).map(({ label }) => label)
    await until('four parcels are tracked', async () => (await labels()).length >= 4)
    await until('one is parked', async () => (await stage.deadLetters('labels')).length > 0)
    say(`tracked: ${(await labels()).join(', ')}`)
    const wanted = ['BR-P-1', 'LA-P-3', 'OS-P-5', 'QU-P-4']
    expect('what Python printed is tracked in TypeScript, once each', { found: await labels(), wanted })
    const parked = (await stage.deadLetters('labels')).map(({ id, reason }) => ({ id, reason }))
    expect('what Python refused is parked', { found: parked, wanted: [{ id: 'print-P-2', reason: 'rejected' }] })
    expect('nothing is parked for tracking', { found: await stage.deadLetters('tracking'), wanted: [] })
  },
}
