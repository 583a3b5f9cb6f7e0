/** The sample domain can be thrown out as its document says, and the tests that are not about it still pass. */
import { copyOfProject, follow } from '../../docs/copy'
import { blocksOf } from '../../docs/documents'
import { isLongRun } from '../../support/how-many'
import { isForCopy, ownDomain } from '../../docs/run-elsewhere'

/** What knows no messages compiles, or does not; only a long run also runs its tests. */
function nearTheDomain(text: string): string {
  const whole = 'jest test/shared test/services '
  expect(text).toContain(whole)
  return text.replace(whole, 'jest test/shared/messages test/shared/operations test/services ')
}

test('the steps leave a project that compiles, and its remaining tests pass', async () => {
  const copy = copyOfProject()
  const blocks = blocksOf(ownDomain).filter(({ language, text }) => language === 'sh' && isForCopy(ownDomain, text))
  const [removing, checking] = ['rm ', 'npx '].map((word) => blocks.filter(({ text }) => text.startsWith(word)))
  expect([removing?.length, checking?.length]).toEqual([2, 1])
  for (const { text } of removing ?? []) expect(await copy.run(text)).toMatchObject({ code: 0 })
  follow(ownDomain, copy)
  for (const { text } of checking ?? []) {
    const { code, output } = await copy.run(isLongRun ? text : nearTheDomain(text))
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  }
}, 600_000)
