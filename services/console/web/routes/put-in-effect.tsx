import { saveFile } from '../data/save-file'
import { Copy } from '../parts/copy'

interface PutInEffectProps {
  readonly text: string
  /** Of the file. */
  readonly name: string
}

/** The console changes no file: whoever may change rules does that where they lie. */
export function PutInEffect({ text, name }: PutInEffectProps) {
  return (
    <section class="card stack" aria-labelledby="put-in-effect">
      <h2 id="put-in-effect">Nothing is changed by this</h2>
      <p class="hint">
        Both are asked about messages that were sent: these rules, and those in effect. To put them in effect, save them
        as <code>{name}</code> in the working folder of the services, or where <code>ROUTES_FILE</code> leads. Each
        takes them up within seconds, without a restart and without a loss.
      </p>
      <div class="row-flex">
        <button
          type="button"
          class="button small"
          onClick={() => saveFile(new Blob([text], { type: 'application/yaml' }), name)}
        >
          Download
        </button>
        <Copy text={text} label="Copy" />
      </div>
    </section>
  )
}
