import { exampleEnvironment } from '../../../scripts/examples/example-environment'

const settings = { BROKER_CA_FILE: '/ca.pem', STORE_URL: 'postgres://mine' }
const place = { settings, brokerUrl: 'amqp://127.0.0.1:5673', namespace: 'example-saga', folder: '/tmp/shown' }

test('settings of the services of a reader reach no example; what leads to the broker does', () => {
  const mine = { STORE_URL: 'postgres://mine', API_KEYS: 'me:00', AMQP_URL: 'amqp://mine' }
  const environment = exampleEnvironment(place, { ...mine, PATH: '/bin' })
  expect(environment).toMatchObject({ BROKER_CA_FILE: '/ca.pem', PATH: '/bin', NAMESPACE: 'example-saga' })
  expect(environment).toMatchObject({ BROKER_URL: place.brokerUrl, STORE_URL: 'sqlite:/tmp/shown/store.sqlite' })
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['API_KEYS']))
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AMQP_URL']))
})
