// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Answer, learn, type Names, type Recorded, send, steady } from './replay.ts'

type Json = Readonly<Record<string, unknown>>

export type Comparison = {
  readonly index: number
  readonly agrees: boolean
  readonly actual: unknown
  readonly expected: unknown
}

/** Aliases that stand in the recorded answers, by reference. */
const recordedAliases = (lines: readonly Recorded[]): ReadonlyMap<string, Json> => {
  const found = new Map<string, Json>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const document = value as Json
    if ('formats' in document && 'action_ref' in document) {
      const { id: _id, ...alias } = document
      if (!found.has(String(document.ref))) found.set(String(document.ref), alias)
    }
    for (const item of Object.values(document)) walk(item)
  }
  for (const line of lines) walk(line.response_body)
  return found
}

/** Aliases that only requests mention. Their descriptions never show. */
const unseen: readonly Json[] = [
  { pack: 't', name: 'hey1', action_ref: 'core.local', formats: ['hey {{cmd}}'] },
  { pack: 't', name: 'hey2', action_ref: 'core.local', formats: ['hey {{timeout}}'] },
  { pack: 't', name: 'yo', action_ref: 'core.local', formats: ['yo {{cmd}}', 'yo {{timeout}}'] },
]

const disabled = {
  pack: 't',
  name: 'dup1',
  action_ref: 'core.local',
  formats: ['hey {{x}}'],
  enabled: false,
}
const unknownAction = { pack: 't', name: 'noact', action_ref: 'core.nope', formats: ['noact'] }
const badPattern = { pack: 't', name: 'badre', action_ref: 'core.local', formats: ['badre ('] }
const badFilter = {
  pack: 't',
  name: 'ackfilter',
  action_ref: 'core.noop',
  formats: ['ackfilter'],
  ack: { format: '{{ execution.id | nofilter }}' },
}

/**
 * The recorder started a new server at these requests; what it did to it in between, so that the next answer could come
 * about, stands in `between`.
 */
const starts = [0, 36, 88, 152, 162]

type Step = {
  readonly sandbox: Sandbox
  readonly names: Names
  readonly token: string
  /** The sandbox's id of what the request with this number made. */
  readonly made: (index: number) => string
  readonly send: (request: Partial<Recorded>) => Promise<Answer>
}

const service = (sandbox: Sandbox): void => {
  sandbox.setUser({ name: 'bot', service: true })
  sandbox.setUser({ name: 'alice', nicknames: { slack: 'al' } })
  sandbox.setUser({ name: 'dup1', nicknames: { slack: 'dup' } })
  sandbox.setUser({ name: 'dup2', nicknames: { slack: 'dup' } })
}

const runDate = (more: Json): Partial<Recorded> => ({
  service: 'api',
  method: 'POST',
  path: '/v1/aliasexecution',
  request_headers: { 'X-Auth-Token': 'T', 'Content-Type': 'application/json' },
  request_body: {
    name: 'remote_shell_cmd',
    format: 'run {{cmd}} on {{hosts}}',
    command: 'run date on localhost',
    ...more,
  },
})

const idOf = (answer: Answer): string => {
  const body = answer.body as { execution?: { id: string }; id?: string }
  return String(body.execution?.id ?? body.id)
}

const between = (
  stock: readonly Json[],
  alias: (ref: string) => Json,
): Readonly<Record<number, (step: Step) => void | Promise<void>>> => ({
  14: ({ sandbox }) => service(sandbox),
  18: ({ sandbox }) => sandbox.setUser({ name: 'bot', service: false }),
  30: ({ sandbox, names }) => sandbox.setApiKeyEnabled(names.get('<key>') ?? '', false),
  56: ({ sandbox }) => sandbox.setAliases([...stock, ...unseen]),
  64: ({ sandbox }) =>
    sandbox.setAliases([...stock, disabled, alias('t.imm'), unknownAction, badPattern]),
  86: ({ sandbox }) => sandbox.setAliases([...stock, alias('t.ackbad'), badFilter]),
  88: ({ sandbox }) => sandbox.setAliases([...stock, alias('t.mm')]),
  96: ({ sandbox }) => sandbox.setAliases([...stock, alias('t.mm'), alias('t.disp')]),
  100: async ({ send }) => {
    await send(
      runDate({ user: '', source_channel: '', source_context: {}, notification_channel: 'nc' }),
    )
  },
  141: ({ sandbox, names }) => sandbox.change(names.get(cancelled) ?? '', { status: 'running' }),
  143: ({ sandbox, names }) =>
    sandbox.change(names.get(cancelled) ?? '', { status: 'succeeded', result: {} }),
  163: ({ sandbox, made }) => sandbox.change(made(162), { status: 'succeeded', result: {} }),
  164: async ({ sandbox, made, send }) => {
    sandbox.change(made(163), { status: 'failed', result: {} })
    const more = { user: 'alice', source_channel: '#ops', notification_route: 'hubot' }
    const id = idOf(await send(runDate(more)))
    sandbox.change(id, { status: 'timeout', result: {} })
  },
  178: ({ sandbox }) => sandbox.faults.clear(),
  180: ({ sandbox }) => sandbox.settled(),
})

