import type { FastifyInstance } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { addDocuments, type Documented } from '../../../shared/runtime/documents'

/** The producer's documents, with a path for each message type. */
export function addMessageDocuments(app: FastifyInstance, catalogue: readonly MessageType[]): Promise<void> {
  return addDocuments(app, {
    title: 'Handoff producer',
    description: 'Takes messages over HTTP and answers once they are on stable storage at the broker.',
    prefixes: ['/messages', '/routes', '/webhooks'],
    mend: (document) => restoreSchemas(document, catalogue),
  })
}

/** The plugin rewrites what it takes for equal (patternProperties, say); the documents shall hold the very schemas. */
function restoreSchemas({ paths }: Documented, catalogue: readonly MessageType[]): void {
  for (const { name, schema } of catalogue)
    for (const media of Object.values(paths[`/messages/${name}`]?.post?.requestBody?.content ?? {}))
      media.schema = schema
}
