import { expect, test } from 'bun:test'
import { RetryLater } from '../../../src/chat/adapter.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing } from './connect.ts'

for (const page of ['<html>Sign in to the guest network</html>', '', '{}', 'null']) {
  test(`an answer that is not Slack's (${page || 'empty'}) is no refusal of Slack's`, async () => {
    await using slack = await startFakeSlack()
    await using it = await connectTo(slack)
    await slack.reached(1)
    slack.fail('chat.postMessage', { page })
    const error = await it.connection.send(outgoing()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RetryLater)
    expect((error as RetryLater).message).not.toContain('<html>')
  })
}
