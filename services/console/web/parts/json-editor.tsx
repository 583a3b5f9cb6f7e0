import type { ComposerState } from '../data/use-composer'

/** Data as JSON, and below it what is wrong with it. */
export function JsonEditor({
  text,
  changeText,
  unreadable,
  errors,
}: Pick<ComposerState, 'text' | 'changeText' | 'unreadable' | 'errors'>) {
  return (
    <div class="field">
      <label for="json">Data as JSON</label>
      <textarea
        id="json"
        rows={14}
        spellcheck={false}
        value={text}
        aria-invalid={unreadable !== undefined || errors.size > 0}
        aria-describedby="json-wrong"
        onInput={({ currentTarget }) => changeText(currentTarget.value)}
      />
      <ul id="json-wrong" class="wrong">
        {unreadable !== undefined && <li>{unreadable}</li>}
        {[...errors].map(([pointer, detail]) => (
          <li key={pointer}>
            <code>{pointer === '' ? 'the whole' : pointer}</code> {detail}
          </li>
        ))}
      </ul>
    </div>
  )
}
