import { existsSync } from 'node:fs'
import { maySpoolGo } from '../../scripts/reset/spooled'
import type { Consent } from '../../scripts/reset/reset-broker'
import { openSpool } from '../../shared/store/open-spool'
import { atEnd } from '../support/ends'
import { temporarySpool } from '../support/temporary-spool'

const nobody = () => {}
const events = { damaged: nobody, torn: nobody, failed: nobody, recovered: nobody }

async function spoolWithOne() {
  const path = await temporarySpool()
  const { spool } = await openSpool({ path, maxBytes: 1_048_576, events })
  atEnd(() => spool.close())
  await spool.append({ lane: 'l', bytes: Buffer.from('Hello World!') })
  return { path, spool }
}

function may(path: string, ask: Consent['ask']) {
  const said: string[] = []
  const answer = maySpoolGo(path, { ask, namespace: 'ns', say: (line) => said.push(line) })
  return answer.then((agreed) => ({ agreed, said }))
}

test('a spool that is not there may go without a question, and is not made', async () => {
  const path = await temporarySpool()
  expect(await may(path, 'nobody')).toEqual({ agreed: true, said: [] })
  expect(existsSync(path)).toBe(false)
})

test('one with messages is asked about, with their number', async () => {
  const { path, spool } = await spoolWithOne()
  await spool.close()
  const questions: string[] = []
  const { agreed, said } = await may(path, (question) => Promise.resolve(questions.push(question) < 0))
  expect(agreed).toBe(false)
  expect(said).toEqual([`${path}: 1 message, accepted and not at a broker yet`])
  expect(questions).toEqual([`Delete the 1 message in ${path}?`])
  expect(await may(path, 'granted')).toMatchObject({ agreed: true })
  await expect(may(path, 'nobody')).rejects.toThrow('npm run reset -- --yes ns')
})

test('one that a producer uses may not, granted or not', async () => {
  const { path } = await spoolWithOne()
  await expect(may(path, 'granted')).rejects.toThrow('another process uses it')
})
