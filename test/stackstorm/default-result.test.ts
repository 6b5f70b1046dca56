// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { describe, expect, test } from 'bun:test'
import {
  type ExecutionForMessage,
  formatDefaultResult,
  humanTime,
} from '../../src/stackstorm/default-result.ts'
import { haveRecordings, recording } from '../recordings.ts'

type Rendering = {
  readonly label: string
  readonly execution?: ExecutionForMessage
  readonly execution_file?: string
  readonly message: string
}

const link = (id: string) => `https://localhost.localdomain/#/history/${id}/general`

const shell = (stdout: string) => ({
  failed: false,
  return_code: 0,
  stderr: '',
  stdout,
  succeeded: true,
})

/** Executions that the recording names by a file of the chatops pack, as far as the message shows them. */
const files: Readonly<Record<string, ExecutionForMessage>> = {
  'http_execution.json': {
    id: '579955f055fc8c2d33ac03e3',
    action: { ref: 'core.http' },
    runner: { name: 'http-request' },
    status: 'succeeded',
    web_url: link('579955f055fc8c2d33ac03e3'),
    result: {
      body: 'BLAH BLAH BLAH',
      headers: {
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Origin': '*',
        'Connection': 'keep-alive',
        'Content-Length': '12150',
        'Content-Type': 'text/html; charset=utf-8',
        'Date': 'Thu, 28 Jul 2016 00:51:25 GMT',
        'Server': 'nginx',
      },
      parsed: false,
      status_code: 200,
    },
  },
  'local_cmd_execution.json': {
    id: '5799522f55fc8c2d33ac03e0',
    action: { ref: 'core.local' },
    runner: { name: 'local-shell-cmd' },
    status: 'succeeded',
    web_url: link('57967f9355fc8c19a96d9e4f'),
    result: shell('Thu Jul 28 00:30:39 UTC 2016'),
  },
  'python_action_execution.json': {
    id: '5799572a55fc8c2d33ac03ec',
    action: { ref: 'examples.isprime' },
    runner: { name: 'python-script' },
    status: 'succeeded',
    web_url: link('5799572a55fc8c2d33ac03ec'),
    result: {
      exit_code: 0,
      result: true,
      stderr: 'st2.actions.python.PrimeCheckerAction: DEBUG    value=7\n',
      stdout: '',
    },
  },
  'remote_cmd_execution.json': {
    id: '57967f9355fc8c19a96d9e4f',
    action: { ref: 'core.remote' },
    runner: { name: 'remote-shell-cmd' },
    status: 'succeeded',
    web_url: link('57967f9355fc8c19a96d9e4f'),
    elapsed_seconds: 1.6,
    result: { localhost: shell('Mon Jul 25 21:07:32 UTC 2016') },
  },
}

const renderings: readonly Rendering[] = haveRecordings
  ? JSON.parse(recording('st2/default-results.json'))
  : []

describe('the default message', () => {
  test.skipIf(!haveRecordings)('has all of its recordings checked', () => {
    expect(renderings).toHaveLength(22)
  })

  for (const { label, execution, execution_file: file, message } of renderings) {
    test(`is the server’s: ${label}`, () => {
      const shown = execution ?? files[file?.split('/').at(-1) ?? '']
      expect(shown && formatDefaultResult(shown)).toBe(message)
    })
  }

  test('finds words for a cancelled remote command, on which the server fails', () => {
    const message = formatDefaultResult({
      id: '5f',
      action: { ref: 'core.remote' },
      runner: { name: 'remote-shell-cmd' },
      status: 'canceled',
      result: { message: 'Action canceled by user.', user: 'bot' },
    })
    expect(message).toContain(
      'result :\n--------\nmessage : Action canceled by user.\nuser : bot\n',
    )
  })
})

describe('a duration', () => {
  const durations: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [0.056, '0.056μs'],
    [0.00001, '1e-05μs'],
    [1, '1s'],
    [2.5, '2s'],
    [3.5, '4s'],
    [60, '1m0s'],
    [3600, '1h0m0s'],
    [90_061.5, '1d1h1m2s'],
  ]
  for (const [seconds, text] of durations) {
    test(`of ${seconds} is ${text}`, () => expect(humanTime(seconds)).toBe(text))
  }
})
