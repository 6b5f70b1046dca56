import type { BootedSystem } from './booted-system.ts'

/** The env file as the old template has it, filled in for a sandbox on this host. */
export const envFile = (key = 'not-yet-known'): string =>
  `export ST2_HOSTNAME="\${ST2_HOSTNAME:-localhost}"
export NODE_TLS_REJECT_UNAUTHORIZED="\${NODE_TLS_REJECT_UNAUTHORIZED:-0}"
export EXPRESS_PORT="\${EXPRESS_PORT:-8081}"
export HUBOT_LOG_LEVEL="\${HUBOT_LOG_LEVEL:-debug}"
export HUBOT_NAME="\${HUBOT_NAME:-hubot}"
export HUBOT_ALIAS="\${HUBOT_ALIAS:-!}"
export ST2_API_URL="\${ST2_API_URL:-http://\${ST2_HOSTNAME}:9101/api}"
export ST2_AUTH_URL="\${ST2_AUTH_URL:-http://\${ST2_HOSTNAME}:9101/auth}"
export ST2_STREAM_URL="\${ST2_STREAM_URL:-http://\${ST2_HOSTNAME}:9101/stream}"
export ST2_API_KEY="\${ST2_API_KEY:-${key}}"
export HUBOT_ADAPTER=shell
`

/** A StackStorm for the host. */
export const sandboxUnit = `[Service]
ExecStart=/usr/bin/st2chatops sandbox --port 9101
`

/** The API key that the sandbox has printed; undefined before. */
export const readKey = async (system: BootedSystem): Promise<string | undefined> =>
  /^export ST2_API_KEY=(.+)$/m.exec(await system.ok('journalctl --unit=sandbox --output=cat'))?.[1]

const oldBot = `#!/bin/sh
. /opt/stackstorm/chatops/st2chatops.env
echo "the old bot: $HUBOT_NAME"
exec sleep infinity
`

/** What the package for Debian had, but for the bot itself. */
const oldUnit = `[Unit]
Description=StackStorm service st2chatops
After=network.target

[Service]
Type=simple
User=st2
Group=st2
EnvironmentFile=-/etc/default/st2chatops
WorkingDirectory=/opt/stackstorm/chatops
ExecStart=/opt/stackstorm/chatops/bin/hubot
TimeoutSec=60
PrivateTmp=true
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`

/** Leaves the host as the old package has it: its user, its files, its unit enabled and running. */
export const installOldPackage = async (system: BootedSystem): Promise<void> => {
  await system.ok(
    'useradd --system --user-group --no-create-home st2 && ' +
      'mkdir -p /opt/stackstorm/chatops/bin /etc/default && ' +
      'echo NO_PROXY=localhost >/etc/default/st2chatops',
  )
  await system.put('/opt/stackstorm/chatops/bin/hubot', oldBot)
  await system.put('/opt/stackstorm/chatops/st2chatops.env', envFile())
  await system.put('/usr/lib/systemd/system/st2chatops.service', oldUnit)
  await system.ok(
    'chmod 755 /opt/stackstorm/chatops/bin/hubot && systemctl daemon-reload && ' +
      'systemctl enable --now st2chatops',
  )
}
