import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'

/** The project's version, as package.json has it; a test compares the two. */
const apiVersion = '0.1.0'

// Without the bar that names the framework and offers to explore other people's documents.
const plainPage = { layout: 'BaseLayout', displayRequestDuration: true }

/**
 * `/openapi.json` from the routes that are added after this, and an HTML page of it at `/docs` that needs nothing from
 * the network.
 */
export async function addDocuments(app: FastifyInstance, catalogue: readonly MessageType[]): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Handoff producer',
        description: 'Takes messages over HTTP and answers once they are on stable storage at the broker.',
        version: apiVersion,
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }, {}],
    },
    transform: ({ schema, url }) => ({ schema: url.startsWith('/messages') ? schema : { ...schema, hide: true }, url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      restoreSchemas(document.openapiObject as Documented, catalogue)
      return document.openapiObject
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: plainPage, theme: { title: 'Handoff producer' } })
  app.get('/openapi.json', () => app.swagger())
}

interface Documented {
  readonly paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: unknown }> } } }>
}

/** The plugin rewrites what it takes for equal (patternProperties, say); the documents shall hold the very schemas. */
function restoreSchemas({ paths }: Documented, catalogue: readonly MessageType[]): void {
  for (const { name, schema } of catalogue)
    for (const media of Object.values(paths[`/messages/${name}`]?.post?.requestBody?.content ?? {}))
      media.schema = schema
}
