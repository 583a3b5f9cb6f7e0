import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Content } from '../../../shared/journal/content'
import type { MessageType } from '../../../shared/messages/message'
import { schemaFindings } from '../../../shared/operations/schema-findings'
import type { ContentView } from '../views/content'
import type { KeptContents } from '../window/kept-contents'
import { queryReader } from './checked'
import { contentSchema } from './watch-schemas'

const query = Type.Object(
  {
    source: Type.String({ maxLength: 1_024, description: 'Of the message, since an id alone may be that of several.' }),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

export interface ShowContentParts {
  readonly contents: Pick<KeptContents, 'find' | 'size'>
  readonly catalogue: readonly MessageType[]
}

/** `GET /messages/ID/content`: what a message carried, as far as the journal keeps that. */
export function addShowContent(app: FastifyInstance, { contents, catalogue }: ShowContentParts): void {
  app.get<{ Params: { id: string } }>(
    '/messages/:id/content',
    { schema: contentSchema(query) },
    (request): ContentView => {
      const content = contents.find({ id: request.params.id, source: read(request).source })
      return content === undefined ? unknown(contents) : contentView(content, catalogue)
    },
  )
}

function unknown({ size }: Pick<KeptContents, 'size'>): ContentView {
  const because =
    size === 0
      ? 'The journal keeps nothing of what messages carry. Set JOURNAL_DATA_BYTES for producer and consumer, and it does from then on.'
      : 'The console knows nothing of what it carried: no service of Handoff published it with JOURNAL_DATA_BYTES set, that was over a day or CONSOLE_DATA_BYTES ago, or there was more than the journal could take (handoff_journal_dropped_total).'
  return { state: 'unknown', because }
}

/** What is wrong by the schema where the mark of redaction stands is no fault of the message. */
function contentView(content: Content, catalogue: readonly MessageType[]): ContentView {
  const { type, time, contentType, attributes, bytes, data } = content
  const facts = { ...(time !== undefined && { time }), ...(contentType !== undefined && { contentType }) }
  const known = { ...facts, attributes, bytes }
  if (data.kind === 'left out')
    return { state: 'left out', ...known, because: data.because, redacted: [], findings: [] }
  const { text, redacted } = data
  const found = schemaFindings({ type, contentType, data: Buffer.from(text) }, catalogue)
  const findings = found.filter(({ pointer }) => !redacted.some((each) => pointer === each))
  return { state: 'kept', ...known, text, redacted, findings }
}
