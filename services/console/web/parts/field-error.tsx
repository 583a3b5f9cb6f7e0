/** What the server finds wrong, below its field. */
export function FieldError({ text, id }: { readonly text: string | undefined; readonly id: string }) {
  return text === undefined ? null : (
    <span class="wrong" id={id}>
      {text}
    </span>
  )
}
