import type { RunningProcess, Stage } from '../stage'
import { ask, type Answer } from './ask'
import { quoted } from './look'

const waitSeconds = 5
/** What each of the crowd asks, all at once. */
export const questions = Array.from({ length: 24 }, (_, at) => ({ quoteId: `Q-${at}`, article: 'lamp', pieces: 1 }))

/** Two at a time, so that a kill meets callers who wait. */
export function startConsumer(stage: Stage): Promise<RunningProcess> {
  return stage.startConsumer({ settings: { CONCURRENCY: '2' } })
}

/** Kills the only consumer with `kill -9` while the crowd waits, and starts another. Answers with what each was told. */
export async function askThroughAKill(stage: Stage, url: string, consumer: RunningProcess): Promise<readonly Answer[]> {
  const { say, until } = stage
  const before = (await quoted(stage)).length
  const asked = Promise.all(questions.map((question) => ask(url, question, waitSeconds)))
  await until('some have their quote', async () => (await quoted(stage)).length > before)
  await consumer.kill()
  const open = before + questions.length - (await quoted(stage)).length
  say(`killed the consumer (process ${consumer.pid}) while ${open} of ${questions.length} quotes were open`)
  await startConsumer(stage)
  const answers = await asked
  const count = (status: number) => answers.filter((answer) => answer.status === status).length
  say(`${count(200)} callers have their result, ${count(202)} a receipt`)
  await until('all quotes are made', async () => (await quoted(stage)).length >= before + questions.length)
  return answers
}
