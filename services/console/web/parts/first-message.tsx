import { system, windowFacts } from '../data/live'
import { hrefTo } from '../router'
import { Copy } from './copy'
import { Empty } from './empty'

/** What a newcomer does next. */
export function FirstMessage() {
  if (windowFacts.value?.share === 0) return <NothingTold />
  const producer = system.value?.producerUrl ?? 'http://127.0.0.1:3000'
  const command = `curl -H 'content-type: text/plain' -d 'Hello World!' ${producer}/messages/hello`
  return (
    <section class="card">
      <Empty icon="send" title="No message yet">
        <p>Send the first one from here, or from a terminal, and watch it on its way.</p>
        <div class="row-flex">
          <a class="button main" href={hrefTo(['send', 'hello'])}>
            Send a message
          </a>
          <Copy text={command} label="Copy the command" />
        </div>
        <pre>{command}</pre>
      </Empty>
    </section>
  )
}

function NothingTold() {
  return (
    <section class="card">
      <Empty icon="skip" title="Messages are not told here">
        <p>
          <code>JOURNAL_SAMPLE</code> is 0, so that the services tell nothing of their messages. Set it to 1 for all of
          them, and each message is seen; sending, dead letters and the topology work as they are.
        </p>
      </Empty>
    </section>
  )
}
