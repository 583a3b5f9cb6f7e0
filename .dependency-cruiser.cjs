/** The arrows of docs/architecture.md: who may know whom. */
const forbid = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to })
const driver = 'node_modules/(@types/)?(amqplib|@nats-io)'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    forbid('messages-stand-alone', '^shared/messages/', {
      path: '^(services|scripts|test|cli)/|^shared/(?!messages/)',
    }),
    forbid('messages-do-no-io', '^shared/messages/', {
      path: '^(node:)?(fs|net|http|child_process)|node_modules/(pg|fastify|amqplib)',
    }),
    forbid('the-port-imports-nothing', '^shared/messaging/transport\\.ts$', { path: '.' }),
    forbid(
      'the-other-ports-know-their-words-alone',
      '^shared/messaging/(broker-objects|dead-letters|journal-log|reply-line)\\.ts$',
      {
        path: '.',
        pathNot: '^shared/messaging/(transport|journal-log)\\.ts$',
      },
    ),
    forbid('adapters-are-strangers', '^shared/messaging/([^/]+)/', {
      path: '^shared/messaging/[^/]+/',
      pathNot: '^shared/messaging/$1/',
    }),
    // Failpoints are named where the driver is called: handed in from outside, they would miss the very moments they are for.
    forbid('adapters-know-the-port-and-what-knows-nobody', '^shared/messaging/[^/]+/', {
      path: '^shared/(?!messaging/)',
      pathNot: '^shared/runtime/(after-reading|at-work|backoff|failpoints|instant|iso-now)\\.ts$',
    }),
    forbid('only-who-opens-knows-adapters', '^(?!test/|shared/messaging/[^/]+/|shared/messaging/open-[^/]+\\.ts)', {
      path: '^shared/messaging/[^/]+/',
    }),
    forbid('only-an-adapter-knows-its-driver', '^(?!shared/messaging/(rabbitmq|jetstream)/|test/|scripts/)', {
      path: driver,
    }),
    forbid('store-and-runtime-stand-alone', '^shared/(store|runtime)/', {
      path: '^shared/(messages|messaging|journal)/',
    }),
    forbid('the-verification-knows-messages-alone', '^shared/verification/', {
      path: '^shared/(?!(messages|verification)/)',
    }),
    // What makes a key, and when a message expires, is said once.
    forbid('routing-knows-messages-alone', '^shared/routing/', {
      path: '^shared/(?!(messages|routing)/|messaging/(partition|priority|timing)\\.ts$|runtime/(nearest-name|settings-error)\\.ts$)',
    }),
    // Its API is another matter: what a handler asks for the span that it runs in.
    forbid('only-tracing-knows-the-sdk', '^(?!shared/runtime/tracing/|test/)', {
      path: 'node_modules/@opentelemetry/(?!api/)',
    }),
    forbid('only-schedules-know-cron', '^(?!services/producer/schedules/|test/)', { path: 'node_modules/croner' }),
    forbid('only-routing-knows-cel', '^(?!shared/routing/|test/)', { path: 'node_modules/@marcbachmann/cel-js' }),
    forbid('only-routing-knows-yaml', '^(?!shared/routing/|test/)', { path: 'node_modules/yaml/' }),
    forbid('following-knows-the-outbox-and-no-broker', '^shared/following/', {
      path: '^shared/(?!(following|runtime)/|store/outbox\\.ts$)',
    }),
    forbid('shared-knows-no-service', '^shared/', { path: '^(services|cli|scripts)/' }),
    forbid('services-are-strangers', '^services/([^/]+)/', { path: '^services/', pathNot: '^services/$1/' }),
    // What the page and the server say to each other stands in views/, which knows nobody.
    forbid('the-page-knows-views-alone', '^services/console/web/', {
      path: '^(shared|services|cli|scripts)/',
      pathNot: '^services/console/(web|views)/',
    }),
    forbid('the-server-knows-no-page', '^services/console/(?!web/)', { path: '^services/console/web/' }),
    forbid('views-stand-alone', '^services/console/views/', { path: '.', pathNot: '^services/console/views/' }),
    forbid('services-know-no-store-adapter', '^services/', { path: '^shared/store/[^/]+/' }),
    forbid('handlers-know-no-transport', '^services/consumer/handlers/', {
      path: '^shared/(messaging|runtime|store)/',
    }),
    forbid('nothing-imports-tests', '^(shared|services|scripts|cli|examples)/', { path: '^test/' }),
    forbid('product-imports-no-scripts', '^(shared|services|cli|examples)/', { path: '^scripts/' }),
    forbid('product-knows-no-examples', '^(shared|services|cli)/', { path: '^examples/' }),
    // What a reader copies goes through the same doors as a team's own service.
    forbid('examples-know-messages-and-the-doors-of-services', '^examples/', {
      path: '^(shared|services|cli)/',
      pathNot:
        '^shared/(messages/|runtime/run-service\\.ts$)|^services/(producer/(app|config|embedded)|consumer/(app|config|handler|reject))\\.ts$',
    }),
    {
      name: 'no-development-dependency-in-the-product',
      severity: 'error',
      // The page is bundled: what it is made of is needed when it is built, and not when it is served.
      from: { path: '^(shared|services|cli)/', pathNot: '^services/console/web/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/(pino-pretty|@types)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
}
