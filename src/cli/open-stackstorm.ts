import type { Clock } from '../clock.ts'
import { credentialsOf } from '../config/credentials.ts'
import { endpointsOf } from '../config/endpoints.ts'
import { proxySettingsOf, stackStormTlsOf } from '../config/network.ts'
import type { Settings } from '../config/settings.ts'
import type { Log } from '../log.ts'
import { createHttp } from '../net/http.ts'
import { createStackStorm, type StackStorm } from '../stackstorm/client.ts'

/** The client of the StackStorm that the configuration names. Throws ConfigurationError without credentials. */
export const openStackStorm = (settings: Settings, clock: Clock, log: Log): StackStorm =>
  createStackStorm({
    endpoints: endpointsOf(settings.core),
    credentials: credentialsOf(settings.core),
    http: createHttp({ proxy: proxySettingsOf(settings), tls: stackStormTlsOf(settings) }),
    clock,
    log,
  })
