import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

/** The project's version, as package.json has it; a test compares the two. */
export const apiVersion = '0.1.0'

// Without the bar that names the framework and offers to explore other people's documents.
const plainPage = { layout: 'BaseLayout', displayRequestDuration: true }

/** The part of an OpenAPI document that a service may have to mend. */
export interface Documented {
  readonly paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: unknown }> } } }>
}

export interface DocumentOptions {
  readonly title: string
  readonly description: string
  /** The first parts of the paths that the documents show, without a slash at their ends. */
  readonly prefixes: readonly string[]
  /** Called with the whole document before it is given out. */
  readonly mend?: (document: Documented) => void
}

/**
 * `/openapi.json` from the routes that are added after this, and an HTML page of it at `/docs` that needs nothing from
 * the network.
 */
export async function addDocuments(app: FastifyInstance, options: DocumentOptions): Promise<void> {
  const { title, description, prefixes, mend = () => {} } = options
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: apiVersion },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }, {}],
    },
    transform: ({ schema, url }) => ({ schema: isShown(url, prefixes) ? schema : { ...schema, hide: true }, url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      mend(document.openapiObject as Documented)
      return document.openapiObject
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: plainPage, theme: { title } })
  app.get('/openapi.json', () => app.swagger())
}

function isShown(url: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`))
}
