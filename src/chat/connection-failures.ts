/** The server, or a service beside it, will not have the bot as it is configured; `advice` says what a person must put right. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused'
  readonly advice: string
  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

/** The connection ended, or nobody answered over it. It comes back by itself. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}
