import { freePorts } from '../../scripts/broker/free-ports'
import type { OwnBroker } from './own-broker'

/** Turns on the plugin rabbitmq_prometheus in a native broker of the file's own; answers with its host and port. */
export async function brokerMetrics(broker: OwnBroker): Promise<string> {
  const [port = 0] = await freePorts(1)
  await broker.ctl(
    'eval',
    `{ok, Plugins} = application:get_env(rabbit, enabled_plugins_file),
     ok = file:write_file(Plugins, "[rabbitmq_management,rabbitmq_prometheus]."),
     application:set_env(rabbitmq_prometheus, tcp_config, [{ip, "127.0.0.1"}, {port, ${port}}]),
     {ok, _, _} = rabbit_plugins:ensure(Plugins).`,
  )
  return `127.0.0.1:${port}`
}
