import { join } from 'node:path'
import type { Example } from '../example'
import { ask, type Answer } from './ask'
import { askThroughAKill, questions, startConsumer } from './crowd'
import { groups } from './groups'
import { handlers } from './handlers'
import { quoted } from './look'

const lamps = { quoteId: 'Q-lamps', article: 'lamp', pieces: 3 }
const unicorn = { quoteId: 'Q-unicorn', article: 'unicorn', pieces: 1 }
const organ = { quoteId: 'Q-organ', article: 'organ', pieces: 1 }

export const requestReply: Example = {
  name: 'request-reply',
  about: 'callers who wait for the result, and a consumer that is killed meanwhile',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { say, until, expect } = stage
    const [{ url }, consumer] = await Promise.all([stage.startProducer(), startConsumer(stage)])
    const priced = await ask(url, lamps, 5)
    say(`three lamps: ${told(priced)}`)
    const refused = await ask(url, unicorn, 5)
    say(`a unicorn: ${told(refused)}`)
    const late = await ask(url, organ, 1)
    const wasOpen = !(await quoted(stage)).includes(organ.quoteId)
    say(`an organ, waited for one second: ${told(late)}`)
    await until('the organ has its quote', async () => (await quoted(stage)).includes(organ.quoteId))
    const crowd = await askThroughAKill(stage, url, consumer)

    const result = { quoteId: lamps.quoteId, totalCents: 12_600 }
    expect('who waits has what the handler returned', { found: priced, wanted: { status: 200, result } })
    const why = { status: 422, detail: 'nobody sells "unicorn"' }
    expect('who cannot be served is told why', { found: refused, wanted: why })
    expect('who does not wait long enough has a receipt', { found: [late.status, wasOpen], wanted: [202, true] })
    const failed = crowd.filter(({ status }) => status !== 200 && status !== 202)
    expect('no caller is told that the killed consumer has failed', { found: failed, wanted: [] })
    const made = [lamps, organ, ...questions].map(({ quoteId }) => quoteId).sort()
    expect('each quote is made once, whatever its caller was told', { found: await quoted(stage), wanted: made })
    const parked = (await stage.deadLetters('quotes')).map(({ reason }) => reason)
    expect('what was rejected is parked, and nothing else', { found: parked, wanted: ['rejected'] })
  },
}

function told({ status, result, detail }: Answer): string {
  return `${status} ${JSON.stringify(result ?? detail) ?? ''}`.trimEnd()
}
