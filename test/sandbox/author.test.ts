import { describe, expect, test } from 'bun:test'
import { call, run, withSandbox } from './client.ts'

type Json = Readonly<Record<string, unknown>>

const alias = (more: Json): Json => ({
  name: 'go',
  pack: 't',
  action_ref: 'core.noop',
  formats: ['go'],
  ...more,
})

const withAlias = (more: Json) => ({ packs: [{ name: 't', aliases: [alias(more)] }] })

describe('what an alias author sees', () => {
  test('the acknowledgement, rendered', () =>
    withSandbox(
      withAlias({
        action_ref: 'core.local',
        formats: ['go {{cmd}}'],
        ack: {
          format: '{{ actionalias.ref }} runs {{ execution.parameters.cmd }}',
          extra: { slack: { text: '{{ message }}', n: 1 } },
        },
      }),
      async (sandbox) => {
        const { body } = await run(sandbox, 'go', 'go date', { format: 'go {{cmd}}' })
        expect(body.message).toBe('t.go runs date')
        expect(body.extra).toEqual({ slack: { text: 't.go runs date', n: 1 } })
      },
    ))

  test('neither message nor extra when there is none', () =>
    withSandbox(withAlias({}), async (sandbox) => {
      const { body } = await run(sandbox, 'go', 'go')
      expect(Object.keys(body)).toEqual(['execution', 'actionalias'])
    }))

  test('the server’s words for an undefined name, and a text in the place of extra', () =>
    withSandbox(
      withAlias({ ack: { format: '{{ x }}', extra: { slack: { color: '{{ y }}' } } } }),
      async (sandbox) => {
        const { status, body } = await run(sandbox, 'go', 'go')
        expect(status).toBe(201)
        expect(body.message).toBe(
          'Cannot render "format" in field "ack" for alias. \'x\' is undefined',
        )
        expect(body.extra).toBe(
          'Cannot render "extra" in field "ack" for alias. \'y\' is undefined',
        )
      },
    ))

  test('500 for a syntax error, although the execution runs', () =>
    withSandbox(withAlias({ ack: { format: '{{ x' } }), async (sandbox) => {
      const { status } = await run(sandbox, 'go', 'go')
      await sandbox.settled()
      expect(status).toBe(500)
      expect(sandbox.executions()[0]?.status).toBe('succeeded')
    }))

  test('immutable parameters, rendered; one that cannot be rendered schedules nothing', () =>
    withSandbox({
      packs: [{
        name: 't',
        aliases: [
          alias({
            action_ref: 'core.local',
            immutable_parameters: {
              cmd: 'echo {{ api_user }} in {{ source_channel }}',
              timeout: 3,
            },
          }),
          alias({ name: 'bad', formats: ['bad'], immutable_parameters: { cmd: '{{ nope }}' } }),
        ],
      }],
    }, async (sandbox) => {
      const { body } = await run(sandbox, 'go', 'go')
      expect((body.execution as Json).parameters).toEqual({
        cmd: 'echo alice in #ops',
        timeout: 3,
      })
      expect((await run(sandbox, 'bad', 'bad')).status).toBe(500)
      const actions = sandbox.executions().map(({ action }) => (action as Json).ref)
      expect(actions.filter((ref) => ref === 'core.local' || ref === 'core.noop')).toHaveLength(1)
    }))

  test('secret values masked everywhere', () =>
    withSandbox({
      packs: [{
        name: 't',
        aliases: [alias({ action_ref: 't.act', formats: ['go {{token}} {{name}}'] })],
        actions: [{
          name: 'act',
          runner_type: 'python-script',
          parameters: { token: { type: 'string', secret: true }, name: { type: 'string' } },
        }],
        fixtures: { act: { result: { result: 'for {{ parameters.name }}' } } },
      }],
    }, async (sandbox) => {
      const { body } = await run(sandbox, 'go', 'go s3cr3t me', {
        format: 'go {{token}} {{name}}',
      })
      await sandbox.settled()
      const { id } = body.execution as { id: string }
      const { body: execution } = await call(sandbox, 'GET', `/v1/executions/${id}`)
      expect(execution.result).toEqual({ result: 'for me' })
      expect(JSON.stringify([body, sandbox.executions()])).not.toContain('s3cr3t')
    }))

  test('the first line of what its action’s metadata forbids', () =>
    withSandbox({
      packs: [{
        name: 't',
        aliases: [alias({ action_ref: 't.act', formats: ['go {{env}}', 'go'] })],
        actions: [{
          name: 'act',
          runner_type: 'python-script',
          parameters: {
            env: { type: 'string', required: true, enum: ['a', 'b'] },
            fixed: { type: 'string', immutable: true, default: 'x' },
          },
        }],
      }],
    }, async (sandbox) => {
      const first = async (command: string, format: string) => {
        const { status, body } = await run(sandbox, 'go', command, { format })
        return [status, String(body.faultstring).split('\n')[0]]
      }
      expect(await first('go', 'go')).toEqual([400, "'env' is a required property"])
      expect(await first('go z', 'go {{env}}')).toEqual([400, "'z' is not one of ['a', 'b']"])
      expect(await first('go a x=1', 'go {{env}}')).toEqual([
        400,
        "Additional properties are not allowed ('x' was unexpected)",
      ])
      expect(await first('go a fixed=1', 'go {{env}}')).toEqual([
        400,
        "Override of immutable parameter(s) ['fixed'] is unsupported.",
      ])
      expect(sandbox.executions()).toEqual([])
    }))

  test('what to do about an action that the sandbox cannot run', () =>
    withSandbox(withAlias({ action_ref: 't.unknown' }), async (sandbox) => {
      await run(sandbox, 'go', 'go')
      await sandbox.settled()
      const [execution] = sandbox.executions()
      expect(execution?.status).toBe('failed')
      expect((execution?.result as Json).stderr).toContain('t/fixtures/unknown.yaml')
    }))

  test('two aliases of one name: only one can be reached', () =>
    withSandbox({
      packs: [
        { name: 'a', aliases: [{ name: 'same', action_ref: 'core.noop', formats: ['one'] }] },
        { name: 'b', aliases: [{ name: 'same', action_ref: 'core.noop', formats: ['two'] }] },
      ],
    }, async (sandbox) => {
      expect((await run(sandbox, 'same', 'one')).status).toBe(201)
      expect((await run(sandbox, 'same', 'two')).body.faultstring).toBe(
        'Format string "two" is not available on the alias "same"',
      )
    }))
})
