import { Batcher } from '../../../shared/store/batcher'

function recorded() {
  const batches: (readonly number[])[] = []
  let release = () => {}
  const batcher = new Batcher<number, string>(3, async (questions) => {
    batches.push(questions)
    await new Promise<void>((resolve) => (release = resolve))
    return questions.map((question) => () => Promise.resolve(`${question}!`))
  })
  return { batches, batcher, release: () => release() }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what comes in one turn, and what comes meanwhile, goes together, with its own answers', async () => {
  const { batches, batcher, release } = recorded()
  const first = [1, 2].map((question) => batcher.ask(question))
  await turn()
  const second = [3, 4, 5, 6].map((question) => batcher.ask(question))
  await turn()
  expect(batches).toEqual([[1, 2]])
  release()
  expect(await Promise.all(first)).toEqual(['1!', '2!'])
  while (batches.length < 2) await turn()
  release()
  while (batches.length < 3) await turn()
  release()
  expect(batches).toEqual([[1, 2], [3, 4, 5], [6]])
  expect(await Promise.all(second)).toEqual(['3!', '4!', '5!', '6!'])
})

test('an answer that comes later keeps nobody waiting, and a rejection is that one’s alone', async () => {
  let late = (_: string) => {}
  const answers: Record<string, () => Promise<string>> = {
    late: () => new Promise((resolve) => (late = resolve)),
    wrong: () => Promise.reject(new Error('no')),
  }
  const batcher = new Batcher<string, string>(10, (asked) =>
    Promise.resolve(asked.map((question) => answers[question] ?? (() => Promise.resolve(question)))),
  )
  const [slow, wrong, quick] = ['late', 'wrong', 'quick'].map((question) => batcher.ask(question))
  await expect(wrong).rejects.toThrow('no')
  await expect(quick).resolves.toBe('quick')
  await expect(batcher.ask('next')).resolves.toBe('next')
  late('at last')
  await expect(slow).resolves.toBe('at last')
})

test('a batch that fails fails for all in it, and the next one goes on', async () => {
  let isAway = true
  const batcher = new Batcher<number, number>(10, (asked) =>
    isAway ? Promise.reject(new Error('away')) : Promise.resolve(asked.map((each) => () => Promise.resolve(each))),
  )
  const both = await Promise.allSettled([batcher.ask(1), batcher.ask(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isAway = false
  await expect(batcher.ask(3)).resolves.toBe(3)
})
