import { count } from '../../data/format'
import { bytesOf } from '../../data/letters/body-bytes'
import { dataOf } from '../../data/letters/elsewhere'
import type { WholeLetter } from '../../data/letters/letters'
import { Body } from '../../parts/body'

/** What a letter carries. */
export function LetterBody({ letter }: { readonly letter: WholeLetter }) {
  const { body, schemaErrors } = letter
  const bytes = bytesOf(letter)
  const about = (view: string) =>
    view === 'pretty' ? 'The data of the event; raw shows all of it.' : 'All of the event.'
  return (
    <Body
      title="Body"
      hint={`${count(bytes.length)} bytes${body === undefined ? ', which are no text' : ''}`}
      text={body}
      bytes={bytes}
      data={dataOf(letter)}
      wrongs={schemaErrors}
      about={letter.data === undefined ? undefined : about}
    />
  )
}
