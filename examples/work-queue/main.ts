import { join } from 'node:path'
import type { Example } from '../example'
import type { RunningProcess, Stage } from '../stage'
import { groups } from './groups'
import { handlers } from './handlers'
import { resizeImage } from './messages'

const images = 400
const names = ['first', 'second', 'third']
/** So many has it done when it is killed. */
const doneBeforeTheKill = 10

export const workQueue: Example = {
  name: 'work-queue',
  about: 'many commands, three competing consumers, one of them killed in the middle',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { say, rows, until, expect } = stage
    const consumers = await Promise.all(names.map(() => stage.startConsumer({ settings: { CONCURRENCY: '4' } })))
    const producer = await stage.openProducer()
    const commands = Array.from({ length: images }, (_, at) => ({ image: `cat-${at}.jpg`, width: 320 }))
    const sent = Promise.all(commands.map((command) => producer.emit(resizeImage, command)))

    const [, second] = consumers as [RunningProcess, RunningProcess, RunningProcess]
    await until('the second consumer has done some', async () => (await doneBy(stage, second)) >= doneBeforeTheKill)
    await second.kill()
    const [{ done = 0 } = {}] = await rows('select count(*) as done from resized_images')
    say(`killed the second consumer (process ${second.pid}) while ${images - Number(done)} images were still open`)

    say(`sent ${(await sent).length} commands`)
    const distinct = 'select count(distinct image) as images, count(*) as copies from resized_images'
    await until('every image is resized', async () => (await rows(distinct))[0]?.['images'] === images)
    for (const [at, consumer] of consumers.entries())
      say(`the ${names[at]} consumer did ${await doneBy(stage, consumer)}`)
    expect('there was work left when it was killed', { found: Number(done) < images, wanted: true })
    expect('each image was resized once', { found: (await rows(distinct))[0], wanted: { images, copies: images } })
    expect('no command is parked', { found: await stage.deadLetters('resizers'), wanted: [] })
  },
}

async function doneBy({ rows }: Stage, { pid }: RunningProcess): Promise<number> {
  const [row] = await rows('select count(*) as done from resized_images where worker = $1', [pid])
  return Number(row?.['done'])
}
