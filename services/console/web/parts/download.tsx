import { useState } from 'preact/hooks'
import { ask } from '../data/api'
import { saveFile } from '../data/save-file'

interface DownloadProps {
  readonly path: string
  /** Of the file. */
  readonly name: string
  readonly label: string
}

/** Fetches a document, with the key where there is one, and has the browser keep it. */
export function Download({ path, name, label }: DownloadProps) {
  const [wrong, say] = useState('')
  const fetchIt = () => {
    say('')
    ask(path)
      .then((response) => response.blob())
      .then(
        (file) => saveFile(file, name),
        (error: unknown) => say((error as Error).message),
      )
  }
  return (
    <>
      <button type="button" class="button small" onClick={fetchIt}>
        {label}
      </button>
      <span class="wrong" aria-live="polite">
        {wrong}
      </span>
    </>
  )
}
