/** What is said while letters are moved or put back. */
import { factsOf } from '../../../../services/console/web/data/letters/file-facts'
import { afterLine } from '../../../../services/console/web/data/letters/move-line'

test('each line says how far it is, and the last how it ended', () => {
  expect(afterLine({ step: 'moving', selected: 1_200, moved: 3 }, 'replay')).toEqual({
    ...{ state: 'running', done: 3, all: 1_200, says: '3 of 1,200 replayed' },
  })
  expect(afterLine({ step: 'end', selected: 2, moved: 2 }, 'discard').says).toBe('2 of 2 discarded.')
  expect(afterLine({ step: 'end', selected: 2, moved: 1 }, 'replay')).toMatchObject({
    ...{ state: 'done', says: '1 of 2 replayed. Somebody else was quicker with the rest.' },
  })
  expect(afterLine({ step: 'stopped', selected: 2, moved: 1, detail: 'the console stops' }, 'replay')).toMatchObject({
    ...{ state: 'stopped', says: 'Stopped: 1 of 2 replayed (the console stops).' },
  })
  expect(afterLine({ step: 'failed', selected: 2, moved: 1, detail: 'why' }, 'replay').state).toBe('failed')
})

test('a file says how many letters of which groups it holds, before it is sent', () => {
  expect(factsOf('{"group":"ledger"}\n\n{"group":"mail"}\n{"group":"ledger"}\nnonsense\n{"group":1}\n')).toEqual({
    ...{ letters: 5, groups: { ledger: 2, mail: 1 }, unreadable: 2 },
  })
})
