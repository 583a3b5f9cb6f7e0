import type { Wrong } from '../data/check-data'

/** What a schema finds wrong, as a list. */
export function Wrongs({ id, wrongs }: { readonly id: string; readonly wrongs: readonly Wrong[] }) {
  return (
    <ul id={id} class="wrongs">
      {wrongs.map(({ pointer, detail }) => (
        <li key={`${pointer} ${detail}`}>
          <code>{pointer === '' ? 'the whole' : pointer}</code> {detail}
        </li>
      ))}
    </ul>
  )
}
