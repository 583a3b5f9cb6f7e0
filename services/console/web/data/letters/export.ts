import { ask } from '../api'
import { count } from '../format'
import { saveFile } from '../save-file'
import { choiceInWords, exportQueriesOf, type Choice } from './choice'
import { beginWork } from './works'

/** Has the browser keep the chosen letters as a file. An answer that is cut off is no file: a part must not pass for all. */
export async function exportLetters(group: string, choice: Choice, selected: number): Promise<void> {
  const stopped = new AbortController()
  const tell = beginWork({
    ...{ group, done: 0, all: 1, says: 'reads' },
    title: `Export of ${choiceInWords(choice, group, selected)}`,
    stop: () => stopped.abort(),
  })
  try {
    const parts: Blob[] = []
    for (const query of exportQueriesOf(choice)) {
      const path = `dead-letters/${encodeURIComponent(group)}/export${query}`
      parts.push(await (await ask(path, { signal: stopped.signal })).blob())
    }
    const file = new Blob(parts, { type: 'application/x-ndjson' })
    saveFile(file, `${group}-dead-letters-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`)
    const lines = (await file.text()).split('\n').filter((line) => line !== '').length
    tell({ state: 'done', done: 1, says: `${count(lines)} written to a file. They are still here as well.` })
  } catch (error) {
    const isStop = (error as Error).name === 'AbortError'
    tell({
      state: isStop ? 'stopped' : 'failed',
      says: isStop ? 'Stopped: there is no file.' : `There is no file: ${(error as Error).message}.`,
    })
  }
}
