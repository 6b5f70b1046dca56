/** What a handler knows beside its request: the server, for a request's time limit and address. */
export type Bindings = { Bindings: { server?: Bun.Server<undefined> } }