/** The execution that the recorder cancelled while it ran. */
const cancelled = '6b02cd8b61debfc73bb9e2d7'

/** The two requests that ask for what ended in a stretch of time, by the times of the sandbox. */
const inOwnTime = (index: number, line: Recorded, step: Step): Recorded => {
  if (index !== 166 && index !== 167) return line
  const ends = step.sandbox.executions().map((one) => String(one.end_timestamp ?? ''))
    .filter((end) => end !== '')
  const [from, to] = index === 166 ? [ends[0], ends[1]] : [ends[2], '2100-01-01T00:00:00Z']
  const path = line.path.replace(/end_timestamp:[^&]*/, `end_timestamp:${from}..${to}`)
  return { ...line, path }
}

/** Replays everything in order and compares answer by answer. */
export const session = async (lines: readonly Recorded[]): Promise<readonly Comparison[]> => {
  const results: Comparison[] = []
  const names: Names = new Map()
  for (const [place, first] of starts.entries()) {
    const sandbox = await startSandbox({
      packs: [],
      user: 'bot',
      password: 'bot-pw',
      version: '3.10dev',
    })
    try {
      const part = lines.slice(first, starts[place + 1])
      results.push(...await replay(sandbox, lines, part, first, names))
    } finally {
      await sandbox.stop()
    }
  }
  return results
}

const tokenOf = async (sandbox: Sandbox): Promise<string> => {
  const response = await fetch(`${sandbox.authUrl}/v1/tokens`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa('bot:bot-pw')}` },
  })
  return (await response.json() as { token: string }).token
}

const replay = async (
  sandbox: Sandbox,
  lines: readonly Recorded[],
  part: readonly Recorded[],
  first: number,
  names: Names,
): Promise<readonly Comparison[]> => {
  const known = recordedAliases(lines)
  const stock = [...known.values()].filter((one) => one.pack !== 't')
  const answers = new Map<number, Answer>()
  // Executions stay where they are until the recording moves them.
  sandbox.faults.set({ freeze: true })
  sandbox.setAliases(stock)
  names.set('expired', await tokenOf(sandbox))
  sandbox.expireTokens()
  const token = await tokenOf(sandbox)
  const step: Step = {
    sandbox,
    names,
    token,
    made: (index) => idOf(answers.get(index) ?? { status: 0, headers: {}, body: {} }),
    send: (request) => send(sandbox, request as Recorded, names, token),
  }
  const events = between(stock, (ref) => known.get(ref) ?? {})

  const results: Comparison[] = []
  for (const [offset, line] of part.entries()) {
    const index = first + offset
    await events[index]?.(step)
    const answer = await step.send(inOwnTime(index, line, step))
    answers.set(index, answer)
    learn(line.response_body, answer.body, names)
    learnSecrets(line, answer, names)
    const expected = comparable({
      status: line.status,
      headers: line.response_headers,
      body: line.response_body,
    })
    const actual = comparable(answer)
    results.push({ index, agrees: Bun.deepEquals(actual, expected), actual, expected })
  }
  return results
}

const comparable = ({ status, headers, body }: Answer): unknown => ({
  status,
  total: headers['X-Total-Count'] ?? null,
  limit: headers['X-Limit'] ?? null,
  type: headers['Content-Type']?.split(';')[0] ?? null,
  tokenCookie: headers['Set-Cookie']?.startsWith('auth-token=') ?? false,
  apiUrl: headers['X-API-URL'] !== undefined && headers['X-API-URL'] !== null,
  body: steady(body),
})

const learnSecrets = (line: Recorded, answer: Answer, names: Names): void => {
  const recorded = (line.response_body ?? {}) as { token?: string; key?: string }
  const actual = (answer.body ?? {}) as { token?: string; key?: string }
  if (recorded.token && actual.token) names.set(recorded.token, actual.token)
  if (recorded.key && actual.key) names.set(recorded.key, actual.key).set('<key>', actual.key)
}
